package io.beringia.gateway;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Entropy;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.KeyPairs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Two regions on loopback: real gateways, real certificates, catalogs by hand. Every world has addresses of its own, so
 * that worlds of one computer do not meet. Owned by one test.
 */
public final class World implements AutoCloseable {
    public static final TrustDomain MESH = new TrustDomain("cluster.local");
    public static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    public static final String AUTHORITY = "echo.demo.svc.cluster.local:80";
    public static final int HBONE_PORT = 15_008;
    public static final IpAddress LOOPBACK_V6 = IpAddress.parse("::1");

    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(1, 255) + "."
            + ThreadLocalRandom.current().nextInt(0, 255) + ".";
    private final CaSigner.InMemory rootSigner = Authority.newRoot(
            MESH, Profile.DEMO, Duration.ofDays(365), new Entropy(new SecureRandom(), InstantSource.system()));
    private final Authority root = Authority.of(rootSigner, rootSigner.certificate(), InstantSource.system());
    public final Site east = new Site("east", 10);
    public final Site west = new Site("west", 20);
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean v6;
    private int nextPort = 20_000;
    private OnFailure onFailure = OnFailure.RESET;
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanoTime = System::nanoTime;
    private MaxAge maxAge = MaxAge.DEFAULT;
    private int loops = 1;
    private LimitsConfig limits = LimitsConfig.ofProcess();
    private Optional<RoleLedger> ledger = Optional.empty();

    public World() {}

    /** Connections of gateways that are started from now on grow no older than about that. */
    public World ageing(Duration mean) {
        maxAge = new MaxAge(mean);
        return this;
    }

    /** Gateways that are started from now on judge certificates by that clock. */
    public World at(InstantSource now) {
        clock = now;
        return this;
    }

    /** By that, certificates of their open connections grow old. */
    public World ageingBy(LongSupplier monotonic) {
        nanoTime = monotonic;
        return this;
    }

    /** Gateways that are started from now on have so many event loops. */
    public World looping(int count) {
        loops = count;
        return this;
    }

    /** Gateways have IPv6 from now on, while pods keep IPv4. */
    public World dualStack() {
        v6 = true;
        return this;
    }

    /** Running streams are left alone when their path is DOWN. */
    public World holding() {
        onFailure = OnFailure.HOLD;
        return this;
    }

    /** Gateways that start from now on afford no more than this. */
    public World limited(LimitsConfig to) {
        limits = to;
        return this;
    }

    /** Gateways that are started from now on write every connection down there; each needs a folder of its own. */
    public World recording(RoleLedger to) {
        ledger = Optional.of(to);
        return this;
    }

    /** The roots of the mesh, below which its issuers took these certificates back. */
    public TrustBundles without(X509Certificate... revoked) {
        List<RevocationList> lists = Stream.of(rootSigner, east.signer, west.signer)
                .<RevocationList>map(issuer -> Crls.of(issuer, revoked))
                .toList();
        return root.bundles().with(new Revocations(1, lists, CrlPolicy.OPEN, Denylist.EMPTY));
    }

    /** Proves that name in a mesh of its own. */
    public static X509Svid foreigner(SpiffeId id) {
        return Authority.root(id.trustDomain()).intermediate("elsewhere-1").svid(id, Duration.ofHours(1));
    }

    /** One cluster in its own region and network. */
    public final class Site {
        private final String name;
        private final int first;
        private final CaSigner.InMemory signer;
        private final Authority issuer;
        public final FakeCatalog catalog = new FakeCatalog();
        public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final List<GatewayAddress> gateways = new ArrayList<>();
        private final List<Workload> pods = new ArrayList<>();

        private Site(String name, int first) {
            this.name = name;
            this.first = first;
            this.signer = root.newIntermediate(name + "-1", Duration.ofDays(90));
            this.issuer = Authority.of(signer, root.root(), InstantSource.system());
        }

        public ClusterId cluster() {
            return new ClusterId(name + "-1");
        }

        public RegionId region() {
            return new RegionId("us-" + name);
        }

        public Network network() {
            return new Network("net-" + name);
        }

        public SpiffeId gatewayId() {
            return SpiffeId.ofWorkload(MESH, "beringia-system", "gateway-" + name + "-1");
        }

        public SpiffeId clientId() {
            return SpiffeId.ofWorkload(MESH, "demo", "client-" + name);
        }

