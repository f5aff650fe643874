package io.beringia.discovery.bench;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.RemoteCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of a discovery that waits for what it wants to see. One thread waits at a time. */
final class Follower implements AutoCloseable {
    /** Longer than anything here takes that works. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RemoteCatalog catalog;
    private final Semaphore changed = new Semaphore(0);
    private final CatalogSource.Subscription changes;

    Follower(RemoteCatalog catalog) {
        this.catalog = catalog;
        this.changes = catalog.subscribe(changed::release);
    }

    Catalog latest() {
        return catalog.latest();
    }

    /** When it is seen, by {@link System#nanoTime}. */
    long await(String what, Predicate<Catalog> wanted) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!wanted.test(catalog.latest())) {
            long left = PATIENCE.toNanos() - (System.nanoTime() - start);
            if (!changed.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                throw new IOException(what + ": not seen within " + PATIENCE.toSeconds() + " s");
            }
            changed.drainPermits();
        }
        return System.nanoTime();
    }

    @Override
    public void close() {
        changes.close();
        catalog.close();
    }

    /** What is lost is opened again, and seen by how late it is. */
    record Unheard() implements CatalogClient.Listener {
        @Override
        public void onDisconnected(String why) {}

        @Override
        public void onRefused(String what) {}
    }
}
