package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecentResetsTest {
    private final AtomicLong awake = new AtomicLong();
    private final RecentResets resets = new RecentResets(awake::get);

    @Test
    void only_streams_that_we_have_reset_are_excused() {
        resets.add(3);
        assertThat(resets.excuses(3)).isTrue();
        assertThat(resets.excuses(1)).isFalse();
    }

    @Test
    void a_peer_that_must_have_heard_is_not() {
        resets.add(3);
        awake.addAndGet(RecentResets.HEARD_WITHIN.toNanos());
        assertThat(resets.excuses(3)).isTrue();
        awake.incrementAndGet();
        assertThat(resets.excuses(3)).isFalse();
    }

    @Test
    void nor_is_one_that_goes_on_and_on() {
        resets.add(3);
        for (int i = 0; i < RecentResets.FRAMES_MAX; i++) {
            assertThat(resets.excuses(3)).isTrue();
        }
        assertThat(resets.excuses(3)).isFalse();
    }

    @Test
    void the_eldest_is_forgotten_for_the_newest() {
        for (int i = 0; i <= RecentResets.STREAMS_MAX; i++) {
            resets.add(1 + 2 * i);
        }
        assertThat(resets.excuses(1)).isFalse();
        assertThat(resets.excuses(3)).isTrue();
        assertThat(resets.excuses(1 + 2 * RecentResets.STREAMS_MAX)).isTrue();
    }
}
