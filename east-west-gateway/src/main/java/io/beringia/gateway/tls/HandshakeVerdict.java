package io.beringia.gateway.tls;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.TrustBundles;
import io.netty.channel.Channel;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Hands the chain of every handshake to the {@link PeerVerifier}, with the bundles of that moment, and keeps the
 * verdict for that handshake alone. Any thread.
 *
 * <p>It must be an extended trust manager: with a plain one, Netty's OpenSSL client on Java 25 skipped the check
 * (GHSA-p85m-gvr3-788c). An engine that nobody announced by {@link #await} is refused.
 */
public final class HandshakeVerdict extends X509ExtendedTrustManager {
    /** So much the clocks of an issuer and of ours may differ before it costs a peer its live connection. */
    static final Duration EXPIRY_TOLERANCE = Duration.ofMinutes(1);

    private final PeerVerifier verifier;
    private final Supplier<TrustBundles> bundles;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /** One entry for each handshake under way, so at most as many as there are connections younger than the deadline. */
    private final Map<SSLEngine, Handshake> handshakes = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic: by it grows old what a peer of an open connection showed */
    public HandshakeVerdict(
            PeerVerifier verifier, Supplier<TrustBundles> bundles, InstantSource clock, LongSupplier nanoTime) {
        this.verifier = verifier;
        this.bundles = bundles;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** By the monotonic clock of this process. */
    public HandshakeVerdict(PeerVerifier verifier, Supplier<TrustBundles> bundles, InstantSource clock) {
        this(verifier, bundles, clock, System::nanoTime);
    }

    Handshake await(SSLEngine engine, Handshake.Expected expected) {
        Handshake handshake = new Handshake(expected);
        handshakes.put(engine, handshake);
        return handshake;
    }

    void forget(SSLEngine engine) {
        handshakes.remove(engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain, PeerRole.CLIENT, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain, PeerRole.SERVER, engine);
    }

    private void judge(X509Certificate[] chain, PeerRole role, SSLEngine engine) throws CertificateException {
        Handshake handshake = handshakes.get(engine);
        if (handshake == null) {
            throw new CertificateException("handshake: unknown engine (expected: one that was announced)");
        }
        List<byte[]> der = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            der.add(certificate.getEncoded());
        }
        PresentedChain presented = new PresentedChain(der, role, clock.instant(), nanoTime.getAsLong());
        switch (handshake.decided(presented, verify(presented, presented.at()))) {
            case PeerVerdict.Verified _ -> {}
            case PeerVerdict.Rejected refused ->
                throw new CertificateException(refused.reason().word() + ": " + refused.detail());
        }
    }

    private PeerVerdict verify(PresentedChain presented, Instant now) {
        return verifier.verify(presented.chain(), presented.role(), bundles.get(), now);
    }

    /**
     * Any thread. Judges the peer of a connection again, by the bundles of now; empty if it is still who it says, or
     * its handshake is not over. One that has ended but is not {@link #isExpired} is judged as of its end.
     */
    public Optional<PeerVerdict.Rejected> rejectsNow(Channel channel) {
        return Optional.ofNullable(channel.attr(PresentedChain.KEY).get())
                .map(presented -> verify(presented, asOf(channel, presented)))
                .filter(PeerVerdict.Rejected.class::isInstance)
                .map(PeerVerdict.Rejected.class::cast);
    }

    /** Any thread. Whether what the peer of a connection showed has ended, so long ago that no clock is to blame. */
    public boolean isExpired(Channel channel) {
        return Optional.ofNullable(channel.attr(PresentedChain.KEY).get())
                .filter(presented -> isExpired(end(channel), presented.now(nanoTime.getAsLong())))
                .isPresent();
    }

    private Instant asOf(Channel channel, PresentedChain presented) {
        Instant now = presented.now(nanoTime.getAsLong());
        Instant end = end(channel);
        return now.isAfter(end) && !isExpired(end, now) ? end : now;
    }

    private static boolean isExpired(Instant end, Instant now) {
        return now.isAfter(end.plus(EXPIRY_TOLERANCE));
    }

    /** Of a peer that has shown a chain: who it is was set before. */
    private static Instant end(Channel channel) {
        return channel.attr(HandshakeResult.PEER).get().notAfter();
    }

    /** Empty: the roots that we accept are not published to peers, and Netty would read them only once. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    private static CertificateException withoutEngine() {
        return new CertificateException("handshake: no engine (expected: the engine of one connection)");
    }
}
