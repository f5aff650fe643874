package io.beringia.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the peer of an open connection is believed, by clocks that the test turns. */
final class HandshakeVerdictTest {
    private static final SpiffeId PEER = SpiffeId.ofWorkload(new TrustDomain("cluster.local"), "demo", "peer");

    private final Authority root = Authority.root(PEER.trustDomain());
    private final AtomicReference<TrustBundles> bundles = new AtomicReference<>(root.bundles());
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.now());
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final HandshakeVerdict verdict =
            new HandshakeVerdict(new SpiffeVerifier(), bundles::get, wall::get, nanos::get);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void shows() throws CertificateEncodingException {
        X509Svid svid = root.svid(PEER, Duration.ofHours(1));
        List<byte[]> chain = new ArrayList<>();
        for (X509Certificate one : svid.chain()) {
            chain.add(one.getEncoded());
        }
        Instant end = svid.chain().getFirst().getNotAfter().toInstant();
        channel.attr(HandshakeResult.PEER)
                .set(new PeerVerdict.Verified(PEER, Optional.empty(), "leaf", "root", 1, end));
        Instant then = end.minus(Duration.ofHours(1));
        wall.set(then);
        channel.attr(PresentedChain.KEY).set(new PresentedChain(chain, PeerRole.CLIENT, then, nanos.get()));
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        wall.updateAndGet(then -> then.plus(time));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT0S, false",
        "PT1H, PT0S, false",
        "PT1H1S, PT0S, false",
        "PT1H1M, PT0S, false",
        "PT1H1M1S, PT0S, true",
        "PT1S, P2D, false",
        "PT1S, P-2D, false",
        "PT1H5S, P2D, false",
        "PT1H1M1S, P-2D, true"
    })
    void it_is_as_old_as_monotonic_time_says_wherever_a_wall_clock_was_set(
            Duration passed, Duration set, boolean over) {
        pass(passed);
        wall.updateAndGet(then -> then.plus(set));
        assertThat(verdict.isExpired(channel)).as("expired").isEqualTo(over);
        assertThat(verdict.rejectsNow(channel).map(PeerVerdict.Rejected::reason))
                .isEqualTo(over ? Optional.of(RejectReason.EXPIRED) : Optional.empty());
    }

    @Test
    void whose_root_is_gone_has_no_minute_of_grace() {
        pass(Duration.ofHours(1).plusSeconds(5));
        bundles.set(TrustBundles.EMPTY);
        assertThat(verdict.rejectsNow(channel).map(PeerVerdict.Rejected::reason))
                .contains(RejectReason.UNKNOWN_TRUST_DOMAIN);
    }

    @Test
    void who_has_shown_nothing_yet_is_neither() {
        EmbeddedChannel young = new EmbeddedChannel();
        assertThat(verdict.isExpired(young)).isFalse();
        assertThat(verdict.rejectsNow(young)).isEmpty();
    }
}
