package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.kube.ExportScope;
import io.beringia.discovery.kube.LocalCluster;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Small sites of one number: cluster c1 is in region r1 and network net1, has trust domain c1.example and one gateway. */
final class Sites {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    static final ServiceName ECHO = service("demo", "echo");
    static final ServiceName PROBE = service("beringia-system", "beringia-probe");

    private Sites() {}

    static ClusterId id(int number) {
        return new ClusterId("c" + number);
    }

    static ServiceName service(String namespace, String name) {
        return new ServiceName(namespace, name + "." + namespace + ".svc.cluster.local");
    }

    static TrustDomain domain(int number) {
        return new TrustDomain("c" + number + ".example");
    }

    static SpiffeId account(int number, String namespace, String name) {
        return SpiffeId.ofWorkload(domain(number), namespace, name);
    }

    static SpiffeId discovery(int number) {
        return account(number, "beringia-system", "discovery");
    }

    static PeerVerdict.Verified caller(SpiffeId id, Optional<String> mark) {
        return new PeerVerdict.Verified(id, mark, "ab", "cd", 1, T0.plusSeconds(3600));
    }

    static PeerConfig peer(int number, List<String> addresses) {
        return new PeerConfig(
                id(number),
                new RegionId("r" + number),
                domain(number),
                Set.of(discovery(number)),
                addresses,
                Set.of(new Network("net" + number)),
                PeerConfig.ClusterMark.REQUIRED);
    }

    /**
     * One that is told apart from others.
     *
     * @param namespaces it may export into; none means all
     * @param gateways that are dialled somewhere else than it says
     */
    static PeerConfig peer(int number, Set<String> namespaces, Map<String, SocketAddress> gateways) {
        PeerConfig all = peer(number, List.of());
        return new PeerConfig(
                all.cluster(),
                all.region(),
                all.trustDomain(),
                all.identities(),
                all.addresses(),
                all.networks(),
                all.mark(),
                Set.of(),
                namespaces,
                gateways);
    }

    static PeerAuthority authority(int number) {
        return new PeerAuthority(peer(number, List.of()), "mesh", ProbeName.DEFAULT, PeerLimits.DEFAULT);
    }

    static GatewayAddress gateway(int number, String name) {
        return new GatewayAddress(
                id(number),
                new RegionId("r" + number),
                new Network("net" + number),
                name,
                SocketAddress.parse("127.0.0." + number + ":15008"),
                account(number, "beringia-system", "gateway"),
                Health.HEALTHY,
                2);
    }

    static ClusterState state(int number) {
        return new ClusterState(
                id(number),
                new RegionId("r" + number),
                new Network("net" + number),
                Set.of(domain(number)),
                List.of(gateway(number, "gw-0")),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    static Export export(int number, ServiceName service, long ready) {
        return new Export(
                service,
                T0.plusSeconds(number),
                List.of(
                        new Export.ExportedPort("http", Export.Protocol.TCP, 80, 8080),
                        new Export.ExportedPort("dns", Export.Protocol.UDP, 53, 53)),
                Set.of(account(number, service.namespace(), "web"), account(number, service.namespace(), "api")),
                List.of(
                        new Export.Capacity(new Locality("r" + number, "z1", ""), ready),
                        new Export.Capacity(new Locality("r" + number, "z2", ""), 1)));
    }

    static ClusterExports part(int number, Export... exports) {
        return ClusterExports.of(state(number), List.of(exports));
    }

    /** A cluster that has these services, exports all of them, and has their namespaces. */
    static LocalPart local(int number, Collection<ServiceName> services, Set<String> namespaces) {
        return local(
                number,
                services,
                services.stream().collect(Collectors.toMap(Function.identity(), name -> new ExportScope.Everyone())),
                namespaces);
    }

    static LocalPart local(
            int number,
            Collection<ServiceName> services,
            Map<ServiceName, ? extends ExportScope> exported,
            Set<String> namespaces) {
        return new LocalPart(
                new LocalCluster(
                        id(number), new Network("net" + number), domain(number), "cluster.local", "istio-system"),
                services.stream().map(Sites::service).toList(),
                List.of(),
                exported.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> new LocalPart.Export(entry.getValue(), T0, origin(entry.getKey())))),
                namespaces);
    }

    private static LocalPart.Export.Origin origin(ServiceName name) {
        String service = name.hostname().substring(0, name.hostname().indexOf('.'));
        return new LocalPart.Export.Origin(new ObjectName(name.namespace(), service), Map.of(), Map.of());
    }

    private static Service service(ServiceName name) {
        return new Service(
                name, List.of(), List.of(), List.of(), Optional.empty(), LoadBalancing.STANDARD, true, false);
    }
}
