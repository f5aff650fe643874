package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.mcs.McsConfig;
import io.beringia.discovery.mcs.VipRange;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.McsExport.Port;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One zone with a service of each sort. */
final class Zones {
    static final List<VipRange> OURS = List.of(McsConfig.DEFAULT_IPV4, McsConfig.DEFAULT_IPV6);

    private Zones() {}

    static Zone shop() {
        List<Port> ports = List.of(tcp("http", 80), tcp("metrics", 9090), new Port("dns", Export.Protocol.UDP, 80, ""));
        List<Port> web = List.of(tcp("web", 8080), tcp("admin", 9000));
        return new Zone(
                7,
                Map.of(
                        name("shop", "cart"),
                        new Zone.Entry.Addressed(ips("241.0.0.7", "fd00:6265:7269::7"), ports),
                        name("shop", "v4"),
                        new Zone.Entry.Addressed(ips("241.0.0.8"), List.of(tcp("", 80))),
                        name("shop", "pending"),
                        new Zone.Entry.Addressed(List.of(), List.of(tcp("http", 80))),
                        name("shop", "nginx"),
                        new Zone.Entry.Headless(
                                List.of(
                                        host("web-0", "east", web, "10.1.0.1", "fd01::1"),
                                        host("web-1", "east", web, "10.1.0.2"),
                                        host("web-0", "west", web, "10.2.0.1"),
                                        host("10-2-0-2", "eu.west", web, "10.2.0.2")),
                                web),
                        name("shop", "empty"),
                        new Zone.Entry.Headless(List.of(), web),
                        name("shop", "large"),
                        new Zone.Entry.Headless(
                                IntStream.range(0, 100)
                                        .mapToObj(i -> host(
                                                "pod-" + (100 + i),
                                                "east",
                                                web,
                                                "10.3.0." + i,
                                                "fd03::" + Integer.toHexString(0x100 + i)))
                                        .toList(),
                                web)));
    }

    private static Zone.Name name(String namespace, String service) {
        return new Zone.Name(namespace, service);
    }

    private static Zone.Host host(String label, String cluster, List<Port> ports, String... addresses) {
        return new Zone.Host(label, cluster, ips(addresses), ports);
    }

    private static Port tcp(String name, int port) {
        return new Port(name, Export.Protocol.TCP, port, "");
    }

    private static List<IpAddress> ips(String... texts) {
        return Stream.of(texts).map(IpAddress::parse).toList();
    }
}
