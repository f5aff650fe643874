package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BudgetsTest {
    private final Budgets budgets = new Budgets();

    @ParameterizedTest
    @CsvSource({"HEDGE,0,20", "RETRY,0,20", "HEDGE,9,20", "HEDGE,1000,120", "RETRY,1000,220"})
    void gives_a_share_of_the_dials_and_twenty(Cost cost, int dials, int expected) {
        dials(dials, 0);
        assertThat(taken(cost, 0)).isEqualTo(expected);
    }

    @Test
    void what_is_free_is_never_refused_and_never_counted() {
        assertThat(IntStream.range(0, 1_000).allMatch(i -> budgets.take(Cost.FREE, 0)))
                .isTrue();
        assertThat(taken(Cost.HEDGE, 0)).isEqualTo(20);
    }

    @Test
    void hedges_and_retries_do_not_eat_each_other() {
        assertThat(taken(Cost.HEDGE, 0)).isEqualTo(20);
        assertThat(taken(Cost.RETRY, 0)).isEqualTo(20);
    }

    @Test
    void forgets_after_ten_seconds() {
        dials(1_000, 0);
        assertThat(taken(Cost.HEDGE, 0)).isEqualTo(120);
        assertThat(taken(Cost.HEDGE, seconds(9))).isZero();
        assertThat(taken(Cost.HEDGE, seconds(10))).isEqualTo(20);
        assertThat(taken(Cost.HEDGE, seconds(3_600))).isEqualTo(20);
    }

    @Test
    void a_clock_may_start_below_zero_and_a_slow_thread_may_come_late() {
        dials(100, seconds(-5));
        dials(100, seconds(-6));
        assertThat(taken(Cost.HEDGE, seconds(-5))).isEqualTo(40);
        assertThat(taken(Cost.HEDGE, seconds(4))).isZero();
        assertThat(taken(Cost.HEDGE, seconds(5))).isEqualTo(20);
    }

    @Test
    void many_threads_together_get_no_more_than_one() throws Exception {
        dials(1_000, 0);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> takers = Stream.generate(() -> (Callable<Integer>) () -> taken(Cost.RETRY, 0))
                    .limit(8)
                    .toList();
            int all = 0;
            for (Future<Integer> one : threads.invokeAll(takers, 30, TimeUnit.SECONDS)) {
                all += one.get();
            }
            assertThat(all).isEqualTo(220);
        }
    }

    private void dials(int count, long now) {
        IntStream.range(0, count).forEach(i -> budgets.onDial(now));
    }

    private int taken(Cost cost, long now) {
        int taken = 0;
        while (taken < 10_000 && budgets.take(cost, now)) {
            taken++;
        }
        return taken;
    }

    private static long seconds(int count) {
        return Duration.ofSeconds(count).toNanos();
    }
}
