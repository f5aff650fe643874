package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteBudgetTest {
    private static final int TOTAL = 1_000_000;

    private final AtomicInteger cuts = new AtomicInteger();
    private final ByteBudget budget = new ByteBudget(TOTAL, cuts::incrementAndGet);

    /** Tunnels that take turns to hold 100 bytes more for as long as they may; how much each holds in the end. */
    private int stalled(int tunnels) {
        int each = 0;
        while (true) {
            for (int i = 0; i < tunnels; i++) {
                budget.hold(100);
                if (!budget.admits(each + 100)) {
                    budget.release(100);
                    return each;
                }
            }
            each += 100;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1_000})
    void however_many_stall_eight_parts_are_left_for_others(int tunnels) {
        int each = stalled(tunnels);
        assertThat(each).as("of " + tunnels).isBetween(TOTAL / (tunnels + 8) - 100, TOTAL / (tunnels + 8));
        assertThat(TOTAL - budget.heldBytes()).isGreaterThanOrEqualTo(8L * each);
    }

    @Test
    void the_total_is_never_exceeded() {
        Random random = new Random(1);
        long held = 0;
        for (int i = 0; i < 100_000; i++) {
            int bytes = random.nextInt(20_000);
            budget.hold(bytes);
            if (budget.admits(bytes)) {
                held += bytes;
            } else {
                budget.release(bytes);
            }
            assertThat(held).isEqualTo(budget.heldBytes()).isLessThan(TOTAL);
        }
    }

    @Test
    void windows_grow_by_no_more_than_the_total_and_what_is_given_back_may_be_taken_again() {
        assertThat(budget.grow(TOTAL)).isTrue();
        assertThat(budget.grow(1)).isFalse();
        budget.shrink(10);
        assertThat(budget.grow(11)).isFalse();
        assertThat(budget.grow(10)).isTrue();
        assertThat(budget.grownBytes()).isEqualTo(TOTAL);
    }

    @Test
    void it_is_pressed_when_more_than_half_is_held() {
        budget.hold(TOTAL / 2);
        assertThat(budget.isPressed()).isFalse();
        budget.hold(1);
        assertThat(budget.isPressed()).isTrue();
    }
}
