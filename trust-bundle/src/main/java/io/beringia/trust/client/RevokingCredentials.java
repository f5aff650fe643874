package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;

/** Credentials of others below whose roots nobody is trusted whom this process trusts no more. Any thread. */
public final class RevokingCredentials implements Credentials {
    private final Credentials inner;
    private final RevocationWatch watch;
    private volatile Joined latest;

    /** One moment of both; the same pair is the same bundles, by which verdicts are remembered. */
    private record Joined(TrustBundles roots, Revocations revocations, TrustBundles bundles) {
        private static Joined of(TrustBundles roots, Revocations revocations) {
            return new Joined(roots, revocations, roots.with(revocations));
        }

        @SuppressWarnings("ReferenceEquality") // to compare all of it would cost more than it saves
        private boolean isOf(TrustBundles newest, Revocations now) {
            return roots == newest && revocations == now;
        }
    }

    public RevokingCredentials(Credentials inner, RevocationWatch watch) {
        this.inner = inner;
        this.watch = watch;
        this.latest = Joined.of(inner.bundles(), watch.latest());
    }

    @Override
    public X509Svid svid() {
        return inner.svid();
    }

    @Override
    public TrustBundles bundles() {
        TrustBundles roots = inner.bundles();
        Revocations revocations = watch.latest();
        Joined known = latest;
        if (!known.isOf(roots, revocations)) {
            known = Joined.of(roots, revocations);
            latest = known;
        }
        return known.bundles();
    }

    /** Calls back on a thread of whoever changed. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        Subscription roots = inner.subscribe(onChange);
        Subscription revocations = watch.subscribe(onChange);
        return () -> {
            roots.close();
            revocations.close();
        };
    }
}