        public X509Svid svid(SpiffeId id) {
            return issuer.svid(id, Duration.ofHours(1));
        }

        /** A certificate of two names, which no profile of ours makes. */
        public X509Svid twoNames(SpiffeId id, SpiffeId other) {
            CaSigner.InMemory signer = root.newIntermediate(name + "-1", Duration.ofDays(1));
            KeyPair pair = KeyPairs.p256(new SecureRandom());
            CertificateDraft draft = Profile.SPIFFE.workload(
                    id,
                    List.of(),
                    pair.getPublic(),
                    Duration.ofHours(1),
                    signer.certificate().getNotAfter().toInstant(),
                    new Profile.Issue(BigInteger.TWO, Instant.now()));
            X509Certificate leaf = new CertificateDraft(
                            draft.subject(),
                            draft.key(),
                            draft.serial(),
                            draft.notBefore(),
                            draft.notAfter(),
                            draft.purpose(),
                            List.of(id.toString(), other.toString()),
                            List.of())
                    .signedBy(signer);
            return new X509Svid(id, List.of(leaf, signer.certificate()), pair.getPrivate());
        }

        /** Proves that this is a gateway of the site. */
        public FakeCredentials credentials() {
            return credentials(gatewayId());
        }

        /** Proves that name. */
        public FakeCredentials credentials(SpiffeId id) {
            return new FakeCredentials(svid(id), root.bundles());
        }

        /** Where its gateways' own connections come from. */
        public IpAddress source() {
            return v6 ? LOOPBACK_V6 : IpAddress.parse(prefix + first);
        }

        /** Where pod number {@code index} ends HBONE. */
        public SocketAddress pod(int index) {
            return new SocketAddress(IpAddress.parse(prefix + (first + 1 + index)), HBONE_PORT);
        }

        /** Lists a pod of the echo service, and its backend, which the caller has started. */
        public SocketAddress addPod() {
            return addPod(List.of());
        }

        /** The same, which has other addresses too. */
        public SocketAddress addPod(List<IpAddress> others) {
            SocketAddress address = pod(pods.size());
            pods.add(Workload.named(
                            name + "-1//Pod/demo/echo-" + pods.size(),
                            "demo",
                            "echo-" + pods.size(),
                            cluster(),
                            network())
                    .addresses(Stream.concat(Stream.of(address.ip()), others.stream())
                            .toList())
                    .identity(MESH, "echo")
                    .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
                    .build());
            return address;
        }

        /** Lists a gateway of this site at a free port, of the identity that all its gateways have. */
        public SocketAddress addGateway() throws IOException {
            return addGateway(gatewayId());
        }

        /** The same, where others expect that identity. */
        public SocketAddress addGateway(SpiffeId identity) throws IOException {
            SocketAddress address = free(first);
            gateways.add(new GatewayAddress(
                    cluster(),
                    region(),
                    network(),
                    "gateway-" + gateways.size(),
                    address,
                    identity,
                    Health.HEALTHY,
                    1));
            return address;
        }

        /** Discovery knows that gateway no more; to be published. */
        public void unlist(SocketAddress hbone) {
            gateways.removeIf(it -> it.address().equals(hbone));
        }

        /** What discovery says of a gateway that was listed; to be published. */
        public void health(SocketAddress hbone, Health now) {
            gateways.replaceAll(it -> it.address().equals(hbone)
                    ? new GatewayAddress(
                            it.cluster(),
                            it.region(),
                            it.network(),
                            it.name(),
                            it.address(),
                            it.identity(),
                            now,
                            it.weight())
                    : it);
        }

        /** Starts a gateway that was listed. */
        public Running start(SocketAddress hbone) throws IOException {
            return start(hbone, gatewayId());
        }

        /** The same, under another identity. */
        public Running start(SocketAddress hbone, SpiffeId identity) throws IOException {
            return start(
                    hbone,
                    identity,
                    (config, credentials, verifier, catalogs, registry, wall) ->
                            GatewayMain.startBlind(config, credentials, verifier, catalogs, registry, wall, nanoTime));
        }

        /** The same, with its own eyes. */
        public Running startObserving(SocketAddress hbone) throws IOException {
            return start(hbone, gatewayId(), GatewayMain::start);
        }

