package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.InstantSource;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/**
 * Mutual TLS for gRPC: each handshake shows our newest SVID and asks the verifier with the newest bundles, so neither
 * a renewal nor a new root needs another server or channel. Our servers speak TLS 1.3 (RFC 8446) alone. Any thread.
 */
public record GrpcTls(Credentials credentials, PeerVerifier verifier, InstantSource clock) {

    /** For a server of which every caller must be verified. */
    public ServerCredentials server() {
        return server(ClientAuth.REQUIRE);
    }

    /** For a server that also serves callers without a certificate: a wrong one still ends the handshake. */
    public ServerCredentials serverForAnybody() {
        return server(ClientAuth.OPTIONAL);
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

    private ServerCredentials server(ClientAuth clientAuth) {
        SslContextBuilder context = SslContextBuilder.forServer(new IdentityKeyManager(credentials))
                .trustManager(new PeerTrustManager(credentials::bundles, verifier, clock, id -> true))
                .clientAuth(clientAuth);
        try {
            return NettySslContextServerCredentials.create(GrpcSslContexts.configure(context)
                    .protocols(HttpTls.PROTOCOL)
                    .build());
        } catch (SSLException impossible) {
            throw new IllegalStateException(
                    HttpTls.PROTOCOL + ": missing in this Java (expected: 25 or later)", impossible);
        }
    }
}
