package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.bench.DiscoveryBenchMain.Scale;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.Health;
import io.beringia.trust.client.GrpcTls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One discovery and many clients, each over a connection of its own. Owned by the bench's thread. */
final class ClientsBench {
    private static final String CLUSTER = "consumer";
    private static final String POD = CLUSTER + "//Pod/bench/web-0";

    /** A change costs one time for each client, so a few are enough. */
    private static final int TIMES_MAX = 30;

    private static final int WARM_UP = 3;

    private final Ground ground;
    private final Scale scale;
    private final List<Follower> clients = new ArrayList<>();

    ClientsBench(Ground ground, Scale scale) {
        this.ground = ground;
        this.scale = scale;
    }

    List<Figure> take() throws IOException, InterruptedException {
        try (BenchCluster cluster = new BenchCluster(ground, CLUSTER);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            cluster.start(List.of());
            GrpcTls tls = ground.tls(CLUSTER, Ground.GATEWAY);
            for (int i = 0; i < scale.clients(); i++) {
                clients.add(cluster.follower(i, tls));
            }
            seen(threads, true);

            List<Long> times = new ArrayList<>();
            for (int i = -WARM_UP; i < Math.min(scale.changes(), TIMES_MAX); i++) {
                long start = System.nanoTime();
                boolean isReady = cluster.toggle();
                List<Long> all = seen(threads, isReady);
                if (i >= 0) {
                    all.forEach(at -> times.add(at - start));
                }
            }
            List<Figure> figures = new ArrayList<>(
                    Samples.of(times).figures("change at %d clients".formatted(scale.clients()), "<= 500"));
            figures.addAll(reconnect(cluster, threads));
            return figures;
        } finally {
            clients.forEach(Follower::close);
        }
    }

    /** A new discovery in the place of the old one: until all have seen a change that came after it. */
    private List<Figure> reconnect(BenchCluster cluster, ExecutorService threads)
            throws IOException, InterruptedException {
        int port = cluster.discovery().xdsPort();
        cluster.stopDiscovery();
        long start = System.nanoTime();
        cluster.start(List.of(), port);
        boolean isReady = cluster.toggle();
        long last = seen(threads, isReady).stream().mapToLong(at -> at).max().orElseThrow();
        String name = "reconnect of %d clients".formatted(scale.clients());
        return List.of(
                new Figure(name, "s", (last - start) / 1e9, "< 30"),
                new Figure(name + ", resources sent to each", "", cluster.sent() / scale.clients(), ""));
    }

    /** When each has it. */
    private List<Long> seen(ExecutorService threads, boolean isReady) throws IOException, InterruptedException {
        List<Callable<Long>> waits = new ArrayList<>();
        for (Follower client : clients) {
            waits.add(() -> client.await("a change", catalog -> health(catalog) == isReady));
        }
        List<Long> seen = new ArrayList<>();
        for (Future<Long> one : threads.invokeAll(waits)) {
            try {
                seen.add(one.get());
            } catch (ExecutionException failed) {
                throw new IOException(String.valueOf(failed.getCause()), failed);
            }
        }
        return seen;
    }

    private static boolean health(Catalog catalog) {
        var pod = catalog.workloads().get(POD);
        return pod != null && pod.health() == Health.HEALTHY;
    }
}
