package io.beringia.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * One mapping of a configuration file, read key by key. Every key that is asked for is known; whatever else stands in
 * the file is a problem, with the nearest known name. Problems are collected, not thrown: {@link #close} of the root
 * knows them all. Owned by the thread that reads the file.
 */
final class ConfigSection {
    private static final int NEAR_ENOUGH_EDITS = 3;

    private final String path;
    private final JsonNode node;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, ConfigSection> children = new HashMap<>();

    private ConfigSection(String path, JsonNode node, List<String> problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
    }

    static ConfigSection root(JsonNode node, List<String> problems) {
        return new ConfigSection("", node, problems);
    }

    /** A required text, parsed; {@code otherwise} stands in where it is missing or wrong, so that reading goes on. */
    <T> T required(String key, Function<String, T> parse, T otherwise) {
        known.add(key);
        if (!node.has(key)) {
            problems.add(at(key) + ": missing (expected: a value)");
            return otherwise;
        }
        return parsed(key, parse).orElse(otherwise);
    }

    /** A text that may be left out. */
    <T> T optional(String key, Function<String, T> parse, T otherwise) {
        known.add(key);
        return node.has(key) ? parsed(key, parse).orElse(otherwise) : otherwise;
    }

    <T> Optional<T> optional(String key, Function<String, T> parse) {
        known.add(key);
        return node.has(key) ? parsed(key, parse) : Optional.empty();
    }

    boolean flag(String key) {
        return optional(key, ConfigSection::flagOf, false);
    }

    /** A mapping below this one, if it is there. */
    Optional<ConfigSection> section(String key) {
        known.add(key);
        if (!node.has(key)) {
            return Optional.empty();
        }
        if (!node.get(key).isObject()) {
            problems.add(at(key) + ": " + node.get(key) + " (expected: a mapping)");
            return Optional.empty();
        }
        return Optional.of(
                children.computeIfAbsent(key, name -> new ConfigSection(at(name), node.get(name), problems)));
    }

    /** The texts of a mapping from names to texts, which may be left out. */
    Map<String, String> texts(String key) {
        Map<String, String> texts = new HashMap<>();
        section(key)
                .ifPresent(below -> below.node
                        .propertyNames()
                        .forEach(name -> texts.put(name, below.required(name, Function.identity(), ""))));
        return Map.copyOf(texts);
    }

    /** Reports every key that nobody asked for, here and below. */
    void close() {
        node.propertyNames().stream().filter(key -> !known.contains(key)).forEach(this::unknown);
        children.values().forEach(ConfigSection::close);
    }

    void problem(String key, String text) {
        problems.add(at(key) + ": " + text);
    }

    /** {@code 5s}, {@code 250ms}, {@code 10m} or ISO 8601. */
    static Duration duration(String text) {
        try {
            return Duration.parse(
                    text.startsWith("P") ? text : text.endsWith("ms") ? "PT" + millis(text) + "S" : "PT" + text);
        } catch (DateTimeParseException | NumberFormatException wrong) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" (expected: a duration as 250ms, 5s, 10m or PT5S)", wrong);
        }
    }

    private static String millis(String text) {
        long millis = Long.parseLong(text.substring(0, text.length() - 2));
        return millis / 1_000 + "." + String.format("%03d", millis % 1_000);
    }

    private static boolean flagOf(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" (expected: true or false)");
        };
    }

    private <T> Optional<T> parsed(String key, Function<String, T> parse) {
        JsonNode value = node.get(key);
        if (!value.isValueNode() || value.isNull()) {
            problems.add(at(key) + ": " + value + " (expected: one value)");
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(value.asString()));
        } catch (IllegalArgumentException wrong) {
            problems.add(at(key) + ": " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private void unknown(String key) {
        String hint = known.stream()
                .min(Comparator.comparingInt(name -> edits(key, name)))
                .filter(name -> edits(key, name) <= NEAR_ENOUGH_EDITS)
                .map(name -> "did you mean " + name + "?")
                .orElse("known here: " + String.join(", ", known));
        problems.add(at(key) + ": unknown key (" + hint + ")");
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
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
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], diagonal));
            }
        }
        return row[b.length()];
    }
}
