package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Owns the merged view. Only the thread in {@link #run()} touches it; everyone else posts and reads {@link #latest()}. */
public final class Federation implements Runnable {
    /** Enough for one full resync of a large cluster; a fuller inbox makes the watch wait, which is what we want. */
    private static final int INBOX_UPDATES = 16_384;

    private final BlockingQueue<Update> inbox = new ArrayBlockingQueue<>(INBOX_UPDATES);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<ClusterId, ClusterExports> parts = new HashMap<>();
    private final Set<ServiceName> dirty = new HashSet<>();
    private volatile FederationView latest;
    private volatile Set<ClusterId> awaited;
    private volatile Set<ClusterId> expected;
    private volatile Set<ClusterId> restored = Set.of();

    public Federation(ClusterId own) {
        this(own, Set.of());
    }

    /**
     * One whose audiences see nothing before its own part and those of {@code others} were posted once, or these were
     * declared late: a client that comes back is not told that clusters are gone which only were not heard of yet.
     */
    public Federation(ClusterId own, Set<ClusterId> others) {
        this.latest = FederationView.empty(own);
        this.awaited = Set.copyOf(others);
        this.expected = Set.copyOf(others);
    }

    /** What may change the view. */
    public sealed interface Update {
        /** All that a cluster exports, anew. */
        record PartChanged(ClusterExports part) implements Update {}

        /**
         * What an earlier life of ours knew. Parts that were posted meanwhile stay; clients are served with the others,
         * and as long as these are not posted anew nobody is told that anything of them is gone.
         */
        record Restored(OwnObjects objects, List<ClusterExports> parts) implements Update {
            public Restored {
                parts = List.copyOf(parts);
            }
        }

        /** An operator says that a cluster is gone for good; silence is no reason. */
        record PartForgotten(ClusterId cluster) implements Update {}

        /** All that our own cluster has, anew. */
        record OwnChanged(OwnObjects objects) implements Update {}

        /** All that our own cluster has and what of it it exports, in one step: nobody sees half of it. */
        record OwnPartChanged(OwnObjects objects, ClusterExports part) implements Update {}

        /** Whoever has not come by now is late: clients are served without. */
        record AwaitedLate() implements Update {}

        /** A plan; one that is not newer than the last is passed over. */
        record PlanChanged(TrafficPlan plan) implements Update {}

        /** How the ways from our site stand now, all of them. */
        record PathsChanged(LocalOverrides overrides) implements Update {}
    }

    /** Any thread. Waits while the inbox is full. */
    public void post(Update update) throws InterruptedException {
        inbox.put(update);
    }

    /** Any thread. Never blocks, never null. */
    public FederationView latest() {
        return latest;
    }

    /** Any thread. Calls {@code onPublished} after every later change, on our thread: it must only post. */
    public CatalogSource.Subscription subscribe(Runnable onPublished) {
        Listener listener = new Listener(onPublished);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Any thread. Clusters whose parts are missing before anybody is told anything; sorted. */
    public List<ClusterId> awaited() {
        return awaited(latest);
    }

    /**
     * Any thread. Clusters that we know by name only, or from an earlier life, late or not; an operator may have them
     * forgotten.
     */
    public Set<ClusterId> unheard() {
        FederationView view = latest;
        return Stream.concat(
                        restored.stream(),
                        expected.stream().filter(cluster -> !view.clusters().containsKey(cluster)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<ClusterId> awaited(FederationView view) {
        return Stream.concat(Stream.of(view.own()), awaited.stream())
                .filter(cluster -> !view.clusters().containsKey(cluster))
                .sorted()
                .toList();
    }

    /** Any thread. What the clients of one audience are told, worked out at most once per revision and reader. */
    public CatalogSource source(Audience audience, Optional<GatewayRef> relay) {
        return new AudienceSource(this, audience, relay);
    }

    @Override
    public void run() {
        List<Update> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(inbox.take());
                inbox.drainTo(batch);
                publish(apply(batch));
                batch.clear();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private FederationView apply(List<Update> batch) {
        OwnObjects objects = latest.objects();
        Optional<TrafficPlan> plan = latest.plan();
        LocalOverrides overrides = latest.overrides();
        for (Update update : batch) {
            switch (update) {
                case Update.PartChanged changed -> replace(changed.part());
                case Update.PartForgotten forgotten -> forget(forgotten.cluster());
                case Update.Restored before -> {
                    objects = isKnown(latest.own()) ? objects : before.objects();
                    before.parts().forEach(this::restore);
                }
                case Update.OwnChanged changed -> objects = changed.objects();
                case Update.OwnPartChanged changed -> {
                    objects = changed.objects();
                    replace(changed.part());
                }
                case Update.AwaitedLate late -> awaited = Set.of();
                case Update.PlanChanged changed -> plan = Optional.of(newer(plan, changed.plan()));
                case Update.PathsChanged changed -> overrides = changed.overrides();
            }
        }
        return new FederationView(latest.revision() + 1, latest.own(), objects, states(), merged(), plan, overrides);
    }

    private static TrafficPlan newer(Optional<TrafficPlan> held, TrafficPlan offered) {
        return held.filter(it -> it.version().compareTo(offered.version()) >= 0).orElse(offered);
    }

    private boolean isKnown(ClusterId cluster) {
        return parts.containsKey(cluster);
    }

    private void restore(ClusterExports part) {
        ClusterId cluster = part.cluster().cluster();
        if (!isKnown(cluster)) {
            replace(part);
            restored = Stream.concat(restored.stream(), Stream.of(cluster)).collect(Collectors.toUnmodifiableSet());
        }
    }

    private void replace(ClusterExports part) {
        restored = without(restored, part.cluster().cluster());
        ClusterExports before = parts.put(part.cluster().cluster(), part);
        dirty.addAll(PersistentMap.differences(before == null ? Map.of() : before.exports(), part.exports()));
    }

    private void forget(ClusterId cluster) {
        expected = without(expected, cluster);
        awaited = without(awaited, cluster);
        restored = without(restored, cluster);
        ClusterExports before = parts.remove(cluster);
        if (before != null) {
            dirty.addAll(before.exports().keySet());
        }
    }

    private static Set<ClusterId> without(Set<ClusterId> clusters, ClusterId one) {
        return clusters.contains(one)
                ? clusters.stream().filter(it -> !it.equals(one)).collect(Collectors.toUnmodifiableSet())
                : clusters;
    }

    /** The services of before, and those that may have changed merged anew. */
    private Map<ServiceName, FederatedService> merged() {
        PersistentMap<ServiceName, FederatedService> merged = PersistentMap.copyOf(latest.services());
        for (ServiceName name : dirty) {
            Optional<FederatedService> service = MergeRules.merge(name, exportsOf(name));
            merged = service.isPresent() ? merged.with(name, service.get()) : merged.without(name);
        }
        dirty.clear();
        return merged;
    }

    private List<FederatedService.Part> exportsOf(ServiceName name) {
        List<FederatedService.Part> found = new ArrayList<>();
        parts.forEach((cluster, part) -> {
            Export export = part.exports().get(name);
            if (export != null) {
                found.add(new FederatedService.Part(cluster, export));
            }
        });
        return found;
    }

    private Map<ClusterId, ClusterState> states() {
        Map<ClusterId, ClusterState> states = new HashMap<>();
        parts.forEach((cluster, part) -> states.put(cluster, part.cluster()));
        return states;
    }

    private void publish(FederationView view) {
        latest = view;
        listeners.forEach(listener -> listener.onPublished.run());
    }

    /** Compared by identity: the same callback may be subscribed twice. */
    private static final class Listener {
        private final Runnable onPublished;

        private Listener(Runnable onPublished) {
            this.onPublished = onPublished;
        }
    }

    /** Any thread. Two readers may work out the same revision at once; they come to equal catalogs. */
    private static final class AudienceSource implements CatalogSource {
        private final Federation federation;
        private volatile Projected last;

        private AudienceSource(Federation federation, Audience audience, Optional<GatewayRef> relay) {
            this.federation = federation;
            this.last = Projected.none(federation.latest().own(), audience, relay);
        }

        @Override
        public Catalog latest() {
            Projected held = last;
            FederationView view = federation.latest();
            if (held.view().revision() == view.revision()
                    || !federation.awaited(view).isEmpty()) {
                return held.catalog();
            }
            Projected projected = held.next(view);
            last = projected;
            return projected.catalog();
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return federation.subscribe(onChange);
        }
    }
}
