package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId PROBE = Probing.idOf(DOMAIN);
    private static final InstantSource CLOCK = InstantSource.system();

    private final Authority old = Authority.root(DOMAIN).intermediate("us-east");
    private final Authority next = Authority.root(DOMAIN).intermediate("us-east");

    private record Shown(X509Svid svid, TrustBundles bundles) implements Credentials {
        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }

    private static Shown of(Authority authority, SpiffeId id, X509Certificate... roots) {
        return new Shown(authority.svid(id, Duration.ofHours(1)), new TrustBundles(1, Map.of(DOMAIN, List.of(roots))));
    }

    @Test
    void says_what_a_data_plane_presents_and_whether_it_accepts_what_we_do() throws IOException {
        Shown cart = of(old, CART, old.root());
        try (PlaneServer plane = new PlaneServer(cart, CLOCK)) {
            assertThat(Handshake.with(plane.address(), CART, of(old, PROBE, old.root()), CLOCK))
                    .as("under its root")
                    .isEqualTo(new Handshake.Met(cart.svid().chain(), true));
            // Who closes while the end of our handshake is on its way may have said nothing: it is asked again, as by
            // Probing.
            assertThat(await().until(
                                    () -> Handshake.with(plane.address(), CART, of(next, PROBE, old.root()), CLOCK),
                                    outcome -> !(outcome instanceof Handshake.Missed)))
                    .as("under another")
                    .isEqualTo(new Handshake.Met(cart.svid().chain(), false));
        }
    }

    @Test
    void learns_nothing_of_somebody_whom_it_does_not_believe_or_who_is_away() throws IOException {
        Shown probe = of(old, PROBE, next.root());
        try (PlaneServer plane = new PlaneServer(of(old, CART, old.root()), CLOCK)) {
            assertThat(Handshake.with(plane.address(), CART, probe, CLOCK))
                    .as("unknown root")
                    .isInstanceOf(Handshake.Missed.class);
            assertThat(Handshake.with(
                            plane.address(),
                            SpiffeId.ofWorkload(DOMAIN, "shop", "web"),
                            of(old, PROBE, old.root()),
                            CLOCK))
                    .as("another name")
                    .isInstanceOf(Handshake.Missed.class);
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(Handshake.with(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CART, probe, CLOCK))
                .as("nobody")
                .isInstanceOf(Handshake.Missed.class);
    }
}
