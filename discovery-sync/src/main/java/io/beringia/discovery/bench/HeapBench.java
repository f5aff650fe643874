package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.peering.PartCodec;
import io.beringia.trust.identity.TrustDomain;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What an endpoint of another cluster costs where its addresses are reached from here: then it is held one by one, as it came
 * from the wire. Endpoints behind gateways cost nothing, they are sums.
 */
record HeapBench(int endpoints) {
    private static final int OF_A_SLICE = 100;
    private static final int COLLECTIONS = 3;

    List<Figure> take() {
        var encoded = PartCodec.encode(part());
        double each;
        try {
            long before = used();
            Optional<ClusterExports> held = PartCodec.decode(encoded, new Freshness.Live());
            each = (used() - before) / (double) held(held);
        } finally {
            Reference.reachabilityFence(encoded);
        }
        return List.of(new Figure("heap of a remote endpoint, of " + endpoints, "bytes", each, "<= 512"));
    }

    /** Reads it after the heap was, so that it is still there then. */
    private static int held(Optional<ClusterExports> part) {
        return part.orElseThrow().exports().values().stream()
                .flatMap(export -> export.slices().stream())
                .mapToInt(slice -> slice.endpoints().size())
                .sum();
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private ClusterExports part() {
        McsExport.Port port = new McsExport.Port("http", Export.Protocol.TCP, 8080, "");
        return ClusterExports.of(
                new ClusterState(
                        new ClusterId("other"),
                        new RegionId("other"),
                        new Network("net"),
                        Set.of(new TrustDomain("bench.example")),
                        List.of(),
                        RegionStatus.ACTIVE,
                        new Freshness.Live()),
                IntStream.range(0, Math.ceilDiv(endpoints, OF_A_SLICE))
                        .mapToObj(i -> new Export(
                                ClustersetName.of(SimulatedPeer.NAMESPACE, "web-" + i),
                                Instant.EPOCH,
                                List.of(),
                                Set.of(),
                                List.of(),
                                Optional.of(new McsExport(
                                        McsExport.Type.CLUSTER_SET_IP,
                                        List.of(port),
                                        McsExport.Affinity.NONE,
                                        "",
                                        "",
                                        List.of(McsExport.IpFamily.IPV4),
                                        Map.of(),
                                        Map.of())),
                                List.of(slice(i, port))))
                        .toList());
    }

    private static ExportedSlice slice(int number, McsExport.Port port) {
        return new ExportedSlice(
                "web-" + number + "-x",
                McsExport.IpFamily.IPV4,
                List.of(port),
                IntStream.range(0, OF_A_SLICE)
                        .mapToObj(i -> new ExportedSlice.Endpoint(
                                List.of(IpAddress.of(new byte[] {10, (byte) (number >> 8), (byte) number, (byte) i})),
                                "",
                                "zone-" + i % 3,
                                true,
                                true,
                                false))
                        .toList());
    }
}
