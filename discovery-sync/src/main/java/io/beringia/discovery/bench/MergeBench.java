package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.bench.DiscoveryBenchMain.Scale;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.merge.Audience;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.discovery.merge.Projection;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** All clusters to one view and from there to what gateways are told, from nothing. Every cluster has the same services. */
record MergeBench(Scale scale) {
    private static final TrustDomain DOMAIN = new TrustDomain("bench.example");
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Audience GATEWAYS = new Audience(Audience.Kind.GATEWAY, Audience.Mode.DIRECT);

    /** The first rounds are for the compiler. */
    private static final int WARM_UP = 10;

    private static final int ROUNDS = 21;

    List<Figure> take() {
        List<ClusterExports> parts =
                IntStream.range(0, scale.clusters()).mapToObj(this::part).toList();
        List<Long> nanos = new ArrayList<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long start = System.nanoTime();
            FederationView view =
                    FederationView.of(1, id(0), OwnObjects.NONE, parts, Optional.empty(), LocalOverrides.NONE);
            int told = Projection.of(view, GATEWAYS, Optional.empty())
                    .relayTargets()
                    .size();
            if (told != scale.services()) {
                throw new IllegalStateException("merged: " + told + " (expected: " + scale.services() + ")");
            }
            if (round >= 0) {
                nanos.add(System.nanoTime() - start);
            }
        }
        return List.of(new Figure(
                "merge of %d clusters, %d endpoints".formatted(scale.clusters(), scale.allEndpoints()),
                "ms",
                Samples.of(nanos).millis(0.5),
                "< 250"));
    }

    private ClusterExports part(int cluster) {
        ClusterState state = new ClusterState(
                id(cluster),
                new RegionId("region-" + cluster),
                new Network("net-" + cluster),
                Set.of(DOMAIN),
                List.of(),
                RegionStatus.ACTIVE,
                new Freshness.Live());
        return ClusterExports.of(
                state,
                IntStream.range(0, scale.services())
                        .mapToObj(i -> new Export(
                                SimulatedPeer.service("web-" + i),
                                SINCE.plusSeconds(cluster),
                                List.of(new Export.ExportedPort("http", Export.Protocol.TCP, 80, 8080)),
                                Set.of(SpiffeId.ofWorkload(DOMAIN, SimulatedPeer.NAMESPACE, "web")),
                                List.of(new Export.Capacity(
                                        new Locality("region-" + cluster, "a", ""), scale.endpoints()))))
                        .toList());
    }

    private static ClusterId id(int cluster) {
        return new ClusterId("c" + cluster);
    }
}
