package io.beringia.gateway.tls;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/**
 * Both TLS contexts of one SVID, replaced whole when our key changes; roots change behind {@link HandshakeVerdict}.
 * Immutable; any thread.
 *
 * <p>TLS 1.3 with AES-GCM over BoringSSL, ALPN {@code h2}, client certificates always, no server name: what
 * Istio's ztunnel speaks ({@code istio/ztunnel src/tls/lib.rs}).
 */
public final class TlsContexts {
    /** ztunnel has none, so a peer that stops in its handshake would stay for ever. */
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    static final String HTTP2 = "h2";
    /** Netty puts the key into a store on its way; the default kind derives a key from a password for it, 20,000 hashes. */
    private static final String IN_MEMORY = "JKS";

    private static final List<String> SUITES = List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};
    /** Plaintext put into one call of the engine, so that bulk is encrypted in full records. */
    private static final int WRAP_BYTES = 64 * 1024;

    private final SslContext server;
    private final SslContext client;
    private final HandshakeVerdict verdict;

    private TlsContexts(SslContext server, SslContext client, HandshakeVerdict verdict) {
        this.server = server;
        this.client = client;
        this.verdict = verdict;
    }

    /** Throws {@link IllegalStateException} if BoringSSL is missing, {@link IllegalArgumentException} for a key it does not take. */
    public static TlsContexts of(X509Svid svid, HandshakeVerdict verdict) {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalStateException(
                    "BoringSSL: not loaded (expected: netty-tcnative of this platform, and a java.io.tmpdir, "
                            + System.getProperty("java.io.tmpdir") + ", that is not mounted noexec)",
                    OpenSsl.unavailabilityCause());
        }
        X509Certificate[] chain = svid.chain().toArray(X509Certificate[]::new);
        try {
            SslContextBuilder server =
                    SslContextBuilder.forServer(svid.key(), chain).clientAuth(ClientAuth.REQUIRE);
            SslContextBuilder client =
                    SslContextBuilder.forClient().keyManager(svid.key(), chain).endpointIdentificationAlgorithm(null);
            return new TlsContexts(
                    shared(server, verdict).build(), shared(client, verdict).build(), verdict);
        } catch (SSLException refused) {
            throw new IllegalArgumentException(svid + ": refused by BoringSSL (expected: a P-256 key)", refused);
        }
    }

    private static SslContextBuilder shared(SslContextBuilder builder, HandshakeVerdict verdict) {
        return builder.sslProvider(SslProvider.OPENSSL)
                .keyStoreType(IN_MEMORY)
                .trustManager(verdict)
                .protocols("TLSv1.3")
                .ciphers(SUITES)
                .option(OpenSslContextOption.GROUPS, GROUPS.clone())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        HTTP2));
    }

    /** Adds TLS to an accepted connection, for any peer with a valid SVID; its deadline is in its loop's awake time. */
    public void accept(Channel channel, LongSupplier awakeNanos, BiConsumer<Channel, HandshakeResult> whenDone) {
        add(channel, server.newHandler(channel.alloc()), new Handshake.Expected.Anybody(), awakeNanos, whenDone);
    }

    /** Adds TLS to a connection of ours, on which only these may answer. */
    public void connect(
            Channel channel,
            Set<SpiffeId> expected,
            LongSupplier awakeNanos,
            BiConsumer<Channel, HandshakeResult> whenDone) {
        add(channel, client.newHandler(channel.alloc()), new Handshake.Expected.OneOf(expected), awakeNanos, whenDone);
    }

    private void add(
            Channel channel,
            SslHandler handler,
            Handshake.Expected expected,
            LongSupplier awakeNanos,
            BiConsumer<Channel, HandshakeResult> whenDone) {
        // Netty's own deadline would count the time in which this process was stopped.
        handler.setHandshakeTimeoutMillis(0);
        handler.setWrapDataSize(WRAP_BYTES);
        Handshake handshake = verdict.await(handler.engine(), expected);
        Runnable forget = () -> verdict.forget(handler.engine());
        channel.pipeline().addLast(handler, new HandshakeGate(handler, handshake, forget, awakeNanos, whenDone));
    }
}
