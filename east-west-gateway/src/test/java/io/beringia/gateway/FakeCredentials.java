package io.beringia.gateway;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Credentials that a test sets by hand. Any thread. */
public final class FakeCredentials implements Credentials {
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private volatile X509Svid svid;
    private volatile TrustBundles bundles;

    public FakeCredentials(X509Svid svid, TrustBundles bundles) {
        this.svid = svid;
        this.bundles = bundles;
    }

    public void set(X509Svid newest) {
        svid = newest;
        subscribers.forEach(Runnable::run);
    }

    public void set(TrustBundles newest) {
        bundles = newest;
        subscribers.forEach(Runnable::run);
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
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }
}
