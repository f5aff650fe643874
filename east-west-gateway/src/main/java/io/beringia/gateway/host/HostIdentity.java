package io.beringia.gateway.host;

import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import java.util.function.Supplier;

/** The newest TLS contexts: made anew when the SVID changes, never when only roots do; open connections are judged
 * again either way. Any thread reads; the credentials' own thread writes. */
final class HostIdentity implements Supplier<TlsContexts>, AutoCloseable {
    private final Credentials credentials;
    private final HandshakeVerdict verdict;
    private final HostPeers peers;
    private volatile Made latest;
    private final Credentials.Subscription subscription;

    /** One SVID and the contexts made of it. */
    private record Made(X509Svid svid, TlsContexts contexts) {}

    HostIdentity(Credentials credentials, HandshakeVerdict verdict, HostPeers peers) {
        this.credentials = credentials;
        this.verdict = verdict;
        this.peers = peers;
        this.latest = made(credentials.svid());
        this.subscription = credentials.subscribe(this::onChange);
    }

    private void onChange() {
        X509Svid svid = credentials.svid();
        if (!svid.equals(latest.svid())) {
            latest = made(svid);
        }
        peers.judgeAgain();
    }

    private Made made(X509Svid svid) {
        return new Made(svid, TlsContexts.of(svid, verdict));
    }

    @Override
    public TlsContexts get() {
        return latest.contexts();
    }

    /** Who we are now. */
    SpiffeId id() {
        return latest.svid().id();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
