package io.beringia.failover.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunningDrillTest {
    @TempDir
    private Path folder;

    @Test
    void a_drill_runs_while_its_file_stands_there() throws IOException {
        assertThat(RunningDrill.read(folder.resolve("drill.json"))).isEmpty();
        assertThat(RunningDrill.read(Files.writeString(folder.resolve("drill.json"), """
                        {"drill": "black-hole", "hypothesis": "h", "chapter": "lost", "fault": "f", "since": "s"}""")))
                .contains(new RunningDrill("black-hole", "h", "lost", "f", "s"));
    }

    @Test
    void a_file_that_cannot_be_read_is_shown_and_harms_nobody() throws IOException {
        assertThat(RunningDrill.read(Files.writeString(folder.resolve("text"), "no json")))
                .hasValueSatisfying(
                        drill -> assertThat(drill.hypothesis()).isEqualTo("its file cannot be read: no JSON"));
        assertThat(RunningDrill.read(Files.writeString(folder.resolve("large"), "[" + " ".repeat(1 << 20) + "]")))
                .hasValueSatisfying(drill ->
                        assertThat(drill.hypothesis()).isEqualTo("its file cannot be read: larger than 16384 bytes"));
        assertThat(RunningDrill.read(folder))
                .hasValueSatisfying(drill -> assertThat(drill.hypothesis()).startsWith("its file cannot be read: "));
    }
}
