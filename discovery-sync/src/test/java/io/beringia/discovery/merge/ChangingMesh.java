package io.beringia.discovery.merge;

import static io.beringia.discovery.merge.Clusters.T0;
import static io.beringia.discovery.merge.Clusters.id;
import static io.beringia.discovery.merge.Clusters.identity;
import static io.beringia.discovery.merge.Clusters.region;
import static io.beringia.discovery.merge.Clusters.state;
import static io.beringia.discovery.merge.Clusters.tcp;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Four clusters, c1 our own, in which anything may change at any time: the same for the same seed. */
final class ChangingMesh {
    private static final int CLUSTERS = 4;
    private static final int SERVICES = 6;

    private final Random random;
    private final Map<ClusterId, ClusterExports> parts = new TreeMap<>();
    private final Map<String, Workload> pods = new TreeMap<>();
    private final Map<ServiceName, Service> services = new TreeMap<>();
    private final Map<String, Policy> policies = new TreeMap<>();
    private final Map<ServiceName, ExportedAuthority> exported = new TreeMap<>();
    private final Map<ServiceName, List<NetworkAddress>> vips = new TreeMap<>();
    private Optional<TrafficPlan> plan = Optional.empty();
    private LocalOverrides overrides = LocalOverrides.NONE;
    private long seq;

    ChangingMesh(long seed) {
        this.random = new Random(seed);
        parts.put(id(1), Clusters.part(1));
    }

    /** All that there is by now, from nothing. */
    FederationView view(long revision) {
        return FederationView.of(revision, id(1), objects(), parts.values(), plan, overrides);
    }

    private OwnObjects objects() {
        return new OwnObjects(
                List.copyOf(pods.values()),
                List.copyOf(services.values()),
                List.copyOf(policies.values()),
                List.copyOf(exported.values()),
                vips);
    }

    /** What is there before anything changes. */
    static Federation.Update first() {
        return new Federation.Update.PartChanged(Clusters.part(1));
    }

