package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One view's resources: of each revision what differs is encoded once, for all its clients. The thread in {@link #run()}
 * owns the encoding; {@link #latest()} and {@link #subscribe} are its doors.
 */
public final class ResourceFeed implements Runnable {
    private final CatalogSource source;
    private final Supplier<MissingClusters> unheard;
    private final Consumer<List<String>> onWithheld;
    private final Semaphore changes = new Semaphore(1);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Resources latest = Resources.NONE;

    /**
     * @param unheard what the newest catalog was made without
     * @param onWithheld hears, on our thread, of resources that a ztunnel would refuse, whenever these are others than before
     */
    public ResourceFeed(CatalogSource source, Supplier<MissingClusters> unheard, Consumer<List<String>> onWithheld) {
        this.source = source;
        this.unheard = unheard;
        this.onWithheld = onWithheld;
    }

    /** One of a source that lacks nothing. */
    public ResourceFeed(CatalogSource source, Consumer<List<String>> onWithheld) {
        this(source, () -> MissingClusters.NOBODY, onWithheld);
    }

    /** Any thread. Never blocks, never null. */
    public Resources latest() {
        return latest;
    }

    @Override
    public void run() {
        try (CatalogSource.Subscription subscription = source.subscribe(changes::release)) {
            while (true) {
                changes.acquire();
                changes.drainPermits();
                // Asked first: a cluster that is heard meanwhile is only believed missing for one more revision.
                MissingClusters missing = unheard.get();
                encode(source.latest(), missing);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Any thread. Calls {@code onChange} after every later change of this view, on our thread: it must only post. */
    CatalogSource.Subscription subscribe(Runnable onChange) {
        Listener listener = new Listener(onChange);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Revision 0 means that nothing was ever known: then clients keep what they have. */
    private void encode(Catalog catalog, MissingClusters missing) {
        if (catalog.revision() == 0) {
            return;
        }
        Resources next = latest.next(catalog, missing);
        if (!next.withheld().equals(latest.withheld())) {
            onWithheld.accept(next.withheld());
        }
        boolean isNews = !next.isSame(latest);
        latest = next;
        if (isNews) {
            listeners.forEach(listener -> listener.onChange.run());
        }
    }

    /** Compared by identity: the same callback may be subscribed twice. */
    private static final class Listener {
        private final Runnable onChange;

        private Listener(Runnable onChange) {
            this.onChange = onChange;
        }
    }
}
