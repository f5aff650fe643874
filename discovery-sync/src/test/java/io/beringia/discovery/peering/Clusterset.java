package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Services that a ServiceExport exports, and their endpoints. */
final class Clusterset {
    static final ServiceName ECHO = ClustersetName.of("demo", "echo");

    private Clusterset() {}

    static McsExport export(Random random) {
        return new McsExport(
                random.nextBoolean() ? McsExport.Type.HEADLESS : McsExport.Type.CLUSTER_SET_IP,
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> new McsExport.Port("p" + i, protocol(random), 80 + i, "kubernetes.io/h2c"))
                        .toList(),
                new McsExport.Affinity(
                        random.nextBoolean(), random.nextBoolean() ? OptionalInt.of(10) : OptionalInt.empty()),
                random.nextBoolean() ? "Local" : "",
                random.nextBoolean() ? "PreferClose" : "",
                random.nextBoolean() ? List.of(IpFamily.IPV6, IpFamily.IPV4) : List.of(IpFamily.IPV4),
                Map.of("example.org/tier", "t" + random.nextInt(3)),
                random.nextBoolean() ? Map.of("note", "any text: \u00e4 {}") : Map.of());
    }

    private static Export.Protocol protocol(Random random) {
        return List.of(Export.Protocol.TCP, Export.Protocol.UDP, Export.Protocol.SCTP)
                .get(random.nextInt(3));
    }

    static PeerResource.OfEndpoints endpoints(int number, Random random) {
        return endpoints(number, ECHO, slice("echo-" + random.nextInt(1000), 1 + random.nextInt(3)));
    }

    static PeerResource.OfEndpoints endpoints(int number, ServiceName service, ExportedSlice slice) {
        return new PeerResource.OfEndpoints(Sites.id(number), service, new Network("net" + number), slice);
    }

    static ExportedSlice slice(String name, int endpoints) {
        return new ExportedSlice(
                name,
                IpFamily.IPV4,
                List.of(new McsExport.Port("http", Export.Protocol.TCP, 8080, "")),
                IntStream.range(0, endpoints)
                        .mapToObj(i -> new ExportedSlice.Endpoint(
                                List.of(IpAddress.parse("10.1." + (i >> 8) + "." + (i & 255))),
                                "echo-" + i,
                                "z1",
                                true,
                                true,
                                false))
                        .toList());
    }

    /** One that is exported, with these endpoints. */
    static Export export(int number, ExportedSlice... slices) {
        Export it = Sites.export(number, ECHO, 1);
        return new Export(
                it.service(),
                it.createdAt(),
                it.ports(),
                Set.of(Sites.account(number, "demo", "web")),
                it.capacities(),
                Optional.of(export(new Random(number))),
                List.of(slices));
    }
}
