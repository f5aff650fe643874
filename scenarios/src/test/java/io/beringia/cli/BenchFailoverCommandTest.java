package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class BenchFailoverCommandTest {
    @TempDir
    private Path directory;

    @Test
    void a_run_leaves_its_results_and_nothing_else() throws Exception {
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new BenchFailoverCommand())
                .setOut(new PrintWriter(out))
                .execute("--dir", directory.toString(), "--only", "nothing", "--quick");

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("stale-epoch writes accepted");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("bench-failover.txt", "bench-failover.json");
        }
    }
}
