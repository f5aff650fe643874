package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children are {@code cat}: it lives as long as the pipe on its input. */
final class ChildProcessesTest {
    private static final List<String> CAT = List.of("cat");

    @TempDir
    private Path logs;

    /** The watchdog as its own process, as a run starts it. */
    public static void main(String[] args) throws IOException {
        System.out.println("killed "
                + Watchdog.guard(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))));
    }

    @Test
    void a_child_ends_when_its_pipe_closes() throws Exception {
        ChildProcesses children = ChildProcesses.guardedBy(watchdog(), logs);
        children.start("echo", CAT);
        assertThat(children.isRunning("echo")).isTrue();
        children.close();
        assertThat(children.isRunning("echo")).isFalse();
    }

    @Test
    void one_child_ends_by_itself_and_the_others_go_on() throws Exception {
        try (ChildProcesses children = ChildProcesses.guardedBy(watchdog(), logs)) {
            children.start("echo", CAT);
            children.start("other", CAT);
            assertThat(children.end("echo", Duration.ofSeconds(30))).isTrue();
            assertThat(children.names()).containsExactly("other");
            assertThat(children.isRunning("other")).isTrue();
        }
    }

    @Test
    void a_child_that_does_not_end_in_time_is_killed() throws Exception {
        try (ChildProcesses children = ChildProcesses.guardedBy(watchdog(), logs)) {
            children.start("echo", CAT);
            children.send("echo", Signal.STOP);
            assertThat(children.end("echo", Duration.ofMillis(1))).isFalse();
            assertThat(children.names()).isEmpty();
        }
    }

    @Test
    void a_frozen_child_ends_too() throws Exception {
        ChildProcesses children = ChildProcesses.guardedBy(watchdog(), logs);
        children.start("echo", CAT);
        assertThat(children.send("echo", Signal.STOP)).isTrue();
        children.close();
        assertThat(children.isRunning("echo")).isFalse();
    }

    @Test
    void the_watchdog_kills_a_frozen_child_of_a_runner_that_is_gone() throws Exception {
        Process orphan = new ProcessBuilder(CAT).start();
        Signal.STOP.sendTo(orphan.toHandle());
        Process watchdog = new ProcessBuilder(watchdog()).start();
        watchdog.outputWriter().write("guard " + Residue.Child.of(orphan.toHandle()) + "\n");
        watchdog.outputWriter().close();
        await().until(() -> !orphan.isAlive());
        assertThat(watchdog.inputReader().readLine()).isEqualTo("killed 1");
    }

    @Test
    void a_pid_that_means_another_process_by_now_is_left_alone() throws Exception {
        Process stranger = new ProcessBuilder(CAT).start();
        Residue.Child earlier = new Residue.Child(stranger.pid(), Instant.EPOCH);
        assertThat(Watchdog.guard(new BufferedReader(new StringReader("guard " + earlier + "\n"))))
                .isZero();
        assertThat(stranger.isAlive()).isTrue();
        stranger.destroyForcibly().waitFor();
    }

    @Test
    void output_of_a_child_is_in_its_log() throws Exception {
        try (ChildProcesses children = ChildProcesses.guardedBy(watchdog(), logs)) {
            children.start("hello", List.of("echo", "hello"));
            await().until(() -> Files.readString(children.log("hello")).equals("hello\n"));
        }
    }

    @Test
    void a_name_nobody_has_is_refused() throws Exception {
        try (ChildProcesses children = ChildProcesses.guardedBy(watchdog(), logs)) {
            assertThatThrownBy(() -> children.send("nobody", Signal.TERM))
                    .hasMessage("process: nobody (expected: one of [])");
        }
    }

    static List<String> watchdog() {
        return java(ChildProcessesTest.class.getName());
    }

    static List<String> beringia(String command) {
        return java("io.beringia.cli.Beringia", command);
    }

    static List<String> java(String... words) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path")),
                        Stream.of(words))
                .toList();
    }
}
