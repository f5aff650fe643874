package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one it guards is a {@code cat}. */
final class WatchdogTest {
    private final Process cat = started();

    private final PipedWriter runner = new PipedWriter();
    private final CompletableFuture<Integer> removed = watched();

    @AfterEach
    void end() throws Exception {
        runner.close();
        removed.join();
        cat.destroyForcibly().waitFor();
    }

    @Test
    void what_is_frozen_goes_on_when_its_time_is_over() throws Exception {
        Signal.STOP.sendTo(cat.toHandle());
        await().until(() -> state().equals("T"));
        say("guard-for 1 frozen " + pidAndStart());
        await().until(() -> state().equals("S"));
    }

    @Test
    void what_is_frozen_stays_so_until_then() throws Exception {
        Signal.STOP.sendTo(cat.toHandle());
        await().until(() -> state().equals("T"));
        say("guard-for 600000 frozen " + pidAndStart());
        say("guard-for 1 frozen " + cat.pid() + " 0");
        assertThat(state()).isEqualTo("T");
        runner.close();
        assertThat(removed.join()).as("at the end of its runner").isEqualTo(1);
        await().until(() -> state().equals("S"));
    }

    @Test
    void what_was_released_is_left_alone() throws Exception {
        say("guard child " + pidAndStart());
        say("release child " + pidAndStart());
        runner.close();
        assertThat(removed.join()).isZero();
        assertThat(cat.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "guard",
                "guard child",
                "guard child x y",
                "guard namespace -all",
                "guard namespace ../x",
                "guard-for table x",
                "guard-for 99999999999 table x",
                "nonsense",
                ""
            })
    void a_line_that_means_nothing_guards_nothing(String line) throws Exception {
        say(line);
        runner.close();
        assertThat(removed.join()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"child 12 1700000000000", "frozen 12 1700000000000", "namespace bz12-hub", "table fault_0"})
    void every_residue_is_read_as_it_is_written(String line) {
        assertThat(Residue.parse(line)).hasToString("Optional[" + line + "]");
    }

    private void say(String line) throws IOException {
        runner.write(line + "\n");
        runner.flush();
    }

    private String pidAndStart() {
        return cat.pid() + " " + cat.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }

    /** As proc(5) has it: T is stopped. */
    private String state() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + cat.pid() + "/stat"));
        return stat.substring(stat.indexOf(") ") + 2, stat.indexOf(") ") + 3);
    }

    private CompletableFuture<Integer> watched() {
        try {
            BufferedReader lines = new BufferedReader(new PipedReader(runner));
            return CompletableFuture.supplyAsync(() -> guard(lines));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int guard(BufferedReader lines) {
        try {
            return Watchdog.guard(lines);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Process started() {
        try {
            return new ProcessBuilder(List.of("cat")).start();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
