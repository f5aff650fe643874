package io.beringia.scenarios.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SummaryTest {
    @TempDir
    private Path directory;

    @Test
    void each_verdict_is_a_row_with_times_from_its_fault() throws Exception {
        Files.writeString(
                Files.createDirectories(directory.resolve("run-1/black-hole")).resolve(VerdictFiles.JSON), """
                {"drill": "black-hole", "outcome": "SUCCEEDED", "faultAt": 4000, "downAt": 5600, "committedAt": 7100,
                 "shiftMs": 0, "newConn": {"total": 812, "failed": 0}}
                """);
        VerdictFiles.write(
                Verdict.unfinished("flapping", "its runner ended"),
                List.of(),
                Files.createDirectories(directory.resolve("run-1/flapping")));
        assertThat(Summary.below(directory).table().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "DRILL VERDICT NEW CONN FAILED DOWN EVACUATED LAST ERROR",
                        "black-hole SUCCEEDED 812 0 1600 3100 0",
                        "flapping INTERRUPTED 0 0 - - 0");
    }

    @Test
    void what_is_no_verdict_is_named() throws IOException {
        Path file = directory.resolve(VerdictFiles.JSON);
        Files.writeString(file, "{");
        assertThatThrownBy(() -> Summary.below(directory))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageEndingWith(" (expected: a verdict)");
    }
}
