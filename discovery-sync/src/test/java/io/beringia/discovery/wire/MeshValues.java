package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Catalog values by chance, the same for the same seed; edges are likelier than they are in life. */
final class MeshValues {
    private static final int FEW = 4;

    private final Random random;

    MeshValues(long seed) {
        this.random = new Random(seed);
    }

    MeshValue any() {
        return switch (random.nextInt(6)) {
            case 0 -> new MeshValue.OfWorkload(workload());
            case 1 -> new MeshValue.OfService(service());
            case 2 -> new MeshValue.OfPolicy(policy());
            case 3 -> new MeshValue.OfExported(exported());
            case 4 -> new MeshValue.OfRelayTarget(relayTarget());
            default -> new MeshValue.OfCluster(cluster());
        };
    }

    Workload workload() {
        Workload.Builder builder = Workload.named(
                        clusterId() + "//Pod/" + word() + "/" + word(), word(), word(), clusterId(), network())
                .addresses(few(this::ip))
                .tunnel(pick(Workload.Tunnel.values()))
                .identity(trustDomain(), pick("default", "web", "echo-sa"))
                .description(new Workload.Description(
                        word(), word(), pick("pod", "deployment", "cronjob", "job"), word(), word()))
                .services(services())
                .policies(few(() -> word() + "/" + word()))
                .health(pick(Health.values()))
                .locality(locality())
                .hostNetwork(random.nextBoolean())
                .capacity(pick(0L, 1L, 1_000L, Workload.CAPACITY_MAX, (long) random.nextInt(10_000)));
        maybe(() -> builder.hostname(hostname()));
        maybe(() -> builder.waypoint(gatewayRef()));
        maybe(() -> builder.networkGateway(gatewayRef()));
        maybe(() -> builder.proxyProtocolPort(port()));
        return builder.build();
    }

    Service service() {
        return new Service(
                serviceName(),
                few(this::networkAddress),
                ports(),
                few(this::identity),
                random.nextBoolean() ? Optional.of(gatewayRef()) : Optional.empty(),
                pick(
                        LoadBalancing.STANDARD,
                        LoadBalancing.LOCAL_FIRST,
                        new LoadBalancing(
                                few(() -> pick(LoadBalancing.Scope.values())),
                                pick(LoadBalancing.Mode.values()),
                                pick(LoadBalancing.HealthPolicy.values()))),
                random.nextBoolean(),
                random.nextBoolean());
    }

    Policy policy() {
        return new Policy(
                word(),
                word(),
                pick(Policy.Scope.values()),
                pick(Policy.Action.values()),
                few(() -> new Policy.Rule(few(() -> new Policy.Clause(few(this::match))))),
                random.nextBoolean());
    }

    ExportedAuthority exported() {
        return new ExportedAuthority(serviceName(), portSet(), set(this::clusterId), set(this::identity));
    }

    RelayTarget relayTarget() {
        return new RelayTarget(
                serviceName(),
                set(this::identity),
                few(() -> new RelayTarget.Part(
                        clusterId(),
                        portSet(),
                        random.nextLong(1L << 40),
                        random.nextBoolean()
                                ? OptionalInt.of(random.nextInt(RelayTarget.Part.SHARE_MAX + 1))
                                : OptionalInt.empty())),
                pick(RelayTarget.OnFailure.values()));
    }

    ClusterState cluster() {
        ClusterId cluster = clusterId();
        RegionId region = new RegionId("r" + random.nextInt(FEW));
        Network network = network();
        return new ClusterState(
                cluster,
                region,
                network,
                set(this::trustDomain),
                few(() -> new GatewayAddress(
                        cluster,
                        region,
                        network,
                        word(),
                        new SocketAddress(ip(), port()),
                        identity(),
                        pick(Health.values()),
                        1 + random.nextInt(100))),
                pick(RegionStatus.values()),
                pick(
                        new Freshness.Live(),
                        new Freshness.Unknown(),
                        new Freshness.Stale(Duration.ofMillis(random.nextInt(1_000_000)))));
    }

    private Policy.Match match() {
        return new Policy.Match(
                few(this::text),
                few(this::text),
                few(this::text),
                few(this::text),
                few(this::block),
                few(this::block),
                few(this::block),
                few(this::block),
                few(this::port),
                few(this::port),
                few(() -> new Policy.Account(word(), word())),
                few(() -> new Policy.Account(word(), word())));
    }

    private Policy.Text text() {
        return switch (random.nextInt(4)) {
            case 0 -> new Policy.Text.Exact(word());
            case 1 -> new Policy.Text.Prefix(word());
            case 2 -> new Policy.Text.Suffix(word());
            default -> new Policy.Text.Present();
        };
    }

    private Policy.Cidr block() {
        IpAddress ip = ip();
        return new Policy.Cidr(ip, random.nextInt(ip.isV6() ? 129 : 33));
    }

    private Map<ServiceName, List<ServicePort>> services() {
        Map<ServiceName, List<ServicePort>> services = new HashMap<>();
        few(this::serviceName).forEach(name -> services.put(name, ports()));
        return services;
    }

    private List<ServicePort> ports() {
        return portSet().stream()
                .map(port -> new ServicePort(port, pick(0, port())))
                .toList();
    }

    private GatewayRef gatewayRef() {
        return random.nextBoolean()
                ? new GatewayRef.ByHostname(serviceName(), port())
                : new GatewayRef.ByAddress(networkAddress(), port());
    }

    private NetworkAddress networkAddress() {
        return new NetworkAddress(network(), ip());
    }

    private IpAddress ip() {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        return IpAddress.of(bytes);
    }

    private ServiceName serviceName() {
        return new ServiceName(word(), hostname());
    }

    private String hostname() {
        return word() + ".svc.cluster.local";
    }

    private SpiffeId identity() {
        return SpiffeId.ofWorkload(trustDomain(), word(), word());
    }

    private TrustDomain trustDomain() {
        return new TrustDomain(pick("cluster.local", "east.example", "west.example"));
    }

    private ClusterId clusterId() {
        return new ClusterId(pick("kubernetes", "c" + random.nextInt(FEW)));
    }

    private Network network() {
        return new Network("net" + random.nextInt(FEW));
    }

    private Locality locality() {
        return pick(Locality.UNKNOWN, new Locality("r1", "", ""), new Locality("r" + random.nextInt(FEW), "z", "s"));
    }

    private Set<Integer> portSet() {
        return set(this::port);
    }

    private int port() {
        return pick(1, 65_535, 1 + random.nextInt(65_535));
    }

    private String word() {
        return "w" + random.nextInt(1_000);
    }

    private void maybe(Runnable action) {
        if (random.nextBoolean()) {
            action.run();
        }
    }

    private <T> List<T> few(Supplier<T> one) {
        List<T> values = new ArrayList<>();
        int count = random.nextInt(FEW);
        for (int i = 0; i < count; i++) {
            values.add(one.get());
        }
        return values;
    }

    private <T> Set<T> set(Supplier<T> one) {
        return new HashSet<>(few(one));
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }
}
