package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PeerConnectionTest {
    private static final SpiffeId PEER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/web");
    private static final IpAddress ADDRESS = IpAddress.parse("10.0.0.1");
    /** Two a millisecond would be a flood. */
    private static final long MILLI_NANOS = Duration.ofMillis(1).toNanos();

    private final AtomicLong now = new AtomicLong();
    private final List<String> words = new ArrayList<>();
    private PeerConnection peer = under(FrameRates.DEFAULT);

    private PeerConnection under(FrameRates rates) {
        return new LoopLimits(new LoopLimits.Shared(
                        LimitsConfig.ofProcess().withFrames(rates),
                        now::get,
                        new Random(1),
                        (peer, word) -> words.add(word)))
                .connect(PEER, ADDRESS, PeerAllowance.OF_CLIENT)
                .orElseThrow();
    }

    /** One stream a millisecond, so many; whether all of it was tolerated. */
    private boolean opens(int streams, boolean andTakesBack) {
        boolean tolerated = true;
        for (int i = 0; i < streams && tolerated; i++) {
            now.addAndGet(MILLI_NANOS);
            if (peer.opens().isEmpty()) {
                tolerated = !andTakesBack || peer.toleratesReset(0);
                peer.closed();
            }
        }
        return tolerated;
    }

    @Test
    void whoever_is_refused_what_is_above_its_rate_stays() {
        assertThat(opens(30_000, false)).isTrue();
        assertThat(words).containsOnly("new-tunnels");
    }

    @Test
    void whoever_takes_back_all_that_it_gets_is_not_excused_by_what_it_did_not_get() {
        opens(3_000, false);
        assertThat(opens(30_000, true)).isFalse();
        assertThat(words).endsWith("rapid-resets").doesNotContain("flood");
    }

    @Test
    void from_how_many_streams_on_a_peer_is_judged_is_configured() {
        assertThat(opens(499, true)).isTrue();
        peer = under(new FrameRates(10, 100, 100, 20, 100));
        assertThat(opens(99, true)).isTrue();
        assertThat(opens(1, true)).isFalse();
    }
}
