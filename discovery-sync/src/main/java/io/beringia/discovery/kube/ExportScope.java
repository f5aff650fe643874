package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which clusters may have a service: annotation {@code beringia.io/export-to}, a comma list of cluster names,
 * {@code prefix*}, {@code *} or {@code none}. It can only narrow what policy allows.
 */
public sealed interface ExportScope {
    boolean admits(ClusterId cluster);

    /** No annotation, or {@code *}: whatever policy allows. */
    record Everyone() implements ExportScope {
        @Override
        public boolean admits(ClusterId cluster) {
            return true;
        }
    }

    /** Names, and prefixes that end in {@code *}. Empty admits nobody. */
    record Only(List<String> patterns) implements ExportScope {
        public Only {
            patterns = List.copyOf(patterns);
        }

        @Override
        public boolean admits(ClusterId cluster) {
            return patterns.stream().anyMatch(pattern -> matches(pattern, cluster.name()));
        }

        private static boolean matches(String pattern, String name) {
            return pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern);
        }
    }

    /** Where two annotations are about one service, both must admit. */
    record Both(ExportScope one, ExportScope other) implements ExportScope {
        @Override
        public boolean admits(ClusterId cluster) {
            return one.admits(cluster) && other.admits(cluster);
        }
    }

    /** Fails closed: what cannot be a name of a cluster admits nobody, and {@code none} wins over whatever else is said. */
    static ExportScope parse(String annotation) {
        List<String> entries = Arrays.stream(annotation.split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
        if (entries.contains("none")) {
            return new Only(List.of());
        }
        return entries.contains("*")
                ? new Everyone()
                : new Only(entries.stream().filter(ExportScope::isPattern).toList());
    }

    private static boolean isPattern(String entry) {
        String name = entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : entry;
        return !name.contains("*") && name.equals(name.toLowerCase(Locale.ROOT));
    }
}
