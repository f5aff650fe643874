package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A catalog that the test turns. Any thread. */
final class TurnedCatalog implements CatalogSource {
    private volatile Catalog latest = Catalog.EMPTY;
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();

    void publish(Catalog next) {
        latest = next;
        subscribers.forEach(Runnable::run);
    }

    @Override
    public Catalog latest() {
        return latest;
    }

    @Override
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }
}
