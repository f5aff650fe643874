package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class FrameLimitsTest {
    @Test
    void a_burst_is_admitted_and_then_ten_a_second() {
        FrameLimits limits = new FrameLimits(FrameRates.DEFAULT, 0);
        for (int i = 0; i < FrameRates.DEFAULT.controlAtOnce(); i++) {
            assertThat(limits.admitsPing(0)).isTrue();
        }
        assertThat(limits.admitsPing(0)).isFalse();
        assertThat(limits.admitsSettings(0)).as("each kind by itself").isTrue();
        long later = Duration.ofMillis(100).toNanos();
        assertThat(limits.admitsPing(later)).isTrue();
        assertThat(limits.admitsPing(later)).isFalse();
    }

    @Test
    void a_ping_every_ten_seconds_is_admitted_for_ever() {
        FrameLimits limits = new FrameLimits(FrameRates.DEFAULT, 0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(limits.admitsPing(Duration.ofSeconds(10L * i).toNanos())).isTrue();
        }
    }

    @Test
    void each_rate_is_configured() {
        FrameLimits limits = new FrameLimits(new FrameRates(1, 10, 2, 3, 100), 0);
        limits.onStream();
        limits.onDataSent(1);
        assertThat(admitted(() -> limits.admitsPing(0))).isEqualTo(5);
        assertThat(admitted(() -> limits.admitsSettings(0))).isEqualTo(5);
        assertThat(admitted(() -> limits.admitsFault(0))).isEqualTo(5);
        assertThat(admitted(() -> limits.admitsOther(0))).isEqualTo(50);
        assertThat(admitted(limits::admitsPriority)).isEqualTo(2 * 2);
        assertThat(admitted(limits::admitsWindowUpdate)).isEqualTo(100 + 2 + 3);
    }

    private static int admitted(BooleanSupplier one) {
        int admitted = 0;
        while (one.getAsBoolean()) {
            admitted++;
        }
        return admitted;
    }

    @Test
    void never_more_than_the_burst_and_the_rate_in_any_time() {
        Random random = new Random(7);
        TokenBucket bucket = new TokenBucket(10, 50, 0);
        long now = 0;
        int admitted = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextLong(Duration.ofMillis(20).toNanos());
            if (bucket.take(now)) {
                admitted++;
            }
        }
        assertThat(admitted).isLessThanOrEqualTo((int) (50 + 10 * (now / 1_000_000_000L + 1)));
        assertThat(admitted).isGreaterThan((int) (now / 1_000_000_000L * 9));
    }

    @Test
    void a_clock_that_steps_back_gives_nothing() {
        TokenBucket bucket = new TokenBucket(1, 1, 1_000);
        assertThat(bucket.take(1_000)).isTrue();
        assertThat(bucket.take(-5_000_000_000L)).isFalse();
    }

    @Test
    void a_bucket_without_rate_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(1, 0, 0));
    }
}
