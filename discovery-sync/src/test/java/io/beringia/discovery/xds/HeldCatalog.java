package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A source that says what it is told to say. */
final class HeldCatalog implements CatalogSource {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Catalog latest = Catalog.EMPTY;

    void set(Catalog next) {
        latest = next;
        listeners.forEach(Runnable::run);
    }

    static Catalog later(long revision, Catalog it) {
        return Catalog.of(
                revision,
                it.plan(),
                it.workloads().values(),
                it.services().values(),
                it.policies().values(),
                it.exported().values(),
                it.relayTargets().values(),
                it.clusters().values());
    }

    @Override
    public Catalog latest() {
        return latest;
    }

    @Override
    public Subscription subscribe(Runnable onChange) {
        listeners.add(onChange);
        return () -> listeners.remove(onChange);
    }
}
