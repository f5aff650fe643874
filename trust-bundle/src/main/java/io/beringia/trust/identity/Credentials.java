package io.beringia.trust.identity;

/** How a process proves itself and whom it trusts: the seam to every user of TLS. Any thread. */
public interface Credentials {
    /** Our newest identity. Never null, never blocks. */
    X509Svid svid();

    /** The newest accepted roots. Never null, never blocks. */
    TrustBundles bundles();

    /**
     * Calls {@code onChange} after every later change of {@link #svid()} or {@link #bundles()}, on a thread of
     * ours: it must only post to an owner of its own. Close the subscription to stop.
     */
    Subscription subscribe(Runnable onChange);

    /** An end to {@link #subscribe}. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
