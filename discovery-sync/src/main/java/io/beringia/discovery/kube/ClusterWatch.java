package io.beringia.discovery.kube;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.beringia.discovery.kube.WatchNews.Watched;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches namespaces, nodes, pods, services and endpoint slices of one cluster, and {@link CustomKind}s where their
 * definitions are installed, and tells what they mean. Handlers run on
 * fabric8's threads and only hand over; the thread {@code kube/<cluster>} owns what is known and calls the listener,
 * which may block: then the watches wait. An informer says that it runs while its server is frozen, so the thread
 * {@code kube-liveness/<cluster>} asks {@code /readyz} itself, and {@code kube-version/<cluster>} for the
 * version, since a watch does not say that etcd was restored; {@code kube-definitions/<cluster>} looks for custom kinds.
 */
public final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

    /** A resync of a large cluster; a fuller inbox makes the watch wait, which is what we want. */
    private static final int INBOX_NEWS = 16_384;

    /** Objects of one page of the first list. */
    private static final long PAGE_OBJECTS = 500;

    /** A page of 500 objects on a busy server; then it is tried again. */
    private static final Duration LIST_ANSWER_MAX = Duration.ofSeconds(30);

    /** Synthetic updates are of no use to us. */
    private static final long NO_RESYNC = 0;

    private final LocalCluster cluster;
    private final Consumer<ClusterNews> listener;
    private final Liveness liveness;
    private final BlockingQueue<WatchNews> inbox = new ArrayBlockingQueue<>(INBOX_NEWS);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ExecutorService tasks;
    private final KubernetesClient client;
    private final KubernetesClient prober;
    /** Of its API; its thread owns it. */
    private long newest;

    private final Map<Watched, Following> following = new ConcurrentHashMap<>();
    private final WatchPulse pulse;
    private final InstantSource clock;
    private final CustomVersions versions;
    private final List<Thread> threads;

    /**
     * How often the API is asked whether it lives, and how long it may take to say so. Together they bound the time until
     * {@link ClusterNews.ClusterStale}.
     *
     * @param watchSilenceMax after which a watch begins anew whose API answers otherwise: its connection is half open
     */
    public record Liveness(Duration every, Duration answerMax, Duration watchSilenceMax) {
        /** An API server sends a bookmark about every minute: two may be missing. */
        public static final Liveness DEFAULT =
                new Liveness(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(3));
    }

    /** How one kind is followed; what an earlier generation still says is over. */
    private record Following(
            int generation, SharedIndexInformer<?> informer, IntFunction<SharedIndexInformer<?>> anew) {}

    private ClusterWatch(
            Kubeconfig access,
            LocalCluster cluster,
            Liveness liveness,
            InstantSource clock,
            Consumer<ClusterNews> listener) {
        this.clock = clock;
        this.pulse = new WatchPulse(clock);
        this.cluster = cluster;
        this.listener = listener;
        this.liveness = liveness;
        this.tasks = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("watch/" + cluster.id() + "-", 0).factory());
        this.client = KubeClients.connect(
                access, LIST_ANSWER_MAX, tasks, http -> http.addOrReplaceInterceptor("watch-pulse", pulse));
        this.prober = KubeClients.connect(access, liveness.answerMax(), tasks);
        this.versions = new CustomVersions(client);
        this.threads = List.of(
                Thread.ofVirtual().name("kube/" + cluster.id()).unstarted(this::run),
                Thread.ofVirtual().name("kube-liveness/" + cluster.id()).unstarted(() -> repeat(this::probe)),
                Thread.ofVirtual().name("kube-version/" + cluster.id()).unstarted(() -> repeat(this::followVersion)),
                Thread.ofVirtual()
                        .name("kube-definitions/" + cluster.id())
                        .unstarted(() -> repeat(this::awaitDefinitions)));
    }

    /**
     * Watches until closed, whether the API answers now or later. News come on one thread, one after the other.
     *
     * @param clock must not jump
     */
    public static ClusterWatch start(
            Kubeconfig access,
            LocalCluster cluster,
            Liveness liveness,
            InstantSource clock,
            Consumer<ClusterNews> listener) {
        ClusterWatch watch = new ClusterWatch(access, cluster, liveness, clock, listener);
        watch.threads.forEach(Thread::start);
        watch.startInformers();
        return watch;
    }

    private void startInformers() {
        watch(Watched.NAMESPACES, client.namespaces(), Namespace::new, CompactForm::of);
        watch(Watched.NODES, client.nodes(), Node::new, CompactForm::of);
        watch(Watched.SERVICES, client.services().inAnyNamespace(), Service::new, CompactForm::of);
        watch(
                Watched.PODS,
                client.pods().inAnyNamespace().withoutField("status.phase", "Failed"),
                Pod::new,
                CompactForm::of);
        watch(
                Watched.ENDPOINT_SLICES,
                client.discovery().v1().endpointSlices().inAnyNamespace(),
                EndpointSlice::new,
                CompactForm::of);
    }

    private <T extends HasMetadata> void watch(
            Watched kind, Informable<T> of, Supplier<T> empty, Function<T, ? extends KubeObject> compact) {
        begin(
                kind,
                0,
                generation -> of.withLimit(PAGE_OBJECTS)
                        .runnableInformer(NO_RESYNC)
                        .itemStore(new KeptNames<>(empty))
                        .exceptionHandler((started, failure) -> retry(kind, failure))
                        .addEventHandler(new HandOver<>(kind, generation, compact)));
    }

    private void begin(Watched kind, int generation, IntFunction<SharedIndexInformer<?>> anew) {
        SharedIndexInformer<?> informer = anew.apply(generation);
        following.put(kind, new Following(generation, informer, anew));
        var _ = informer.start().whenComplete((done, failure) -> {
            if (failure != null) {
                retry(kind, failure);
            }
        });
    }

    /** Always: the default of the library is to stop for good. */
    @CanIgnoreReturnValue
    private boolean retry(Watched kind, Throwable failure) {
        if (stop.getCount() > 0) {
            LOG.atWarn()
                    .addKeyValue("cluster", cluster.id())
                    .addKeyValue("kind", kind)
                    .addKeyValue("why", failure.toString())
                    .log("watch failed, it is tried again");
        }
        return true;
    }

    private void run() {
        ClusterStore store = new ClusterStore(cluster);
        List<WatchNews> batch = new ArrayList<>();
        boolean live = true;
        boolean isRewound = false;
        int heldBack = 0;
        try {
            while (true) {
                batch.add(inbox.take());
                inbox.drainTo(batch);
                batch.stream()
                        .flatMap(news -> current(news).stream())
                        .forEach(news -> store.apply(news, clock.instant()));
                store.letGo(clock.instant());
                store.changed().ifPresent(part -> listener.accept(new ClusterNews.PartChanged(part)));
                live = tellLiveness(live, batch);
                isRewound |= batch.contains(new WatchNews.Rewound());
                if (live) {
                    beginAnew(store, isRewound);
                    isRewound = false;
                }
                if (heldBack != store.heldBack()) {
                    heldBack = store.heldBack();
                    listener.accept(new ClusterNews.HeldBack(cluster.id(), heldBack));
                }
                batch.clear();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is said by an informer that was replaced is empty. */
    private Optional<WatchNews> current(WatchNews news) {
        if (news instanceof WatchNews.Said(Watched kind, int generation, WatchNews what)) {
            Following now = following.get(kind);
            return Optional.of(what).filter(it -> now != null && now.generation() == generation);
        }
        return Optional.of(news);
    }

    /**
     * A watch that says nothing any more, and a kind of which a second list has to confirm the first; all of them when its
     * API went back in time, since a watch may then wait for a version of before. What is known stays.
     */
    private void beginAnew(ClusterStore store, boolean isRewound) {
        List<Watched> due = new ArrayList<>(isRewound ? following.keySet() : store.needingLists(clock.instant()));
        following.keySet().stream()
                .filter(kind -> !due.contains(kind) && pulse.isSilent(kind.plural(), liveness.watchSilenceMax()))
                .forEach(kind -> {
                    LOG.atWarn()
                            .addKeyValue("cluster", cluster.id())
                            .addKeyValue("kind", kind)
                            .log("watch is silent while its API answers, it begins anew");
                    due.add(kind);
                });
        for (Watched kind : due) {
            Following old = following.get(kind);
            if (old != null) {
                old.informer().stop();
                store.begin(kind);
                begin(kind, old.generation() + 1, old.anew());
            }
        }
    }

    private boolean tellLiveness(boolean before, List<WatchNews> batch) {
        boolean live = before;
        for (WatchNews news : batch) {
            if (news instanceof WatchNews.Probed(boolean answered) && answered != live) {
                live = answered;
                listener.accept(
                        live ? new ClusterNews.ClusterLive(cluster.id()) : new ClusterNews.ClusterStale(cluster.id()));
            }
        }
        return live;
    }

    /** Looks again until it says that it has seen all, or we close; a client that closing took away is no fault. */
    private void repeat(Look look) {
        try {
            boolean isAgain = look.isAgain();
            while (isAgain && !stop.await(liveness.every().toNanos(), TimeUnit.NANOSECONDS)) {
                isAgain = look.isAgain();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException clientIsClosed) {
            if (stop.getCount() > 0) {
                throw clientIsClosed;
            }
        }
    }

    /** One of many. */
    @FunctionalInterface
    private interface Look {
        boolean isAgain() throws InterruptedException;
    }

    private boolean probe() throws InterruptedException {
        inbox.put(new WatchNews.Probed(answers()));
        return true;
    }

    private boolean followVersion() throws InterruptedException {
        OptionalLong version = version();
        if (version.isPresent() && version.getAsLong() < newest) {
            LOG.atError()
                    .addKeyValue("cluster", cluster.id())
                    .addKeyValue("before", newest)
                    .addKeyValue("now", version.getAsLong())
                    .log("the API went back in time, what it lacks now stays until a second list");
            inbox.put(new WatchNews.Rewound());
        }
        newest = version.orElse(newest);
        return true;
    }

    /** Their definitions may be installed at any time; from then on the kind is watched for good. */
    private boolean awaitDefinitions() throws InterruptedException {
        watchDefined();
        return !versions.isComplete();
    }

    private void watchDefined() throws InterruptedException {
        for (CustomVersions.Found found : versions.look()) {
            switch (found) {
                case CustomVersions.Found.Served(CustomKind kind, ResourceDefinitionContext served) ->
                    watch(
                            kind.watched(),
                            kind.isNamespaced()
                                    ? client.genericKubernetesResources(served).inAnyNamespace()
                                    : client.genericKubernetesResources(served),
                            GenericKubernetesResource::new,
                            kind::compact);
                case CustomVersions.Found.Absent(CustomKind kind) -> inbox.put(new WatchNews.Absent(kind.watched()));
            }
        }
    }

    private boolean answers() {
        try {
            return prober.raw("/readyz") != null;
        } catch (KubernetesClientException silent) {
            return false;
        }
    }

    /** At which its API is, by a consistent read of next to nothing; empty where it does not say. */
    private OptionalLong version() {
        try {
            return version(prober.namespaces()
                    .list(new ListOptionsBuilder().withLimit(1L).build())
                    .getMetadata()
                    .getResourceVersion());
        } catch (KubernetesClientException silent) {
            return OptionalLong.empty();
        }
    }

    /** They are numbers, and greater ones are later (KEP-5504). */
    private static OptionalLong version(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException foreign) {
            return OptionalLong.empty();
        }
    }

    /** Any thread. No news come after the listener returns from the current one. */
    @Override
    public void close() {
        stop.countDown();
        following.values().forEach(it -> it.informer().stop());
        threads.forEach(Thread::interrupt);
        client.close();
        prober.close();
        tasks.shutdownNow();
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
            put(new WatchNews.Put(compact.apply(object)));
        }

        @Override
        public void onUpdate(T before, T now) {
            put(new WatchNews.Put(compact.apply(now)));
        }

        @Override
        public void onDelete(T last, boolean finalStateUnknown) {
            ObjectName name = CompactForm.name(last);
            put(finalStateUnknown ? new WatchNews.Lacked(kind, name) : new WatchNews.Gone(kind, name));
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            put(new WatchNews.Listed(kind, version(resourceVersion).orElse(0)));
        }

        private void put(WatchNews news) {
            try {
                inbox.put(new WatchNews.Said(kind, generation, news));
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
