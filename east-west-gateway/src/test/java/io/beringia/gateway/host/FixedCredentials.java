package io.beringia.gateway.host;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;

/** Credentials that never change. */
record FixedCredentials(X509Svid svid, TrustBundles bundles) implements Credentials {
    @Override
    public Subscription subscribe(Runnable onChange) {
        return () -> {};
    }
}
