package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * Mutual TLS for gRPC: each handshake shows our newest SVID and asks the verifier with the newest bundles, so neither
 * a renewal nor a new root needs another server or channel. Any thread.
 */
public record GrpcTls(Credentials credentials, PeerVerifier verifier, InstantSource clock) {

    /** For a server of which every caller must be verified. */
    public ServerCredentials server() {
        return server(TlsServerCredentials.ClientAuth.REQUIRE);
    }

    /** For a server that also serves callers without a certificate: a wrong one still ends the handshake. */
    public ServerCredentials serverForAnybody() {
        return server(TlsServerCredentials.ClientAuth.OPTIONAL);
    }

    /** For a channel to a server whose identity {@code expected} accepts. */
    public ChannelCredentials channel(Predicate<SpiffeId> expected) {
        return TlsChannelCredentials.newBuilder()
                .keyManager(new IdentityKeyManager(credentials))
                .trustManager(new PeerTrustManager(credentials::bundles, verifier, clock, expected))
                .build();
    }

    /** The same without a certificate of ours, for whoever has none yet. */
    public static ChannelCredentials anonymousChannel(
            TrustBundles bundles, PeerVerifier verifier, InstantSource clock, Predicate<SpiffeId> expected) {
        return TlsChannelCredentials.newBuilder()
                .trustManager(new PeerTrustManager(() -> bundles, verifier, clock, expected))
                .build();
    }

    private ServerCredentials server(TlsServerCredentials.ClientAuth clientAuth) {
        return TlsServerCredentials.newBuilder()
                .keyManager(new IdentityKeyManager(credentials))
                .trustManager(new PeerTrustManager(credentials::bundles, verifier, clock, id -> true))
                .clientAuth(clientAuth)
                .build();
    }
}
