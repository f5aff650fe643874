package io.beringia.discovery.kube;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.kube.WatchNews.Watched;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One informer for each kind of one cluster that is followed. They run on fabric8's threads, keep nothing but names, and hand over
 * what they hear; who hears that may block: then the watches wait. Any thread.
 */
final class KindWatches {
    private static final Logger LOG = LoggerFactory.getLogger(KindWatches.class);

    /** Objects of one page of the first list. */
    private static final long PAGE_OBJECTS = 500;

    /** Synthetic updates are of no use to us. */
    private static final long NO_RESYNC = 0;

    private final ClusterId cluster;
    private final BlockingQueue<WatchNews> inbox;
    private final AtomicInteger generations = new AtomicInteger();
    private final Map<Watched, Following> following = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /** How one kind is followed; what an earlier generation still says is over. */
    private record Following(
            int generation, SharedIndexInformer<?> informer, IntFunction<SharedIndexInformer<?>> anew) {}

    KindWatches(ClusterId cluster, BlockingQueue<WatchNews> inbox) {
        this.cluster = cluster;
        this.inbox = inbox;
    }

    <T extends HasMetadata> void watch(
            Watched kind, Informable<T> of, Supplier<T> empty, Function<T, ? extends KubeObject> compact) {
        begin(
                kind,
                generation -> of.withLimit(PAGE_OBJECTS)
                        .runnableInformer(NO_RESYNC)
                        .itemStore(new KeptNames<>(empty))
                        .exceptionHandler((started, failure) -> retry(kind, generation, failure))
                        .addEventHandler(new HandOver<>(kind, generation, compact)));
    }

    private void begin(Watched kind, IntFunction<SharedIndexInformer<?>> anew) {
        int generation = generations.incrementAndGet();
        SharedIndexInformer<?> informer = anew.apply(generation);
        following.put(kind, new Following(generation, informer, anew));
        var _ = informer.start().whenComplete((done, failure) -> {
            if (failure != null) {
                retry(kind, generation, failure);
            }
        });
    }

    Set<Watched> kinds() {
        return Set.copyOf(following.keySet());
    }

    /** Whether that informer is the one that we follow the kind by. */
    boolean isCurrent(Watched kind, int generation) {
        Following now = following.get(kind);
        return now != null && now.generation() == generation;
    }

    /** By another informer, if it is followed at all. */
    void beginAnew(Watched kind) {
        Following old = following.get(kind);
        if (old != null) {
            old.informer().stop();
            begin(kind, old.anew());
        }
    }

    /** It is followed no more until somebody watches it again. */
    void end(Watched kind) {
        Following old = following.remove(kind);
        if (old != null) {
            old.informer().stop();
        }
    }

    /** Always: the default of the library is to stop for good. Whoever ended it has told why. */
    @CanIgnoreReturnValue
    private boolean retry(Watched kind, int generation, Throwable failure) {
        if (!isClosed && isCurrent(kind, generation)) {
            LOG.atWarn()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("kind", kind)
                    .addKeyValue("why", failure.toString())
                    .log("watch failed, it is tried again");
        }
        return true;
    }

    void close() {
        isClosed = true;
        following.values().forEach(it -> it.informer().stop());
    }

    /** Runs on fabric8's threads and keeps nothing. */
    private final class HandOver<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final Watched kind;
        private final int generation;
        private final Function<T, ? extends KubeObject> compact;

        HandOver(Watched kind, int generation, Function<T, ? extends KubeObject> compact) {
            this.kind = kind;
            this.generation = generation;
            this.compact = compact;
        }

        @Override
        public void onAdd(T object) {
            say(new WatchNews.Put(compact.apply(object)));
        }

        @Override
        public void onUpdate(T before, T now) {
            say(new WatchNews.Put(compact.apply(now)));
        }

        @Override
        public void onDelete(T last, boolean finalStateUnknown) {
            ObjectName name = CompactForm.name(last);
            say(finalStateUnknown ? new WatchNews.Lacked(kind, name) : new WatchNews.Gone(kind, name));
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            say(new WatchNews.Listed(kind, version(resourceVersion).orElse(0)));
        }

        private void say(WatchNews news) {
            try {
                inbox.put(new WatchNews.Said(kind, generation, news));
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** They are numbers, and greater ones are later (KEP-5504). */
    static OptionalLong version(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException foreign) {
            return OptionalLong.empty();
        }
    }
}
