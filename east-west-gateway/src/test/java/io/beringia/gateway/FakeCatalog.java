package io.beringia.gateway;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A catalog that a test sets by hand. Any thread. */
public final class FakeCatalog implements CatalogSource {
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private volatile Catalog latest = Catalog.EMPTY;
    private volatile boolean broken;

    public void set(Catalog newest) {
        latest = newest;
        subscribers.forEach(Runnable::run);
    }

    /** From now on whoever asks meets a fault, or no more. */
    public void broken(boolean now) {
        broken = now;
    }

    @Override
    public Catalog latest() {
        if (broken) {
            throw new IllegalStateException("catalog: broken by the test");
        }
        return latest;
    }

    @Override
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }
}
