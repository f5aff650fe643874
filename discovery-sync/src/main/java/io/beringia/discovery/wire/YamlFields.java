package io.beringia.discovery.wire;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One mapping of a file while it is read. Every key that was asked for is known, every other one is refused by
 * {@link #read}; whatever is wrong becomes one line among the problems and reading goes on with a stand-in, so that
 * all problems are found at once. Owned by the thread that reads.
 */
public final class YamlFields {
    /** A name further away than this was not meant, nor one of which more than half differs. */
    private static final int TYPO_EDITS_MAX = 4;

    private static final String UNKNOWN = "unknown key";

    private final String path;
    private final Map<String, YamlNode.Entry> entries;
    private final int line;
    private final List<String> problems;
    private final TreeSet<String> known = new TreeSet<>();

    private YamlFields(String path, Map<String, YamlNode.Entry> entries, int line, List<String> problems) {
        this.path = path;
        this.entries = entries;
        this.line = line;
        this.problems = problems;
    }

    /**
     * Any thread. Reads one document whose root is a mapping.
     *
     * @param what the document is, for the refusal
     * @throws YamlRefused with everything that is wrong with it
     */
    public static <T> T document(String what, String text, Function<YamlFields, T> reader) {
        List<String> problems = new ArrayList<>();
        Optional<YamlNode> root = YamlDocument.parse(text, problems);
        if (!problems.isEmpty()) {
            throw new YamlRefused(what, problems);
        }
        Optional<T> value =
                of("", root.orElse(new YamlNode.Nothing(1)), problems).flatMap(fields -> fields.readRoot(reader));
        if (value.isEmpty() || !problems.isEmpty()) {
            throw new YamlRefused(what, problems);
        }
        return value.get();
    }

    /** A value as {@code 90s}, {@code 10m}, {@code 24h}, or as ISO 8601 has it. */
    public static Duration duration(String text) {
        try {
            return Duration.parse(text.startsWith("P") ? text : "PT" + text);
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: a duration as 90s, 10m, 24h)", wrong);
        }
    }

    /** The mapping at a place of the file; a problem, and nothing, where something else stands there. */
    static Optional<YamlFields> of(String place, YamlNode node, List<String> problems) {
        String path = place.isEmpty() ? "" : place + ".";
        return switch (node) {
            case YamlNode.Entries found -> Optional.of(new YamlFields(path, found.entries(), found.line(), problems));
            case YamlNode.Nothing nothing -> Optional.of(new YamlFields(path, Map.of(), nothing.line(), problems));
            case YamlNode.Items items -> none(place, items.line(), "a list", problems);
            case YamlNode.Text text -> none(place, text.line(), "\"" + text.text() + "\"", problems);
        };
    }

    private static Optional<YamlFields> none(String place, int line, String found, List<String> problems) {
        String where = place.isEmpty() ? "the file" : place;
        problems.add("line " + line + ": " + where + ": " + found + " (expected: a mapping)");
        return Optional.empty();
    }

    /** Reads this mapping and refuses what nobody asked for. */
    <T> T read(Function<YamlFields, T> reader) {
        try {
            return reader.apply(this);
        } finally {
            refuseUnknown();
        }
    }

    /** What the constructor of the whole refuses is a problem too, unless it may have seen a stand-in. */
    private <T> Optional<T> readRoot(Function<YamlFields, T> reader) {
        try {
            return Optional.of(read(reader));
        } catch (IllegalArgumentException refused) {
            if (problems.stream().allMatch(other -> other.contains(UNKNOWN))) {
                problems.add(String.valueOf(refused.getMessage()));
            }
            return Optional.empty();
        }
    }

    /** The scalar under a key, parsed; the stand-in, and a problem, where it is missing or cannot be parsed. */
    public <T> T required(String key, T standIn, Function<String, T> parser) {
        if (find(key).isEmpty()) {
            problem(line, key, "missing (expected: a value)");
            return standIn;
        }
        return optional(key, standIn, parser);
    }

    /** The scalar under a key, parsed; the default where the key is absent. */
    public <T> T optional(String key, T absent, Function<String, T> parser) {
        return find(key).map(node -> scalar(key, node, absent, parser)).orElse(absent);
    }

    public <T> Optional<T> maybe(String key, Function<String, T> parser) {
        return optional(key, Optional.empty(), text -> Optional.of(parser.apply(text)));
    }

    public <T> List<T> list(String key, Function<String, T> parser) {
        return present(listOfNodes(
                key,
                (at, item) -> root().scalar(at, item, Optional.<T>empty(), text -> Optional.of(parser.apply(text)))));
    }

    /** A list of mappings. What the constructor of a value refuses is a problem of that mapping. */
    public <T> List<T> listOf(String key, Function<YamlFields, T> reader) {
        return present(listOfNodes(key, (at, item) -> root().one(at, item, reader)));
    }

    private static <T> List<T> present(List<Optional<T>> found) {
        return found.stream().flatMap(Optional::stream).toList();
    }

    /** For places that already carry their whole path. */
    private YamlFields root() {
        return new YamlFields("", Map.of(), line, problems);
    }

    /** A list whose items are no mappings. */
    <T> List<T> listOfNodes(String key, NodeReader<T> reader) {
        return find(key).map(node -> items(path + key, node, problems, reader)).orElse(List.of());
    }

    /** The items of a list, each read with its place in the file. */
    static <T> List<T> items(String path, YamlNode node, List<String> problems, NodeReader<T> reader) {
        List<T> values = new ArrayList<>();
        if (node instanceof YamlNode.Items list) {
            for (int i = 0; i < list.items().size(); i++) {
                values.add(reader.read(path + "[" + i + "]", list.items().get(i)));
            }
        } else {
            problems.add("line " + node.line() + ": " + path + ": no list (expected: a list)");
        }
        return values;
    }

    public <T> Optional<T> maybeOf(String key, Function<YamlFields, T> reader) {
        return find(key).flatMap(node -> one(key, node, reader));
    }

    /** The same; nothing, and a problem, where it is missing. */
    public <T> Optional<T> requiredOf(String key, Function<YamlFields, T> reader) {
        if (find(key).isEmpty()) {
            problem(line, key, "missing (expected: a mapping)");
        }
        return maybeOf(key, reader);
    }

    /** Throws {@link IllegalArgumentException} where both keys are there, or none. */
    public void exactlyOne(String one, String other) {
        boolean isThere = find(one).isPresent();
        if (isThere == find(other).isPresent()) {
            throw new IllegalArgumentException((isThere ? one + " and " + other : "neither " + one + " nor " + other)
                    + " (expected: one of them)");
        }
    }

    /** A mapping whose keys are data, to mappings. */
    public <K, V> Map<K, V> mapOf(String key, Function<String, K> keyParser, Function<YamlFields, V> reader) {
        Map<K, V> values = new LinkedHashMap<>();
        find(key)
                .flatMap(node -> of(path + key, node, problems))
                .ifPresent(inner -> inner.entries.forEach((name, entry) -> inner.key(name, entry, keyParser)
                        .ifPresent(parsed ->
                                inner.one(name, entry.value(), reader).ifPresent(value -> values.put(parsed, value)))));
        return values;
    }

    /** This mapping itself: every key is data, every value a scalar, and nothing is unknown. */
    public <K, V> Map<K, V> pairs(Function<String, K> keyParser, Function<String, V> valueParser) {
        Map<K, V> values = new LinkedHashMap<>();
        known.addAll(entries.keySet());
        entries.forEach((name, entry) -> key(name, entry, keyParser)
                .ifPresent(key -> scalar(
                                name, entry.value(), Optional.<V>empty(), text -> Optional.of(valueParser.apply(text)))
                        .ifPresent(value -> values.put(key, value))));
        return values;
    }

    private <K> Optional<K> key(String name, YamlNode.Entry entry, Function<String, K> parser) {
        return guarded(entry.line(), name, Optional.<K>empty(), () -> Optional.of(parser.apply(name)));
    }

    private <T> T guarded(int at, String key, T standIn, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            problem(at, key, String.valueOf(refused.getMessage()));
            return standIn;
        }
    }

    private Optional<YamlNode> find(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key))
                .map(YamlNode.Entry::value)
                .filter(value -> !(value instanceof YamlNode.Nothing));
    }

    private <T> T scalar(String key, YamlNode node, T standIn, Function<String, T> parser) {
        if (node instanceof YamlNode.Text text) {
            return guarded(text.line(), key, standIn, () -> parser.apply(text.text()));
        }
        problem(
                node.line(),
                key,
                "a " + (node instanceof YamlNode.Items ? "list" : "mapping") + " (expected: one value)");
        return standIn;
    }

    private <T> Optional<T> one(String key, YamlNode node, Function<YamlFields, T> reader) {
        return guarded(
                node.line(),
                key,
                Optional.<T>empty(),
                () -> of(path + key, node, problems).map(inner -> inner.read(reader)));
    }

    private void problem(int at, String key, String what) {
        problems.add("line " + at + ": " + path + key + ": " + what);
    }

    /** Refuses every key that was never asked for. */
    private void refuseUnknown() {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                problem(entry.line(), key, UNKNOWN + nearest(key));
            }
        });
    }

    private String nearest(String key) {
        return known.stream()
                .min((a, b) -> Integer.compare(edits(a, key), edits(b, key)))
                .filter(best -> edits(best, key) <= Math.min(TYPO_EDITS_MAX, (key.length() + 1) / 2))
                .map(best -> " (did you mean " + best + "?)")
                .orElse(" (expected: one of " + String.join(", ", known) + ")");
    }

    /** Levenshtein distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** Reads an item that is no mapping. */
    interface NodeReader<T> {
        T read(String path, YamlNode node);
    }
}
