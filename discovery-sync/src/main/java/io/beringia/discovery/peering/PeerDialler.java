package io.beringia.discovery.peering;

import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.TrustBundles;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How peers are dialled: mutual TLS to one of the identities that may speak for the peer. Any thread. */
record PeerDialler(GrpcTls tls) {
    /** A frozen process is found within the sum; a frozen network too. */
    private static final Duration PING_EVERY = Duration.ofSeconds(10);

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

    /** Frames are far smaller, see {@link PeerFrames}. */
    private static final int MESSAGE_BYTES_MAX = 4 << 20;

    /** Belongs to the caller, who ends it. */
    ManagedChannel dial(PeerConfig peer, String address) {
        return Grpc.newChannelBuilder(address, tls.channel(peer.identities()::contains))
                .keepAliveTime(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .build();
    }

    /** What a link dialled now would show. */
    X509Certificate shown() {
        return tls.credentials().svid().leaf();
    }

    /** By what peers are judged now. */
    TrustBundles trusted() {
        return tls.credentials().bundles();
    }

    VerifiedPeer identities() {
        return new VerifiedPeer(tls.credentials(), tls.verifier(), tls.clock());
    }
}
