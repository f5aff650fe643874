package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real trust role's door, and who comes to it and meets whom there. */
final class PeerLinkTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId TRUST = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "trust");
    private static final SpiffeId OPERATOR = SpiffeId.ofWorkload(DOMAIN, "ops", "ann");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final PeerCall CLAIM = new PeerCall.Claim(new Lead(3, "us-east"));

    private final Authority root = Authority.root(DOMAIN);
    private PeerReply reply = new PeerReply.Failed("a full disk");
    private final RotationApi west = RotationApi.start(
            new RotationConfig.Operators(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Set.of(OPERATOR)),
            tls("us-west", TRUST),
            new PeerDoor(
                    List.of(new RotationConfig.Peer("us-east", TRUST, new InetSocketAddress("127.0.0.1", 1))),
                    (call, cluster) -> CompletableFuture.completedFuture(
                            call.equals(CLAIM) && cluster.equals("us-east")
                                    ? reply
                                    : new PeerReply.Failed("another call"))),
            (order, author) -> new CompletableFuture<>(),
            () -> {
                throw new IllegalStateException("nobody asks");
            });

    @AfterEach
    void end() {
        west.close();
    }

    private record Fixed(X509Svid svid, TrustBundles bundles) implements Credentials {
        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }

    private HttpTls tls(String cluster, SpiffeId id) {
        return new HttpTls(
                new Fixed(root.intermediate(cluster).svid(id, Duration.ofHours(1)), root.bundles()),
                new SpiffeVerifier(),
                CLOCK);
    }

    /** From a cluster, to a cluster. */
    private PeerReply ask(HttpTls from, String to, SpiffeId id) throws IOException, InterruptedException {
        return new PeerLink(
                        new RotationConfig.Peer(
                                to, id, new InetSocketAddress(InetAddress.getLoopbackAddress(), west.port())),
                        from)
                .ask(CLAIM);
    }

    @Test
    void a_call_comes_through_and_its_answer_back() throws Exception {
        HttpTls east = tls("us-east", TRUST);
        assertThat(ask(east, "us-west", TRUST)).isEqualTo(new PeerReply.Failed("a full disk"));

        reply = new PeerReply.Agreed(
                new PeerReport("us-west", Sights.AT, RotationState.first(Sights.OLD), Sights.of("us-west")));
        assertThat(ask(east, "us-west", TRUST)).isEqualTo(reply);

        reply = new PeerReply.Agreed(
                new PeerReport("us-south", Sights.AT, RotationState.first(Sights.OLD), Sights.of("us-south")));
        assertThatThrownBy(() -> ask(east, "us-west", TRUST))
                .as("a report of another cluster")
                .hasMessageContaining("reports of us-south (expected: of itself)");
    }

    @Test
    void whoever_answers_for_another_cluster_or_by_another_name_is_not_believed() {
        HttpTls east = tls("us-east", TRUST);

        assertThatThrownBy(() -> ask(east, "us-south", TRUST))
                .as("the right name, of another cluster")
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of cluster us-west (expected: us-south)");
        assertThatThrownBy(() -> ask(east, "us-west", OPERATOR))
                .as("another name")
                .isInstanceOf(IOException.class)
                .hasMessageContaining(TRUST.toString());
    }

    @Test
    void whoever_calls_from_another_cluster_or_by_another_name_is_sent_away() {
        for (HttpTls stranger : List.of(tls("us-south", TRUST), tls("us-west", TRUST), tls("us-east", OPERATOR))) {
            assertThatThrownBy(() -> ask(stranger, "us-west", TRUST))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("status 403");
        }
    }
}
