package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real namespaces and packets. Nobody listens there: who is reached refuses at once, and who is not stays silent. As root;
 * REQUIRE_CHAOS=1 forbids to skip.
 */
final class TestbedTest {
    private static final Site EAST = new Site("east", 1);
    private static final Site WEST = new Site("west", 2);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final LinkFault CUT =
            new LinkFault(new LinkFault.Effect.Drop(), List.of(new LinkFault.Way(EAST, WEST)));
    private static final long SEED = 1;
    private static final String ORPHAN = "bz" + ProcessHandle.current().pid() + "-orphan";
    private static final String REFUSED = "refused";
    private static final String SILENT = "silent";

    @TempDir
    private Path logs;

    private Optional<Testbed> made = Optional.empty();

    @BeforeEach
    void create() throws IOException {
        Optional<String> lack = Testbed.whyNot();
        if (lack.isPresent() && "1".equals(System.getenv("REQUIRE_CHAOS"))) {
            throw new AssertionError("REQUIRE_CHAOS=1, but " + lack.get());
        }
        Assumptions.assumeTrue(lack.isEmpty(), () -> "SKIPPED, " + lack.orElse(""));
        made = Optional.of(Testbed.create(List.of(EAST, WEST), ChildProcessesTest.watchdog(), logs));
    }

    @AfterEach
    void close() throws IOException {
        if (made.isPresent()) {
            made.get().close();
            assertThat(Program.run("ip", "netns", "list"))
                    .doesNotContain(testbed().prefix());
        }
    }

    @Test
    void sites_reach_each_other_and_the_hub_reaches_all() throws Exception {
        assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(REFUSED);
        assertThat(call(seat(WEST), "127.1.0.10")).isEqualTo(REFUSED);
        assertThat(call(testbed().hub(), "127.1.0.10")).isEqualTo(REFUSED);
        assertThat(call(seat(EAST), "127.3.0.1")).as("a site that is not there").isNotEqualTo(REFUSED);
    }

    @Test
    void a_fault_parts_sites_but_not_the_runner_and_ends_when_it_is_lifted() throws Exception {
        try (LinkFaults faults = faults()) {
            faults.inject("cut", CUT, LONG, SEED);
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(SILENT);
            assertThat(call(testbed().hub(), "127.1.0.10")).isEqualTo(REFUSED);
            assertThat(call(testbed().hub(), "127.2.0.10")).isEqualTo(REFUSED);
            faults.lift();
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(REFUSED);
        }
    }

    @Test
    void a_fault_ends_by_itself_and_with_its_runner() throws Exception {
        try (LinkFaults faults = faults()) {
            faults.inject("for a moment", CUT, Duration.ofMillis(1), SEED);
            await().until(this::tables, ""::equals);
            faults.inject("for long", CUT, LONG, SEED);
            assertThat(tables()).contains("fault_1");
        }
        assertThat(tables()).as("its runner is gone").isEmpty();
    }

    @Test
    void an_emulated_link_loses_what_it_is_told_to_and_carries_all_else() throws Exception {
        try (LinkFaults faults = faults()) {
            faults.inject("lossy", emulated("loss 100%"), LONG, SEED);
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(SILENT);
            assertThat(call(testbed().hub(), "127.2.0.10")).isEqualTo(REFUSED);
            faults.lift();
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(REFUSED);

            faults.inject("slow", emulated("delay 20ms jitter 10ms duplicate 50%"), LONG, SEED);
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(REFUSED);
            faults.lift();
        }
        assertThat(log(0)).contains("ready ").contains("1>2 end lost").doesNotContain("lost 0 of");
        assertThat(log(1))
                .contains("1>2 end lost 0 of")
                .doesNotContain("of 0\n")
                .contains("end beyond the model: 0 overflowed, 0 refused, 0 left");
    }

    @Test
    void an_emulated_link_ends_by_itself_and_packets_go_as_before() throws Exception {
        try (LinkFaults faults = faults()) {
            faults.inject("lossy", emulated("loss 100%"), LONG, SEED);
            ProcessHandle emulator = emulators().findFirst().orElseThrow();
            emulator.destroyForcibly();
            await().until(() -> emulators().findAny().isEmpty());
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(REFUSED);
            assertThatThrownBy(faults::lift).hasMessageContaining("over before it was lifted");
        }
        try (LinkFaults faults = faults()) {
            faults.inject("lossy", emulated("loss 100%"), LONG, SEED);
            assertThat(call(seat(EAST), "127.2.0.10")).isEqualTo(SILENT);
        }
        await().until(() -> emulators().findAny().isEmpty());
        assertThat(call(seat(EAST), "127.2.0.10")).as("its runner is gone").isEqualTo(REFUSED);
    }

    private static LinkFault emulated(String model) {
        return new LinkFault(new LinkFault.Effect.Emulate(model), List.of(new LinkFault.Way(EAST, WEST)));
    }

    static Stream<ProcessHandle> emulators() {
        return ProcessHandle.current()
                .descendants()
                .filter(one -> commandLine(one).contains("emulate-link"));
    }

    /** All of it: {@link ProcessHandle.Info} has none of a long class path. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private String log(int fault) throws IOException {
        return Files.readString(logs.resolve("link-emulator-" + fault + ".log"));
    }

    @Test
    void a_testbed_ends_with_its_runner() throws Exception {
        Guard guard = Guard.start(ChildProcessesTest.watchdog(), logs);
        Program.run("ip", "netns", "add", ORPHAN);
        guard.keep(new Residue.Namespace(ORPHAN));
        guard.close();
        assertThat(Program.run("ip", "netns", "list")).doesNotContain(ORPHAN);
    }

    @Test
    void a_runner_that_is_killed_leaves_nothing() throws Exception {
        Process runner = new ProcessBuilder(Stream.concat(
                                ChildProcessesTest.java(KilledRunner.class.getName()).stream(),
                                Stream.of(logs.toString()))
                        .toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = List.of(runner.inputReader().readLine().split(" ", -1));
        long emulator = Long.parseLong(said.getLast());
        assertThat(Program.run("ip", "netns", "list")).contains(said.getFirst());

        Signal.KILL.sendTo(runner.toHandle());

        await().atMost(LONG).until(() -> !Program.run("ip", "netns", "list").contains(said.getFirst()));
        await().atMost(LONG)
                .until(() -> ProcessHandle.of(emulator)
                        .filter(ProcessHandle::isAlive)
                        .isEmpty());
    }

    @Test
    void a_name_is_no_option() {
        assertThatThrownBy(() -> new Residue.Namespace("-all")).hasMessageContaining("name: \"-all\" (expected: ");
    }

    private Testbed testbed() {
        return made.orElseThrow();
    }

    private List<String> seat(Site site) {
        return Testbed.seat(testbed().prefix(), site);
    }

    private LinkFaults faults() throws IOException {
        return faults(testbed(), logs);
    }

    static LinkFaults faults(Testbed testbed, Path logs) throws IOException {
        return LinkFaults.in(
                testbed.hub(),
                new LinkFaults.Programs(ChildProcessesTest.watchdog(), ChildProcessesTest.beringia("emulate-link")),
                logs);
    }

    private String tables() throws IOException {
        return Program.run(Stream.concat(testbed().hub().stream(), Stream.of("nft", "list", "tables"))
                .toArray(String[]::new));
    }

    /** What a TCP connection to a port without a listener comes to, within two seconds. */
    private static String call(List<String> seat, String address) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(
                                seat.stream(),
                                Stream.of("timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/9"))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 124 ? SILENT : said.contains("refused") ? REFUSED : said;
    }
}
