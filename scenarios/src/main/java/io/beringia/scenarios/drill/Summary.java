package io.beringia.scenarios.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What many drills came to, a row each, from the verdicts that stand below a directory.
 *
 * @param verdicts as {@link VerdictJson} wrote them
 */
public record Summary(List<JsonNode> verdicts) {
    /** Runs, their drills, and the files of these. */
    private static final int DEPTH = 3;

    public Summary {
        verdicts = List.copyOf(verdicts);
    }

    /** Throws {@link IOException} naming the file that is no verdict. */
    public static Summary below(Path directory) throws IOException {
        List<JsonNode> verdicts = new ArrayList<>();
        try (Stream<Path> files = Files.find(directory, DEPTH, (path, is) -> path.endsWith(VerdictFiles.JSON))) {
            for (Path file : files.sorted().toList()) {
                verdicts.add(read(file));
            }
        }
        return new Summary(verdicts);
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException broken) {
            throw new IOException(file + ": " + broken.getOriginalMessage() + " (expected: a verdict)", broken);
        }
    }

    /** For a terminal; times in milliseconds from the fault. */
    public String table() {
        StringBuilder table =
                new StringBuilder(row("DRILL", "VERDICT", "NEW CONN", "FAILED", "DOWN", "EVACUATED", "LAST ERROR"));
        for (JsonNode verdict : verdicts) {
            table.append(row(
                    verdict.path("drill").asString(""),
                    verdict.path("outcome").asString(""),
                    verdict.path("newConn").path("total"),
                    verdict.path("newConn").path("failed"),
                    sinceFault(verdict, "downAt"),
                    sinceFault(verdict, "committedAt"),
                    verdict.path("shiftMs")));
        }
        return table.toString();
    }

    private static String sinceFault(JsonNode verdict, String at) {
        return verdict.has(at) && verdict.has("faultAt")
                ? Long.toString(
                        verdict.path(at).asLong() - verdict.path("faultAt").asLong())
                : "-";
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-26s %-12s %9s %8s %8s %10s %11s%n", cells);
    }
}
