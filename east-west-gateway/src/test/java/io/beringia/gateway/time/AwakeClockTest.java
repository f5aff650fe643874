package io.beringia.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AwakeClockTest {
    private final AtomicLong wall = new AtomicLong(-5);
    private final AwakeClock clock = new AwakeClock(wall::get);

    private long after(Duration gap) {
        wall.addAndGet(gap.toNanos());
        return clock.getAsLong();
    }

    @Test
    void goes_on_while_it_is_read_in_time() {
        long begun = clock.getAsLong();
        for (int i = 0; i < 100; i++) {
            after(AwakeClock.BEAT);
        }
        assertThat(clock.getAsLong() - begun)
                .isEqualTo(AwakeClock.BEAT.multipliedBy(100).toNanos());
        assertThat(clock.sleptNanos()).isZero();
    }

    @Test
    void a_late_beat_is_no_pause() {
        long begun = clock.getAsLong();
        Duration late = AwakeClock.BEAT.plus(AwakeClock.PAUSE);
        assertThat(after(late) - begun).isEqualTo(late.toNanos());
    }

    @Test
    void stands_still_over_a_pause_and_goes_on_after_it() {
        long begun = after(AwakeClock.BEAT);
        assertThat(after(Duration.ofSeconds(30))).isEqualTo(begun);
        assertThat(clock.sleptNanos()).isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(after(AwakeClock.BEAT) - begun).isEqualTo(AwakeClock.BEAT.toNanos());
    }

    @Test
    void never_goes_back_whatever_the_pauses() {
        Random random = new Random(7);
        long last = clock.getAsLong();
        for (int i = 0; i < 10_000; i++) {
            long now = after(Duration.ofMillis(random.nextInt(600)));
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        assertThat(last + clock.sleptNanos()).isEqualTo(wall.get());
    }
}
