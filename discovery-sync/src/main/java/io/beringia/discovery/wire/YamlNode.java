package io.beringia.discovery.wire;

import java.util.List;
import java.util.Map;

/** A piece of a YAML document and the line, from 1, on which it starts. Scalars are text: their reader knows the type. */
sealed interface YamlNode {
    int line();

    /** A key without a value. */
    record Nothing(int line) implements YamlNode {}

    record Text(String text, int line) implements YamlNode {}

    record Items(List<YamlNode> items, int line) implements YamlNode {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Keys in the order of the file. */
    record Entries(Map<String, Entry> entries, int line) implements YamlNode {}

    /** A value and the line of its key. */
    record Entry(int line, YamlNode value) {}
}
