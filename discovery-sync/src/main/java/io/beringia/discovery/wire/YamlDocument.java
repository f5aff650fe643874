package io.beringia.discovery.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads one YAML document into {@link YamlNode}s. No aliases, no second document, no key twice. */
final class YamlDocument {
    private final JsonParser parser;
    private final List<String> problems;

    private YamlDocument(JsonParser parser, List<String> problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The root, or nothing where the text is empty or no YAML; what is wrong is added to the problems. */
    static Optional<YamlNode> parse(String text, List<String> problems) {
        try (JsonParser parser = new YAMLMapper().createParser(text)) {
            return new YamlDocument(parser, problems).root();
        } catch (JacksonException broken) {
            int line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
            problems.add("line " + line + ": "
                    + broken.getOriginalMessage().lines().findFirst().orElse("not YAML"));
            return Optional.empty();
        }
    }

    private Optional<YamlNode> root() {
        if (parser.nextToken() == null) {
            return Optional.empty();
        }
        YamlNode root = node();
        if (parser.nextToken() != null) {
            problems.add("line " + line() + ": a second document (expected: one)");
        }
        return Optional.of(root);
    }

    private YamlNode node() {
        int line = line();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return entries(line);
        }
        if (token == JsonToken.START_ARRAY) {
            return items(line);
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            problems.add("line " + line + ": *" + parser.getString() + " (expected: no aliases)");
        }
        return token == JsonToken.VALUE_NULL ? new YamlNode.Nothing(line) : new YamlNode.Text(parser.getString(), line);
    }

    private YamlNode entries(int start) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            int line = line();
            parser.nextToken();
            if (entries.put(key, new YamlNode.Entry(line, node())) != null) {
                problems.add("line " + line + ": " + key + " (expected: once)");
            }
        }
        return new YamlNode.Entries(entries, start);
    }

    private YamlNode items(int start) {
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node());
        }
        return new YamlNode.Items(items, start);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