    /** Something changes. */
    Federation.Update next() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> export(1 + random.nextInt(CLUSTERS));
            case 4 -> standing(1 + random.nextInt(CLUSTERS));
            case 5 -> forgotten(2 + random.nextInt(CLUSTERS - 1));
            case 6, 7, 8 -> own(this::pod);
            case 9 -> own(this::service);
            case 10 -> own(this::policy);
            case 11 -> own(this::vip);
            case 12, 13 -> plan();
            default -> paths();
        };
    }

    /** A service is exported, in another way, or not any more. */
    private Federation.Update export(int cluster) {
        ClusterExports before = parts.getOrDefault(id(cluster), Clusters.part(cluster));
        Map<ServiceName, Export> exports = new HashMap<>(before.exports());
        ServiceName name = name();
        if (random.nextInt(4) == 0) {
            exports.remove(name);
        } else {
            Export export = new Export(
                    name,
                    T0.plusSeconds(random.nextInt(3)),
                    random.nextBoolean()
                            ? List.of(tcp("http", 80, 8080))
                            : List.of(tcp("http", 80, 8081), tcp("admin", 90, 9090)),
                    Set.of(identity(cluster, "demo", "sa-" + random.nextInt(2))),
                    IntStream.range(0, random.nextInt(3))
                            .mapToObj(i -> new Export.Capacity(new Locality("place-" + i, "", ""), random.nextInt(3)))
                            .toList());
            exports.put(name, random.nextInt(4) == 0 ? Clusters.single(export) : export);
        }
        return put(ClusterExports.of(before.cluster(), exports.values()));
    }

    /** A cluster is as old as never, has other gateways, or is back after it was gone. */
    private Federation.Update standing(int cluster) {
        ClusterExports before = parts.getOrDefault(id(cluster), Clusters.part(cluster));
        ClusterState with = Clusters.withGateways(state(cluster), pick(Health.HEALTHY, Health.UNHEALTHY))
                .as(pick(new Freshness.Live(), new Freshness.Stale(Duration.ofSeconds(random.nextInt(3)))));
        return put(new ClusterExports(with, before.exports()));
    }

    private Federation.Update put(ClusterExports part) {
        parts.put(part.cluster().cluster(), part);
        return new Federation.Update.PartChanged(part);
    }

    private Federation.Update forgotten(int cluster) {
        parts.remove(id(cluster));
        return new Federation.Update.PartForgotten(id(cluster));
    }

    private Federation.Update own(Runnable change) {
        change.run();
        return new Federation.Update.OwnChanged(objects());
    }

    private void pod() {
        String name = pick("gw-0", "a", "b", "c");
        if (random.nextInt(4) == 0) {
            pods.remove(name);
            return;
        }
        Map<ServiceName, List<ServicePort>> serves = new HashMap<>();
        IntStream.range(0, random.nextInt(3))
                .forEach(i -> serves.put(name(), List.of(new ServicePort(80, 8080 + random.nextInt(2)))));
        pods.put(
                name,
                Workload.named("c1//Pod/demo/" + name, "demo", name, id(1), new Network("net1"))
                        .addresses(List.of(IpAddress.parse("127.0.0." + (1 + random.nextInt(2)))))
                        .identity(identity(1, "demo", "x").trustDomain(), "sa-" + random.nextInt(2))
                        .services(serves)
                        .policies(random.nextBoolean() ? List.of("demo/p0") : List.of())
                        .health(pick(Health.HEALTHY, Health.UNHEALTHY))
                        .hostNetwork(random.nextInt(4) == 0)
                        .capacity(1 + random.nextInt(2) * ShareRules.ENDPOINT)
                        .build());
    }

    private void service() {
        ServiceName name =
                random.nextInt(6) == 0 ? new ServiceName("default", "kubernetes.default.svc.cluster.local") : name();
        if (random.nextInt(4) == 0) {
            services.remove(name);
            exported.remove(name);
            return;
        }
        services.put(
                name,
                new Service(
                        name,
                        List.of(address("10.0.0." + random.nextInt(3))),
                        List.of(new ServicePort(80, 8080)),
                        List.of(),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(new GatewayRef.ByHostname(new ServiceName("demo", "waypoint"), 15_008)),
                        pick(LoadBalancing.STANDARD, LoadBalancing.LOCAL_FIRST),
                        true,
                        random.nextBoolean()));
        exported.put(name, new ExportedAuthority(name, Set.of(80), Set.of(id(1 + random.nextInt(3))), Set.of()));
    }

    private void policy() {
        String name = "p" + random.nextInt(2);
        if (random.nextInt(3) == 0) {
            policies.remove(name);
        } else {
            policies.put(
                    name,
                    new Policy(
                            "demo",
                            name,
                            Policy.Scope.WORKLOAD_SELECTOR,
                            pick(Policy.Action.values()),
                            List.of(),
                            random.nextBoolean()));
        }
    }

    private void vip() {
        vips.put(name(), random.nextBoolean() ? List.of() : List.of(address("241.0.0." + random.nextInt(3))));
    }

    private Federation.Update plan() {
        seq++;
        List<RegionPlan> regions = IntStream.rangeClosed(1, CLUSTERS)
                .mapToObj(i -> RegionPlan.active(region(i), T0))
                .map(it -> random.nextInt(4) > 0
                        ? it
                        : new RegionPlan(
                                        it.region(),
                                        pick(RegionPhase.EVACUATED, RegionPhase.SUSPECT),
                                        0,
                                        List.of(),
                                        T0,
                                        "",
                                        0,
                                        T0)
                                .withOverlays(random.nextBoolean() ? Set.of() : Set.of(Overlay.PINNED)))
                .toList();
        TrafficPlan next = new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(1, seq),
                identity(1, "beringia-system", "failover"),
                T0.plusSeconds(seq),
                random.nextBoolean() ? regions : plan.map(TrafficPlan::regions).orElse(List.of()),
                plan.filter(it -> random.nextInt(3) > 0)
                        .map(TrafficPlan::defaults)
                        .orElseGet(() -> List.of(new SourceShares(region(1), shares()))),
                random.nextBoolean()
                        ? servicePlans()
                        : plan.map(TrafficPlan::services).orElse(List.of()),
                List.of(),
                "",
                Optional.empty());
        plan = Optional.of(next);
        return new Federation.Update.PlanChanged(next);
    }

    private List<ServicePlan> servicePlans() {
        Map<ServiceName, ServicePlan> plans = new HashMap<>();
        IntStream.range(0, random.nextInt(3)).forEach(i -> {
            ServiceName name = name();
            plans.put(
                    name,
                    new ServicePlan(
                            name,
                            random.nextBoolean() ? List.of() : List.of(new SourceShares(region(1), shares())),
                            random.nextBoolean()
                                    ? List.of()
                                    : List.of(new ServicePlan.State(
                                            region(1 + random.nextInt(2)),
                                            pick(ServicePlan.Phase.values()),
                                            T0,
                                            "",
                                            0,
                                            T0)),
                            Shares.WHOLE,
                            random.nextBoolean()
                                    ? Optional.empty()
                                    : Optional.of(new ServiceHome(
                                            region(1 + random.nextInt(3)),
                                            pick(ServiceHome.Standing.values()),
                                            T0,
                                            ""))));
        });
        return List.copyOf(plans.values());
    }

    private Shares shares() {
        int home = pick(0, 2_500, Shares.WHOLE);
        return Shares.of(new Shares.Share(region(1), home), new Shares.Share(region(2), Shares.WHOLE - home));
    }

    private Federation.Update paths() {
        Map<RegionId, Integer> grades = new HashMap<>();
        IntStream.range(0, random.nextInt(2)).forEach(i -> grades.put(region(1 + random.nextInt(3)), pick(0, 5_000)));
        TreeMap<ClusterId, StalePolicy> silent = new TreeMap<>();
        IntStream.range(0, random.nextInt(2))
                .forEach(i -> silent.put(id(2 + random.nextInt(2)), pick(StalePolicy.values())));
        overrides = new LocalOverrides(
                new TreeMap<>(grades), new TreeSet<>(random.nextBoolean() ? Set.of() : Set.of("gw-0")), silent);
        return new Federation.Update.PathsChanged(overrides);
    }

    private ServiceName name() {
        int number = random.nextInt(SERVICES);
        return new ServiceName("demo", "svc-" + number + ".demo.svc.cluster.local");
    }

    private static NetworkAddress address(String ip) {
        return new NetworkAddress(new Network("net1"), IpAddress.parse(ip));
    }

    @SafeVarargs
    private <T> T pick(T... any) {
        return any[random.nextInt(any.length)];
    }
}
