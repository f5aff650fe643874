package io.beringia.scenarios.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.failover.console.RunningDrill;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NoticeTest {
    private static final Instant NOW = Instant.parse("2026-03-01T03:12:40Z");

    @TempDir
    private Path folder;

    @Test
    void a_console_reads_what_a_drill_does_while_it_does_it() throws Exception {
        Path file = folder.resolve("drill.json");
        try (Notice notice = Notice.post(folder, "black-hole", "nobody notices", InstantSource.fixed(NOW))) {
            assertThat(RunningDrill.read(file))
                    .contains(new RunningDrill("black-hole", "nobody notices", "warming up", "", NOW.toString()));
            Story story = new Story(new Timeline(), System.nanoTime(), notice);
            story.during(new Story.Chapter("lost", Set.of()), () -> {
                story.fault("link drop us-east <> *", () -> {});
                assertThat(RunningDrill.read(file))
                        .contains(new RunningDrill(
                                "black-hole", "nobody notices", "lost", "link drop us-east <> *", NOW.toString()));
            });
        }
        assertThat(RunningDrill.read(file)).as("at its end").isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
