package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RapidResetsTest {
    private static final SpiffeId PEER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/web");
    private static final SpiffeId OTHER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/other");
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final RapidResets limits = new RapidResets(FrameRates.DEFAULT.resetsFrom());

    /** One stream a millisecond, the last of them reset; whether each reset was tolerated. */
    private boolean opensAndResets(SpiffeId id, int streams, int resets, Duration after) {
        boolean tolerated = true;
        for (int i = 0; i < streams; i++) {
            RapidResets.Peer peer = limits.of(id, i * MILLI);
            peer.opened(i * MILLI);
            if (i >= streams - resets) {
                tolerated &= peer.toleratesReset(i * MILLI, i * MILLI + after.toNanos());
            }
        }
        return tolerated;
    }

    @Test
    void most_of_many_streams_taken_back_at_once_is_too_much() {
        assertThat(opensAndResets(PEER, 500, 251, Duration.ZERO)).isFalse();
    }

    @Test
    void half_of_them_is_an_impatient_application() {
        assertThat(opensAndResets(PEER, 1_000, 500, Duration.ZERO)).isTrue();
    }

    @Test
    void fewer_prove_nothing() {
        assertThat(opensAndResets(PEER, 499, 499, Duration.ZERO)).isTrue();
    }

    @Test
    void a_late_reset_is_no_rapid_one() {
        assertThat(opensAndResets(PEER, 2_000, 2_000, RapidResets.RAPID.plusMillis(1)))
                .isTrue();
    }

    @Test
    void nobody_pays_for_another_peer() {
        assertThat(opensAndResets(PEER, 600, 600, Duration.ZERO)).isFalse();
        assertThat(opensAndResets(OTHER, 499, 499, Duration.ZERO)).isTrue();
    }

    @Test
    void each_window_is_judged_by_itself() {
        RapidResets.Peer peer = limits.of(PEER, 0);
        for (int i = 0; i < 10; i++) {
            long now = RapidResets.WINDOW.toNanos() * i;
            for (int stream = 0; stream < 400; stream++) {
                peer.opened(now);
                assertThat(peer.toleratesReset(now, now)).isTrue();
            }
        }
    }
}
