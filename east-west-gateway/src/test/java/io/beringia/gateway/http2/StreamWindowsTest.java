package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.limits.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StreamWindowsTest {
    private static final int MIB = 1024 * 1024;
    private static final int BASE = HboneCodec.STREAM_WINDOW_BYTES;

    private final ByteBudget budget = new ByteBudget(64 * MIB, () -> {});
    private final StreamWindows windows = new StreamWindows(budget);

    private static int grown(StreamWindows windows, int window) {
        int now = window;
        for (int by = windows.next(now); by > 0; by = windows.next(now)) {
            now += by;
        }
        return now;
    }

    @Test
    void a_stream_whose_bytes_are_taken_doubles_its_window_up_to_four_megabytes() {
        List<Integer> sizes = new ArrayList<>();
        int window = BASE;
        for (int by = windows.next(window); by > 0; by = windows.next(window)) {
            window += by;
            sizes.add(window);
        }
        assertThat(sizes).containsExactly(512 * 1024, MIB, 2 * MIB, 4 * MIB);
    }

    @Test
    void one_connection_grows_by_sixteen_megabytes_and_no_more() {
        long all = 0;
        for (int stream = 0; stream < 100; stream++) {
            all += grown(windows, BASE) - BASE;
        }
        assertThat(all).isEqualTo(16L * MIB);
    }

    @Test
    void all_connections_together_grow_by_no_more_than_the_process_affords() {
        long all = 0;
        for (int connection = 0; connection < 10; connection++) {
            StreamWindows one = new StreamWindows(budget);
            for (int stream = 0; stream < 100; stream++) {
                all += grown(one, BASE) - BASE;
            }
        }
        assertThat(all).isEqualTo(budget.grownBytes()).isBetween(63L * MIB, 64L * MIB);
    }

    @Test
    void a_stream_that_ends_gives_its_growth_back() {
        int window = grown(windows, BASE);
        windows.giveBack(window);
        assertThat(budget.grownBytes()).isZero();
        assertThat(grown(windows, BASE)).isEqualTo(4 * MIB);
    }

    @Test
    void windows_shrink_again_while_the_process_holds_too_much() {
        int window = grown(windows, BASE);
        budget.hold(32 * MIB + 1);
        List<Integer> steps = new ArrayList<>();
        for (int by = windows.next(window); by < 0; by = windows.next(window)) {
            window += by;
            steps.add(window);
        }
        assertThat(steps).containsExactly(2 * MIB, MIB, 512 * 1024, BASE);
        assertThat(budget.grownBytes()).isZero();
    }

    @Test
    void a_small_process_lets_no_stream_take_all() {
        assertThat(grown(new StreamWindows(new ByteBudget(16 * MIB, () -> {})), BASE))
                .isEqualTo(MIB);
    }
}