        /** The same, told to these. */
        public Running startReporting(SocketAddress hbone, List<ReportFeed.Replica> to) throws IOException {
            return start(hbone, gatewayId(), to, GatewayMain::start);
        }

        private Running start(SocketAddress hbone, SpiffeId identity, Start start) throws IOException {
            return start(hbone, identity, List.of(), start);
        }

        private Running start(SocketAddress hbone, SpiffeId identity, List<ReportFeed.Replica> to, Start start)
                throws IOException {
            SocketAddress relay = free(first);
            FakeCredentials credentials = credentials(identity);
            GatewayConfig config = new GatewayConfig(
                    region(),
                    cluster(),
                    network(),
                    "gateway-0",
                    hbone,
                    Optional.of(relay),
                    source(),
                    loops,
                    true,
                    to,
                    DrainConfig.DEFAULT,
                    maxAge,
                    limits,
                    ledger);
            GatewayMain gateway = start.with(config, credentials, new SpiffeVerifier(), catalog, meters, clock);
            open.add(gateway);
            return new Running(gateway, hbone, relay, credentials);
        }

        /** Below those from which the kernel takes ports for connections: a gateway that ended can begin again there. */
        private SocketAddress free(int last) throws IOException {
            if (v6) {
                try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK_V6.toString()))) {
                    return new SocketAddress(LOOPBACK_V6, socket.getLocalPort());
                }
            }
            return new SocketAddress(IpAddress.parse(prefix + last), nextPort++);
        }

        private Workload client() {
            return Workload.named(name + "-1//Pod/demo/client", "demo", "client", cluster(), network())
                    .addresses(List.of(IpAddress.parse(prefix + (first + 9))))
                    .identity(MESH, "client-" + name)
                    .build();
        }

        private ClusterState state() {
            return new ClusterState(
                    cluster(), region(), network(), Set.of(MESH), gateways, RegionStatus.ACTIVE, new Freshness.Live());
        }

        private RelayTarget.Part part() {
            return new RelayTarget.Part(cluster(), Set.of(80), pods.size(), OptionalInt.empty());
        }

        public double count(String meter, String... tags) {
            return meters.find(meter).tags(tags).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }
    }

    /** How a gateway is started. */
    @FunctionalInterface
    private interface Start {
        GatewayMain with(
                GatewayConfig config,
                Credentials credentials,
                PeerVerifier verifier,
                CatalogSource catalogs,
                MeterRegistry meters,
                InstantSource clock);
    }

    /** A gateway that runs. */
    public record Running(GatewayMain gateway, SocketAddress hbone, SocketAddress relay, FakeCredentials credentials) {}

    /** Tells every gateway what is listed now; clients of these clusters may call the service. */
    public void publish(ClusterId... consumers) {
        publish(1, Set.of(consumers));
    }

    /** The same, to clients of both clusters. */
    public World publish() {
        publish(1, Set.of(east.cluster(), west.cluster()));
        return this;
    }

    public void publish(long revision, Set<ClusterId> consumers) {
        publish(revision, List.of(new ExportedAuthority(ECHO, Set.of(80), consumers, Set.of())));
    }

    /** The same, where these are exported. */
    public void publish(long revision, List<ExportedAuthority> exported) {
        for (Site site : List.of(east, west)) {
            List<Workload> workloads = new ArrayList<>(site.pods);
            workloads.add(site.client());
            site.catalog.set(Catalog.of(
                    revision,
                    PlanVersion.NONE,
                    workloads,
                    List.of(new Service(
                            ECHO,
                            List.of(),
                            List.of(new ServicePort(80, 8080)),
                            List.of(SpiffeId.ofWorkload(MESH, "demo", "echo")),
                            Optional.empty(),
                            LoadBalancing.LOCAL_FIRST,
                            false,
                            false)),
                    List.of(),
                    exported,
                    List.of(new RelayTarget(ECHO, Set.of(), List.of(east.part(), west.part()), onFailure)),
                    List.of(east.state(), west.state())));
        }
    }

    /** Is closed with the world. */
    public <T extends AutoCloseable> T keep(T it) {
        open.add(it);
        return it;
    }

    public HboneClient client(SocketAddress to, X509Svid svid) throws Exception {
        return keep(HboneClient.connect(to, svid));
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable it : open.reversed()) {
            it.close();
        }
    }
}
