package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.bench.DiscoveryBenchMain.Scale;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.peering.PeerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A source that changes, a consumer whose client sees it, and many others around. Owned by the bench's thread. */
final class MeshBench {
    private static final String SOURCE = "source";
    private static final String CONSUMER = "consumer";

    /** The first changes are for the compiler, as many as are timed at most. */
    private static final int WARM_UP_MAX = 20;

    private final Ground ground;
    private final Scale scale;

    MeshBench(Ground ground, Scale scale) {
        this.ground = ground;
        this.scale = scale;
    }

    List<Figure> two() throws IOException, InterruptedException {
        try (BenchCluster source = new BenchCluster(ground, SOURCE);
                BenchCluster consumer = new BenchCluster(ground, CONSUMER)) {
            source.start(List.of(SimulatedPeer.config(ground, CONSUMER, Optional.empty())));
            consumer.start(List.of(source.asPeer()));
            try (Follower client = consumer.follower(0)) {
                return changes(source, client).figures("change with 2 clusters", "< 100");
            }
        }
    }

    /** Cold, then warm, then without anybody to ask. */
    List<Figure> many() throws IOException, InterruptedException {
        List<SimulatedPeer> others = new ArrayList<>();
        try (BenchCluster source = new BenchCluster(ground, SOURCE);
                BenchCluster consumer = new BenchCluster(ground, CONSUMER)) {
            source.start(List.of(SimulatedPeer.config(ground, CONSUMER, Optional.empty())));
            others.addAll(others());
            List<PeerConfig> peers = new ArrayList<>(List.of(source.asPeer()));
            others.forEach(other -> peers.add(
                    SimulatedPeer.config(ground, other.toString(), Optional.of("127.0.0.1:" + other.port()))));

            List<Figure> figures = new ArrayList<>();
            figures.add(new Figure(
                    "cold start, %d clusters, %d endpoints".formatted(scale.clusters(), scale.allEndpoints()),
                    "s",
                    untilComplete(consumer, peers) / 1e9,
                    "< 60"));
            try (Follower client = consumer.follower(0)) {
                figures.addAll(changes(source, client)
                        .figures("change with %d clusters".formatted(scale.clusters()), "< 100"));
            }
            consumer.stopDiscovery();
            source.stopDiscovery();
            others.forEach(SimulatedPeer::close);
            consumer.stopApi();
            figures.add(new Figure("blackout start", "s", untilComplete(consumer, peers) / 1e9, "< 5"));
            return figures;
        } finally {
            others.forEach(SimulatedPeer::close);
        }
    }

    private List<SimulatedPeer> others() {
        List<SimulatedPeer> others = new ArrayList<>();
        for (int i = 0; i < scale.clusters() - 2; i++) {
            String name = "peer-" + i;
            SimulatedPeer peer =
                    new SimulatedPeer(ground, name, List.of(SimulatedPeer.config(ground, CONSUMER, Optional.empty())));
            peer.export(
                    SimulatedPeer.services(ground, name, scale.services(), scale.endpoints()),
                    Set.of(new ClusterId(CONSUMER)));
            others.add(peer);
        }
        return others;
    }

    /** From the start of its discovery until a client has all of the mesh, in nanoseconds. */
    private long untilComplete(BenchCluster consumer, List<PeerConfig> peers) throws IOException, InterruptedException {
        int all = (scale.clusters() - 2) * scale.services() + 1;
        long start = System.nanoTime();
        consumer.start(peers);
        try (Follower client = consumer.follower(1)) {
            return client.await(
                            "all services", catalog -> catalog.relayTargets().size() == all)
                    - start;
        }
    }

    /** From before the write in the source until the consumer's client has it. */
    private Samples changes(BenchCluster source, Follower client) throws IOException, InterruptedException {
        client.await("the source", MeshBench::isReady);
        List<Long> nanos = new ArrayList<>();
        for (int i = -Math.min(WARM_UP_MAX, scale.changes()); i < scale.changes(); i++) {
            long start = System.nanoTime();
            boolean isReady = source.toggle();
            long seen = client.await("change " + i, catalog -> isReady(catalog) == isReady);
            if (i >= 0) {
                nanos.add(seen - start);
            }
        }
        return Samples.of(nanos);
    }

    private static boolean isReady(Catalog catalog) {
        return Optional.ofNullable(catalog.relayTargets().get(BenchCluster.WEB.hostname())).stream()
                .map(RelayTarget::parts)
                .flatMap(List::stream)
                .anyMatch(part -> part.cluster().name().equals(SOURCE) && part.capacity() > 0);
    }
}
