package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.Federation;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sites of one test, each with a trust domain of its own, and their clock, which may be put forward. */
final class PeerWorld implements AutoCloseable {
    private static final int SITES = 3;

    private final Map<Integer, Authority> roots = new TreeMap<>();
    private final TrustBundles bundles;
    private final AtomicLong aheadMillis = new AtomicLong();
    private final InstantSource clock = () -> Instant.now().plusMillis(aheadMillis.get());
    private final List<Site> sites = new ArrayList<>();

    PeerWorld() {
        IntStream.rangeClosed(1, SITES).forEach(number -> roots.put(number, Authority.root(Sites.domain(number))));
        bundles = new TrustBundles(
                1,
                roots.values().stream()
                        .collect(Collectors.toMap(Authority::trustDomain, root -> List.of(root.root()))));
    }

    Plan member(int number) {
        return new Plan(number, OwnSite.Kind.MEMBER);
    }

    Plan witness(int number) {
        return new Plan(number, OwnSite.Kind.WITNESS);
    }

    void advance(Duration by) {
        aheadMillis.addAndGet(by.toMillis());
    }

    @Override
    public void close() {
        sites.forEach(Site::stop);
    }

    /** A site that is about to start. */
    final class Plan {
        private final int number;
        private final OwnSite.Kind kind;
        private final Map<Integer, List<String>> peers = new TreeMap<>();
        private String cluster;
        private int transfers = PeerLinks.DEFAULT_TRANSFERS;

        private Plan(int number, OwnSite.Kind kind) {
            this.number = number;
            this.kind = kind;
            this.cluster = "c" + number;
        }

        Plan issuedFor(String other) {
            cluster = other;
            return this;
        }

        Plan transfers(int atATime) {
            transfers = atATime;
            return this;
        }

        Plan peeredWith(int... numbers) {
            Arrays.stream(numbers).forEach(peer -> peers.put(peer, List.of()));
            return this;
        }

        Plan dialling(Site... others) {
            Stream.of(others)
                    .collect(Collectors.groupingBy(Site::number))
                    .forEach((peer, replicas) -> peers.put(
                            peer,
                            replicas.stream()
                                    .map(site -> "127.0.0.1:" + site.port())
                                    .toList()));
            return this;
        }

        Site start() {
            return start(0);
        }

        Site start(int port) {
            Site site = new Site(this, port);
            sites.add(site);
            return site;
        }
    }

    /** A running site. */
    final class Site {
        private final int number;
        private final List<String> refused = new CopyOnWriteArrayList<>();
        private final List<String> refusedByPeers = new CopyOnWriteArrayList<>();
        private final Federation federation;
        private final Thread merging;
        private final List<String> heardLinks = new CopyOnWriteArrayList<>();
        private final Changing credentials;
        private final Authority authority;
        private final PeerLinks links;
        private final Server server;
        private final int port;

        private Site(Plan plan, int port) {
            this.number = plan.number;
            this.federation = new Federation(Sites.id(number));
            this.merging = Thread.ofVirtual().start(federation);
            this.authority = authority(plan);
            this.credentials = new Changing(bundles, newSvid());
            GrpcTls tls = new GrpcTls(credentials, new SpiffeVerifier(), InstantSource.system());
            Heard listener = new Heard();
            this.links = new PeerLinks(
                    new OwnSite(Sites.id(number), "mesh", Sites.domain(number), "r-0", "test", plan.kind),
                    plan.peers.entrySet().stream()
                            .map(peer -> new PeerAuthority(
                                    Sites.peer(peer.getKey(), peer.getValue()),
                                    "mesh",
                                    ProbeName.DEFAULT,
                                    PeerLimits.DEFAULT))
                            .toList(),
                    new PeerLinks.Surroundings(
                            tls,
                            federation,
                            () -> new Vitals(
                                    new Freshness.Live(), federation.latest().revision(), PlanVersion.NONE),
                            plan.transfers,
                            listener,
                            clock,
                            new Random(number)));
            links.start();
            this.server = serve(port, tls, listener);
            this.port = server.getPort();
        }

        private Server serve(int port, GrpcTls tls, PeerListener listener) {
            try {
                return NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls.server())
                        .intercept(new VerifiedPeer(tls.credentials(), tls.verifier(), tls.clock()))
                        .addService(new PeerService(links, listener))
                        .permitKeepAliveTime(5, TimeUnit.SECONDS)
                        .build()
                        .start();
            } catch (IOException taken) {
                throw new UncheckedIOException(taken);
            }
        }

