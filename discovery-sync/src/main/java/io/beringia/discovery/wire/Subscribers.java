package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.CatalogSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to hear of changes. Any thread. A subscriber only posts to its own owner, so it is called at once. */
final class Subscribers {
    private final List<Subscriber> all = new CopyOnWriteArrayList<>();

    CatalogSource.Subscription add(Runnable onChange) {
        Subscriber subscriber = new Subscriber(onChange);
        all.add(subscriber);
        return () -> all.remove(subscriber);
    }

    void changed() {
        all.forEach(subscriber -> subscriber.onChange.run());
    }

    /** Compared by identity: the same callback may be subscribed twice. */
    private static final class Subscriber {
        private final Runnable onChange;

        private Subscriber(Runnable onChange) {
            this.onChange = onChange;
        }
    }
}
