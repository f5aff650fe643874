package io.beringia.discovery.bench;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.LocalCluster;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.peering.OwnSite;
import io.beringia.discovery.peering.PeerAuthority;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.peering.PeerLinks;
import io.beringia.discovery.peering.PeerListener;
import io.beringia.discovery.peering.PeerRefusal;
import io.beringia.discovery.peering.PeerService;
import io.beringia.discovery.peering.PeeringServer;
import io.beringia.discovery.peering.ProbeName;
import io.beringia.discovery.peering.Vitals;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster without an API: real links over TLS, and services made up. Any thread; close it to stop. */
final class SimulatedPeer implements AutoCloseable {
    static final String NAMESPACE = "bench";

    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    private final String name;
    private final Federation federation;
    private final Thread merging;
    private final PeerLinks links;
    private final PeeringServer server;
    private final Linked linked = new Linked();

    /** @param others who may link, dialled where they have addresses */
    SimulatedPeer(Ground ground, String name, List<PeerConfig> others) {
        GrpcTls tls = ground.tls(name, Ground.DISCOVERY);
        this.name = name;
        this.federation = new Federation(new ClusterId(name));
        this.merging = Thread.ofVirtual().name("bench/federation/" + name).start(federation);
        this.links = new PeerLinks(
                new OwnSite(
                        new ClusterId(name),
                        OwnSite.DEFAULT_CLUSTERSET,
                        tls.credentials().svid().id().trustDomain(),
                        name,
                        "bench",
                        OwnSite.Kind.MEMBER),
                others.stream()
                        .map(peer -> new PeerAuthority(
                                peer, OwnSite.DEFAULT_CLUSTERSET, ProbeName.DEFAULT, PeerLimits.DEFAULT))
                        .toList(),
                new PeerLinks.Surroundings(
                        tls,
                        federation,
                        () -> new Vitals(new Freshness.Live(), 1, PlanVersion.NONE),
                        PeerLinks.DEFAULT_TRANSFERS,
                        linked,
                        InstantSource.system(),
                        new Random(name.hashCode())));
        this.server = PeeringServer.start(Ground.loopback(0), tls, List.of(new PeerService(links, linked)));
        links.start();
    }

    int port() {
        return server.port();
    }

    /** Exports these to everybody who is named. */
    void export(ClusterExports part, Set<ClusterId> consumers) {
        ClusterState state = part.cluster();
        TrustDomain domain = state.trustDomains().iterator().next();
        List<Service> services = part.exports().keySet().stream()
                .map(service -> new Service(
                        service,
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        LoadBalancing.STANDARD,
                        true,
                        false))
                .toList();
        links.offer(
                part,
                part.exports().keySet().stream().collect(Collectors.toMap(Function.identity(), one -> consumers)),
                new LocalPart(
                        new LocalCluster(state.cluster(), state.network(), domain, "cluster.local", "istio-system"),
                        services,
                        List.of(),
                        Map.of(),
                        Set.of(NAMESPACE)));
    }

    /** How many services of others it holds. */
    int held() {
        return federation.latest().services().size();
    }

    /** How many services of its own somebody has taken over. */
    int takenOver() {
        return links.takenOver().size();
    }

    /** When it was linked last, by {@link System#nanoTime}; 0 if it never was. */
    long linkedAt() {
        return linked.at.get();
    }

    @Override
    public void close() {
        links.close();
        server.close();
        merging.interrupt();
    }

    @Override
    public String toString() {
        return name;
    }

    /** So many services of the namespace {@value #NAMESPACE}, each with so many ready endpoints. */
    static ClusterExports services(Ground ground, String name, int services, int endpoints) {
        SpiffeId web = SpiffeId.ofWorkload(ground.id(name, Ground.DISCOVERY).trustDomain(), NAMESPACE, "web");
        return ClusterExports.of(
                state(ground, name),
                IntStream.range(0, services)
                        .mapToObj(i -> new Export(
                                service(name + "-" + i),
                                SINCE,
                                List.of(new Export.ExportedPort("http", Export.Protocol.TCP, 80, 8080)),
                                Set.of(web),
                                List.of(new Export.Capacity(new Locality(name, name + "-a", ""), endpoints))))
                        .toList());
    }

    static ClusterState state(Ground ground, String name) {
        return new ClusterState(
                new ClusterId(name),
                new RegionId("region-" + name),
                new Network("net-" + name),
                Set.of(ground.id(name, Ground.DISCOVERY).trustDomain()),
                List.of(),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    static ServiceName service(String name) {
        return new ServiceName(NAMESPACE, name + "." + NAMESPACE + ".svc.cluster.local");
    }

    /** As the others know it; no address where it dials. */
    static PeerConfig config(Ground ground, String name, Optional<String> address) {
        SpiffeId id = ground.id(name, Ground.DISCOVERY);
        return new PeerConfig(
                new ClusterId(name),
                new RegionId("region-" + name),
                id.trustDomain(),
                Set.of(id),
                address.stream().toList(),
                Set.of(new Network("net-" + name)),
                PeerConfig.ClusterMark.REQUIRED);
    }

    private static final class Linked implements PeerListener {
        private final AtomicLong at = new AtomicLong();

        @Override
        public void onLinked(ClusterId peer) {
            at.set(System.nanoTime());
        }

        @Override
        public void onUnlinked(ClusterId peer, String why) {}

        @Override
        public void onLinkRefused(String claimed, PeerRefusal.OfLink why) {}

        @Override
        public void onResourceRefused(ClusterId peer, String resource, PeerRefusal.OfResource why) {}

        @Override
        public void onRefusedByPeer(ClusterId peer, String resource, String reason) {}

        @Override
        public void onRemovalsHeld(ClusterId peer, int services) {}
    }
}