        private Authority authority(Plan plan) {
            Authority root = roots.get(number);
            if (root == null) {
                throw new IllegalArgumentException("site: " + number + " (expected: 1 to " + SITES + ")");
            }
            return root.intermediate(plan.cluster);
        }

        private X509Svid newSvid() {
            return authority.svid(Sites.discovery(number), Duration.ofHours(1));
        }

        /** From now on new connections show another certificate. */
        void renews() {
            credentials.latest = newSvid();
        }

        /** From now on its roots are none to this site, whatever was proved before. */
        void distrusts(int peer) {
            credentials.bundles = new TrustBundles(
                    credentials.bundles.generation() + 1,
                    credentials.bundles.roots().entrySet().stream()
                            .filter(domain -> !domain.getKey().equals(Sites.domain(peer)))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        }

        List<String> links() {
            return heardLinks;
        }

        int number() {
            return number;
        }

        int port() {
            return port;
        }

        /** The namespace {@code demo} and these services. */
        void exports(Export... exports) {
            exports(ClusterExports.of(Sites.state(number), List.of(exports)));
        }

        void exports(ClusterExports part) {
            Set<ClusterId> everybody =
                    IntStream.rangeClosed(1, SITES).mapToObj(Sites::id).collect(Collectors.toSet());
            Collection<ServiceName> services = part.exports().keySet();
            links.offer(
                    part,
                    services.stream().collect(Collectors.toMap(name -> name, name -> everybody)),
                    Sites.local(number, services, Set.of("demo")));
        }

        /** No services, and these namespaces. */
        void has(Set<String> namespaces) {
            links.offer(
                    ClusterExports.of(Sites.state(number), List.of()),
                    Map.of(),
                    Sites.local(number, List.of(), namespaces));
        }

        /** Ready endpoints of a service by cluster, where others export it. */
        Map<ClusterId, Long> ready(ServiceName service) {
            FederatedService found = federation.latest().services().get(service);
            return found == null
                    ? Map.of()
                    : found.parts().stream()
                            .collect(Collectors.toMap(
                                    FederatedService.Part::cluster,
                                    part -> part.export().ready()));
        }

        Set<ClusterId> clusters() {
            return federation.latest().clusters().keySet();
        }

        ClusterState cluster(int peer) {
            return Optional.ofNullable(federation.latest().clusters().get(Sites.id(peer)))
                    .orElseThrow();
        }

        PeerStatus status(int peer) {
            return links.peers().stream()
                    .filter(status -> status.cluster().equals(Sites.id(peer)))
                    .findFirst()
                    .orElseThrow();
        }

        Map<RegionId, Duration> heard() {
            return links.heard();
        }

        List<String> refused() {
            return refused;
        }

        List<String> refusedByPeers() {
            return refusedByPeers;
        }

        void stop() {
            links.close();
            server.shutdownNow();
            merging.interrupt();
        }

        @Override
        public String toString() {
            return "c" + number;
        }

        private final class Heard implements PeerListener {
            @Override
            public void onLinked(ClusterId peer) {
                heardLinks.add("linked " + peer);
            }

            @Override
            public void onUnlinked(ClusterId peer, String why) {
                heardLinks.add("unlinked " + peer + " " + why);
            }

            @Override
            public void onLinkRefused(String claimed, PeerRefusal.OfLink why) {
                refused.add(claimed + " link " + why.reason());
            }

            @Override
            public void onResourceRefused(ClusterId peer, String resource, PeerRefusal.OfResource why) {
                refused.add(peer + " " + resource + " " + why.reason());
            }

            @Override
            public void onRefusedByPeer(ClusterId peer, String resource, String reason) {
                refusedByPeers.add(peer + " " + resource + " " + reason);
            }

            @Override
            public void onRemovalsHeld(ClusterId peer, int services) {}
        }
    }

    /** One identity at a time, the newest for whoever asks, and the newest roots. */
    private static final class Changing implements Credentials {
        private volatile TrustBundles bundles;
        private volatile X509Svid latest;

        private Changing(TrustBundles bundles, X509Svid first) {
            this.bundles = bundles;
            this.latest = first;
        }

        @Override
        public X509Svid svid() {
            return latest;
        }

        @Override
        public TrustBundles bundles() {
            return bundles;
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
