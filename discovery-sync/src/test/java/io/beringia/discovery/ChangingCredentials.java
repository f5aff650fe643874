package io.beringia.discovery;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Credentials that a test changes, and tells of it. */
public final class ChangingCredentials implements Credentials {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile X509Svid svid;
    private volatile TrustBundles bundles;

    public ChangingCredentials(X509Svid svid, TrustBundles bundles) {
        this.svid = svid;
        this.bundles = bundles;
    }

    /** Whom it trusts from now on. */
    public void trusts(TrustBundles newest) {
        bundles = newest;
        listeners.forEach(Runnable::run);
    }

    /** Which certificate it shows from now on; told to nobody. */
    public void renews(X509Svid newest) {
        svid = newest;
    }

    @Override
    public X509Svid svid() {
        return svid;
    }

    @Override
    public TrustBundles bundles() {
        return bundles;
    }

    @Override
    public Subscription subscribe(Runnable onChange) {
        listeners.add(onChange);
        return () -> listeners.remove(onChange);
    }
}
