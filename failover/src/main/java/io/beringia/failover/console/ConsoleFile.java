package io.beringia.failover.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A file of the page, as it lies in our jar: no build, and nothing of others. */
record ConsoleFile(String type, String text) {
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** All there are, by the path at which they are asked for. */
    static Map<String, ConsoleFile> all() {
        return Stream.of(
                        Map.entry("/", read("index.html", "text/html; charset=utf-8")),
                        Map.entry("/console.css", read("console.css", "text/css; charset=utf-8")),
                        Map.entry("/icon.svg", read("icon.svg", "image/svg+xml")),
                        Map.entry("/console.js", read("console.js", SCRIPT)),
                        Map.entry("/elements.js", read("elements.js", SCRIPT)),
                        Map.entry("/map.js", read("map.js", SCRIPT)),
                        Map.entry("/sections.js", read("sections.js", SCRIPT)))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static ConsoleFile read(String name, String type) {
        try (InputStream in = ConsoleFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("console: " + name + " is missing from the distribution");
            }
            return new ConsoleFile(type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException("console: " + name + " cannot be read from the distribution", broken);
        }
    }
}
