package io.beringia.discovery.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that end with us. */
@Tag("kube")
final class GuardedProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @Test
    void one_that_loses_us_is_killed_also_while_it_stands_still() throws Exception {
        try (GuardedProcess process = start("exec sleep 600")) {
            process.freeze();
            assertThat(process.isAlive()).as("stands still").isTrue();

            process.losesUs();

            await().atMost(PATIENCE).until(() -> !process.isAlive());
        }
    }

    @Test
    void one_that_ends_before_it_is_ready_is_told_with_its_last_words() {
        try (GuardedProcess process = start("echo no such flag >&2")) {
            assertThatThrownBy(() -> Readiness.await(process, () -> Optional.of("no answer")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("no answer", "it has ended", "no such flag");
        }
    }

    private GuardedProcess start(String script) {
        return GuardedProcess.start("program", List.of("sh", "-c", script), directory.resolve("log"));
    }
}
