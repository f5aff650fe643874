package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a hub that only writes down which rules it was given: no root is needed. {@link TestbedTest} has a real one. */
final class LinkFaultsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final LinkFault SLOW = new LinkFault(
            new LinkFault.Effect.Emulate("delay 5ms"),
            List.of(new LinkFault.Way(new Site("east", 1), new Site("west", 2))));
    private static final List<String> READY = List.of("sh", "-c", "echo ready; exec cat");

    @TempDir
    private Path logs;

    private Path hub = Path.of("");
    private Path rules = Path.of("");
    private Path guarded = Path.of("");

    @BeforeEach
    void write() throws IOException {
        rules = Files.createFile(logs.resolve("rules"));
        guarded = logs.resolve("guarded");
        hub = Files.writeString(
                logs.resolve("hub.sh"), "[ \"$1\" = ip ] || exec \"$@\"\necho \"$@\" >> " + rules + "\n");
    }

    @Test
    void the_time_of_an_emulated_fault_does_not_run_before_it_begins() throws Exception {
        try (LinkFaults faults = faults(READY)) {
            faults.prepare("slow", SLOW, MINUTE, 1);
        }
        assertThat(guarded).content().startsWith("guard child ").hasLineCount(1);
        assertThat(rules).isEmptyFile();
    }

    @Test
    void a_fault_that_begins_is_timed_and_leads_packets_away() throws Exception {
        try (LinkFaults faults = faults(READY)) {
            faults.prepare("slow", SLOW, MINUTE, 1).begin();
            faults.lift();
        }
        assertThat(guarded).content().contains("\nguard-for 60000 child ").contains("\nrelease child ");
        assertThat(rules).content().startsWith("ip rule add ").contains("\nip rule del ");
    }

    @Test
    void what_an_earlier_emulator_said_is_not_believed() throws Exception {
        Files.writeString(logs.resolve("link-emulator-0.log"), "ready 2026-01-01T00:00:00Z\n");
        try (LinkFaults faults = faults(List.of("sh", "-c", "echo no such device"))) {
            assertThatThrownBy(() -> faults.inject("slow", SLOW, MINUTE, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessage("emulated link: no such device (expected: ready)");
        }
        assertThat(rules).isEmptyFile();
    }

    private LinkFaults faults(List<String> emulator) throws IOException {
        return LinkFaults.in(
                List.of("sh", hub.toString()),
                new LinkFaults.Programs(List.of("sh", "-c", "exec cat > " + guarded), emulator),
                logs);
    }
}
