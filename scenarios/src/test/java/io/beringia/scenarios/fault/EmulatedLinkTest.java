package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every packet comes a millisecond after the one before it. */
final class EmulatedLinkTest {
    private static final int PACKETS = 40_000;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** Times have no begin of their own. */
    private static final long START = Long.MAX_VALUE - 5 * MILLI;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 5, 30, 100})
    void each_packet_is_lost_with_that_chance(double percent) {
        List<List<Long>> all = passed("loss " + percent + "%", 1);

        double share = percent / 100;
        long lost = all.stream().filter(List::isEmpty).count();
        assertThat((double) lost)
                .as("within four deviations")
                .isCloseTo(share * PACKETS, within(4 * Math.sqrt(PACKETS * share * (1 - share)) + 1e-9));
    }

    @Test
    void a_packet_is_doubled_with_that_chance_and_each_copy_has_its_own_time() {
        List<List<Long>> all = passed("delay 10ms jitter 5ms duplicate 10%", 2);

        List<List<Long>> doubled =
                all.stream().filter(copies -> copies.size() == 2).toList();
        assertThat((double) doubled.size()).isCloseTo(0.1 * PACKETS, within(4 * Math.sqrt(PACKETS * 0.09)));
        assertThat(doubled).anySatisfy(copies -> assertThat(copies.get(0)).isNotEqualTo(copies.get(1)));
    }

    @Test
    void without_jitter_packets_keep_their_distance() {
        List<List<Long>> all = passed("delay 35ms", 3);

        for (int i = 0; i < PACKETS; i++) {
            assertThat(all.get(i)).containsExactly(at(i) + 35 * MILLI);
        }
    }

    @Test
    void jitter_is_even_around_the_delay_and_packets_overtake_one_another() {
        List<List<Long>> all = passed("delay 35ms jitter 20ms", 4);

        double sum = 0;
        int overtaken = 0;
        for (int i = 0; i < PACKETS; i++) {
            long took = all.get(i).getFirst() - at(i);
            assertThat(took).isBetween(15 * MILLI, 55 * MILLI);
            sum += (double) took / MILLI;
            overtaken += i > 0 && all.get(i).getFirst() - all.get(i - 1).getFirst() < 0 ? 1 : 0;
        }
        assertThat(sum / PACKETS).isCloseTo(35, within(4 * 20 / Math.sqrt(3.0 * PACKETS)));
        assertThat(overtaken).isGreaterThan(PACKETS / 3);
    }

    @Test
    void bursts_take_turns_with_good_times_and_are_told_with_what_was_lost_in_them() {
        EmulatedLink link = link("good 200ms bad 50ms bad-loss 90%", 5);
        List<EmulatedLink.Burst> bursts = new ArrayList<>();
        List<Boolean> lost = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            lost.add(link.passed(at(i)).isEmpty());
            bursts.addAll(link.bursts(at(i)));
        }

        double bad = bursts.stream()
                .mapToDouble(burst -> (double) (burst.endNanos() - burst.startNanos()) / MILLI)
                .sum();
        assertThat(bursts.size()).as("about one in 250 ms").isBetween(110, 215);
        assertThat(bad / bursts.size()).as("mean length, ms").isCloseTo(50, within(4 * 50 / Math.sqrt(bursts.size())));
        long offered = bursts.stream().mapToLong(EmulatedLink.Burst::offered).sum();
        assertThat((double) bursts.stream().mapToLong(EmulatedLink.Burst::lost).sum())
                .isCloseTo(0.9 * offered, within(4 * Math.sqrt(0.09 * offered)));
        for (int i = 0; i < PACKETS; i++) {
            long now = at(i);
            boolean isIn =
                    bursts.stream().anyMatch(burst -> now - burst.startNanos() >= 0 && burst.endNanos() - now > 0);
            assertThat(isIn || !lost.get(i) || now - bursts.getLast().endNanos() > 0)
                    .as("packet %d is lost in a burst alone", i)
                    .isTrue();
        }
    }

    @Test
    void bursts_that_nobody_came_in_are_told_too() {
        EmulatedLink link = link("good 200ms bad 50ms bad-loss 90%", 6);

        List<EmulatedLink.Burst> bursts = link.bursts(START + 10_000 * MILLI);

        assertThat(bursts)
                .hasSizeGreaterThan(20)
                .allSatisfy(burst -> assertThat(burst.offered()).isZero());
        assertThat(link.bursts(START + 10_000 * MILLI)).as("once").isEmpty();
    }

    @Test
    void the_same_seed_is_the_same_link_and_another_is_not() {
        String model = "delay 35ms jitter 20ms loss 5% duplicate 1% good 2s bad 500ms bad-loss 90%";

        assertThat(passed(model, 7)).isEqualTo(passed(model, 7)).isNotEqualTo(passed(model, 8));
    }

    private static List<List<Long>> passed(String model, long seed) {
        EmulatedLink link = link(model, seed);
        List<List<Long>> all = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            all.add(link.passed(at(i)));
        }
        assertThat(link.offered()).isEqualTo(PACKETS);
        assertThat(link.lost()).isEqualTo(all.stream().filter(List::isEmpty).count());
        return all;
    }

    private static EmulatedLink link(String model, long seed) {
        return new EmulatedLink(LinkModel.parse(model), new Random(seed), START);
    }

    private static long at(int packet) {
        return START + packet * MILLI;
    }
}
