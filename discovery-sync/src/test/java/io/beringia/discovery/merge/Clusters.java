package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Small clusters of one number: cluster c1 is in network net1 and region r1, with one gateway. */
final class Clusters {
    static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private Clusters() {}

    static ClusterId id(int number) {
        return new ClusterId("c" + number);
    }

    static RegionId region(int number) {
        return new RegionId("r" + number);
    }

    static ClusterState state(int number) {
        Network network = new Network("net" + number);
        GatewayAddress gateway = new GatewayAddress(
                id(number),
                region(number),
                network,
                "gw-0",
                SocketAddress.parse("127.0.0." + number + ":16008"),
                identity(number, "beringia-system", "gateway"),
                Health.HEALTHY,
                1);
        return new ClusterState(
                id(number),
                region(number),
                network,
                Set.of(domain(number)),
                List.of(gateway),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    static ClusterState withGateways(ClusterState it, Health health) {
        return new ClusterState(
                it.cluster(),
                it.region(),
                it.network(),
                it.trustDomains(),
                it.gateways().stream()
                        .map(gateway -> new GatewayAddress(
                                gateway.cluster(),
                                gateway.region(),
                                gateway.network(),
                                gateway.name(),
                                gateway.address(),
                                gateway.identity(),
                                health,
                                gateway.weight()))
                        .toList(),
                it.status(),
                it.freshness());
    }

    static Export export(int number, long ready) {
        return export(number, ready, tcp("http", 80, 8080));
    }

    static Export export(int number, long ready, Export.ExportedPort... ports) {
        return new Export(
                ECHO,
                T0.plusSeconds(number),
                List.of(ports),
                Set.of(identity(number, "demo", "echo")),
                List.of(new Export.Capacity(new Locality("zone-region-" + number, "", ""), ready)));
    }

    /** The same, whose clients would rather wait than lose their streams. */
    static Export holding(Export it) {
        return new Export(
                it.service(),
                it.createdAt(),
                it.ports(),
                it.identities(),
                it.capacities(),
                it.mcs(),
                it.slices(),
                it.guard(),
                OnFailure.HOLD);
    }

    /** The same with a single writer. */
    static Export single(Export it) {
        return new Export(
                it.service(),
                it.createdAt(),
                it.ports(),
                it.identities(),
                it.capacities(),
                it.mcs(),
                it.slices(),
                it.guard(),
                it.onFailure(),
                Writers.SINGLE);
    }

    /** The same plan, by which the service has that home. */
    static TrafficPlan at(TrafficPlan plan, ServiceHome home) {
        return new TrafficPlan(
                plan.format(),
                plan.mesh(),
                plan.version(),
                plan.leader(),
                plan.decidedAt(),
                plan.regions(),
                plan.defaults(),
                List.of(new ServicePlan(ECHO, List.of(), List.of(), Shares.WHOLE, Optional.of(home))),
                plan.overrides(),
                plan.configDigest(),
                plan.ledger());
    }

    static ClusterExports part(int number, Export... exports) {
        return ClusterExports.of(state(number), List.of(exports));
    }

    static Export.ExportedPort tcp(String name, int port, int target) {
        return new Export.ExportedPort(name, Export.Protocol.TCP, port, target);
    }

    static SpiffeId identity(int number, String namespace, String account) {
        return SpiffeId.ofWorkload(domain(number), namespace, account);
    }

    static Workload pod(int number, String name, ServiceName... services) {
        return Workload.named(
                        "c" + number + "//Pod/demo/" + name, "demo", name, id(number), new Network("net" + number))
                .addresses(List.of(IpAddress.parse("10.0.0." + number)))
                .services(Stream.of(services)
                        .collect(Collectors.toMap(service -> service, service -> List.of(new ServicePort(80, 8080)))))
                .capacity(ShareRules.ENDPOINT)
                .build();
    }

    static TrafficPlan plan(long seq, Shares ofRegionOne) {
        return plan(seq, ofRegionOne, List.of());
    }

    /** @param phases of the service, in regions 1 and up */
    static TrafficPlan plan(long seq, Shares ofRegionOne, List<ServicePlan.Phase> phases) {
        List<ServicePlan.State> states = new ArrayList<>();
        for (ServicePlan.Phase phase : phases) {
            states.add(new ServicePlan.State(region(states.size() + 1), phase, T0, "test", 500, T0));
        }
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(1, seq),
                identity(1, "beringia-system", "failover"),
                T0,
                List.of(),
                List.of(new SourceShares(region(1), ofRegionOne)),
                states.isEmpty() ? List.of() : List.of(new ServicePlan(ECHO, List.of(), states, Shares.WHOLE)),
                List.of(),
                "",
                Optional.empty());
    }

    private static TrustDomain domain(int number) {
        return new TrustDomain("c" + number + ".example");
    }
}
