package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of metrics, against the classes that name them. */
final class DiscoveryReadmeTest {
    private static final Pattern NAMED = Pattern.compile("\"(discovery\\.[a-z.]+)\"");
    private static final Pattern LISTED = Pattern.compile("`(discovery\\.[a-z.]+[a-z])");

    @Test
    void every_meter_stands_in_the_readme_and_no_other() throws IOException {
        assertThat(all(LISTED, table())).as("the table").isNotEmpty().isEqualTo(all(NAMED, sources()));
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static String table() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        return readme.substring(readme.indexOf("## Metrics"), readme.indexOf("## Run it alone"));
    }

    private static String sources() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : telemetryClasses()) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }

    private static List<Path> telemetryClasses() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith("Telemetry.java"))
                    .toList();
        }
    }
}
