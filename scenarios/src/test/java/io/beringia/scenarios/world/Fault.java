package io.beringia.scenarios.world;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One fault of the table of all that are to be survived.
 *
 * @param shownBy a scenario, or tests elsewhere, or what is not built yet
 */
record Fault(int row, String text, String shownBy) {
    static final int ROWS = 56;

    /** Those that no scenario plays. */
    static List<Fault> elsewhere() throws IOException {
        try (InputStream in = Objects.requireNonNull(Fault.class.getResourceAsStream("elsewhere.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Fault::parse)
                    .toList();
        }
    }

    private static Fault parse(String line) {
        String[] cells = line.split("\\s*\\|\\s*", -1);
        return new Fault(Integer.parseInt(cells[0]), cells[1], cells[2]);
    }
}
