package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What needs no interface; {@link TestbedTest} has one. */
final class LinkEmulatorTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final byte[] EAST_TO_WEST = packet(1, 2);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void packets_that_find_no_place_are_told_and_so_are_those_that_never_left() {
        LinkEmulator emulator = emulator("delay 10s");
        for (int i = 0; i < LinkEmulator.WAITING_MAX + 3; i++) {
            emulator.hold(EAST_TO_WEST, System.nanoTime());
        }

        emulator.release(packet -> true);
        emulator.end();

        assertThat(lines())
                .containsExactly(
                        "1>2 end lost 0 of " + (LinkEmulator.WAITING_MAX + 3),
                        "end beyond the model: 3 overflowed, 0 refused, " + LinkEmulator.WAITING_MAX + " left");
    }

    @Test
    void packets_that_the_kernel_does_not_take_back_are_told() {
        LinkEmulator emulator = emulator("duplicate 100%");
        emulator.hold(EAST_TO_WEST, System.nanoTime());
        emulator.hold(packet(3, 4), System.nanoTime());

        emulator.release(packet -> packet[13] == 3);
        emulator.end();

        assertThat(lines())
                .containsExactly("1>2 end lost 0 of 1", "end beyond the model: 0 overflowed, 2 refused, 0 left");
    }

    @Test
    void both_directions_of_a_link_have_nothing_in_common() {
        double apart = 0;
        for (int seed = 0; seed < 200; seed++) {
            Map<String, EmulatedLink> links =
                    LinkEmulator.links(plan("delay 100ms jitter 100ms", seed, List.of("1>2", "2>1")), 0);
            apart += Math.abs((double) held(links, "1>2") - held(links, "2>1")) / MILLI / 200;
        }
        assertThat(apart).as("a third of 200 ms, within four deviations").isBetween(53.0, 80.0);
    }

    private static long held(Map<String, EmulatedLink> links, String way) {
        return links.getOrDefault(way, links.values().iterator().next())
                .passed(0)
                .getFirst();
    }

    private LinkEmulator emulator(String model) {
        return new LinkEmulator(
                plan(model, 1, List.of("1>2")), new PrintStream(said, true, StandardCharsets.UTF_8), System.nanoTime());
    }

    private static LinkEmulator.Plan plan(String model, long seed, List<String> ways) {
        return new LinkEmulator.Plan("emulated0", 1_000, model, seed, ways);
    }

    private List<String> lines() {
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** By the second octets of its addresses, as IPv4 has them. */
    private static byte[] packet(int from, int to) {
        byte[] packet = new byte[20];
        packet[13] = (byte) from;
        packet[17] = (byte) to;
        return packet;
    }
}
