package io.beringia.discovery.kube;

import io.beringia.discovery.kube.WatchNews.Watched;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    /** A page of 500 objects on a busy server; then it is tried again. */
    private static final Duration LIST_ANSWER_MAX = Duration.ofSeconds(30);

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

    private final KindWatches watches;
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

    private ClusterWatch(
            Kubeconfig access,
            LocalCluster cluster,
            Liveness liveness,
            InstantSource clock,
            Consumer<ClusterNews> listener) {
        this.clock = clock;
        this.pulse = new WatchPulse(clock, this::onNotFound);
        this.cluster = cluster;
        this.watches = new KindWatches(cluster.id(), inbox);
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
                        .unstarted(() -> repeat(this::lookForDefinitions)));
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
        watches.watch(Watched.NAMESPACES, client.namespaces(), Namespace::new, CompactForm::of);
        watches.watch(Watched.NODES, client.nodes(), Node::new, CompactForm::of);
        watches.watch(Watched.SERVICES, client.services().inAnyNamespace(), Service::new, CompactForm::of);
        watches.watch(
                Watched.PODS,
                client.pods().inAnyNamespace().withoutField("status.phase", "Failed"),
                Pod::new,
                CompactForm::of);
        watches.watch(
                Watched.ENDPOINT_SLICES,
                client.discovery().v1().endpointSlices().inAnyNamespace(),
                EndpointSlice::new,
                CompactForm::of);
    }

    private void run() {
        ClusterStore store = new ClusterStore(cluster);
        List<WatchNews> batch = new ArrayList<>();
        boolean live = true;
        boolean isRewound = false;
        List<HeldKind> heldBack = List.of();
        try {
            while (true) {
                batch.add(inbox.take());
                inbox.drainTo(batch);
                for (WatchNews news : batch) {
                    apply(store, news);
                }
                store.letGo(clock.instant());
                store.changed().ifPresent(part -> listener.accept(new ClusterNews.PartChanged(part)));
                live = tellLiveness(live, batch);
                isRewound |= batch.contains(new WatchNews.Rewound());
                if (live) {
                    beginAnew(store, isRewound);
                    isRewound = false;
                }
                if (!heldBack.equals(store.heldBack())) {
                    heldBack = store.heldBack();
                    listener.accept(new ClusterNews.HeldBack(cluster.id(), heldBack));
                }
                batch.clear();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is said by an informer that was replaced is nothing. */
    private void apply(ClusterStore store, WatchNews news) {
        if (news instanceof WatchNews.Said(Watched kind, int generation, WatchNews what)) {
            if (watches.isCurrent(kind, generation)) {
                apply(store, what);
            }
            return;
        }
        if (news instanceof WatchNews.Undefined(Watched kind)) {
            if (!watches.kinds().contains(kind)) {
                return;
            }
            watches.end(kind);
            pulse.ended(kind.plural());
            CustomKind.of(kind).ifPresent(versions::lost);
        }
        store.apply(news, clock.instant());
    }

    /**
     * A watch that says nothing any more, and a kind of which a second list has to confirm the first; all of them when its
     * API went back in time, since a watch may then wait for a version of before. What is known stays.
     */
    private void beginAnew(ClusterStore store, boolean isRewound) {
        List<Watched> due = new ArrayList<>(isRewound ? watches.kinds() : store.needingLists(clock.instant()));
        watches.kinds().stream()
                .filter(kind -> !due.contains(kind) && pulse.isSilent(kind.plural(), liveness.watchSilenceMax()))
                .forEach(kind -> {
                    LOG.atWarn()
                            .addKeyValue("cluster", cluster.id())
                            .addKeyValue("kind", kind)
                            .log("watch is silent while its API answers, it begins anew");
                    due.add(kind);
                });
        for (Watched kind : due) {
            store.begin(kind);
            watches.beginAnew(kind);
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

    /** Looks again until we close; a client that closing took away is no fault. */
    private void repeat(Look look) {
        try {
            do {
                look.take();
            } while (!stop.await(liveness.every().toNanos(), TimeUnit.NANOSECONDS));
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
        void take() throws InterruptedException;
    }

    private void probe() throws InterruptedException {
        inbox.put(new WatchNews.Probed(answers()));
    }

    private void followVersion() throws InterruptedException {
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
    }

    /** A definition may be installed at any time, and be gone at any other; between the two its kind is watched. */
    private void lookForDefinitions() throws InterruptedException {
        for (CustomVersions.Found found : versions.look()) {
            switch (found) {
                case CustomVersions.Found.Served(CustomKind kind, ResourceDefinitionContext served) ->
                    watches.watch(
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

    /** Runs on fabric8's threads: it does not wait, since whoever is not found is asked for again. */
    private void onNotFound(String plural) {
        Stream.of(CustomKind.values())
                .filter(kind -> kind.plural().equals(plural))
                .forEach(kind -> {
                    var _ = inbox.offer(new WatchNews.Undefined(kind.watched()));
                });
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
            return KindWatches.version(prober.namespaces()
                    .list(new ListOptionsBuilder().withLimit(1L).build())
                    .getMetadata()
                    .getResourceVersion());
        } catch (KubernetesClientException silent) {
            return OptionalLong.empty();
        }
    }

    /** Any thread. No news come after the listener returns from the current one. */
    @Override
    public void close() {
        stop.countDown();
        watches.close();
        threads.forEach(Thread::interrupt);
        client.close();
        prober.close();
        tasks.shutdownNow();
    }
}
