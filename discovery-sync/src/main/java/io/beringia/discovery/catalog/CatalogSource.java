package io.beringia.discovery.catalog;

/** Where the newest {@link Catalog} is found. Any thread. */
public interface CatalogSource {
    /** Never blocks, never null. */
    Catalog latest();

    /**
     * Calls {@code onChange} after every later change, on a thread of ours: it must only post to an owner of its own.
     * Close the subscription to stop.
     */
    Subscription subscribe(Runnable onChange);

    /** An end to {@link #subscribe}. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
