package io.beringia.scenarios.connect;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.GatewayMain;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostMain;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** One real gateway that delivers one service to one pod, whose place the suite takes. Owned by one test. */
public final class GatewayUnderTest implements AutoCloseable {
    private static final TrustDomain MESH = new TrustDomain("cluster.local");
    private static final ServiceName SERVICE = new ServiceName("demo", "echo.demo.svc.cluster.local");
    private static final ClusterId CLUSTER = new ClusterId("west-1");
    private static final RegionId REGION = new RegionId("us-west");
    private static final Network NETWORK = new Network("net-west");
    private static final int HBONE_PORT = 15_008;
    private static final int APPLICATION_PORT = 8_080;
    private static final String ECHO_UID = "west-1//Pod/demo/echo";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(1, 255) + "."
            + ThreadLocalRandom.current().nextInt(0, 255) + ".";
    private final Authority root = Authority.root(MESH);
    private final Authority issuer = root.intermediate(CLUSTER.toString());
    private final IpAddress own = IpAddress.parse(prefix + "1");
    private final IpAddress pod = IpAddress.parse(prefix + "2");
    private final SocketAddress hbone;
    private Optional<GatewayMain> gateway = Optional.empty();
    private Optional<HostMain> host = Optional.empty();

    public GatewayUnderTest() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(own.toString()))) {
            hbone = new SocketAddress(own, socket.getLocalPort());
        }
    }

    public void start() {
        gateway = Optional.of(GatewayMain.startBlind(
                new GatewayConfig(REGION, CLUSTER, NETWORK, "gateway-0", hbone, Optional.empty(), own, 1, true),
                new Fixed(svid("beringia-system", "gateway"), root.bundles()),
                new SpiffeVerifier(),
                new Only(catalog()),
                new SimpleMeterRegistry(),
                InstantSource.system(),
                System::nanoTime));
    }

    /** Starts our host proxy in the place of the pod; the target that it is then, with its application as the backend. */
    public SuiteTarget startHost() {
        HostConfig.Inbound inbound =
                new HostConfig.Inbound(new SocketAddress(pod, HBONE_PORT), pod, Set.of(), Set.of(), true);
        host = Optional.of(HostMain.start(
                new HostConfig(ECHO_UID, pod, 1, Optional.empty(), List.of(), false, Optional.of(inbound)),
                new Fixed(svid("demo", "echo"), root.bundles()),
                new SpiffeVerifier(),
                new Only(catalog()),
                new SimpleMeterRegistry(),
                InstantSource.system()));
        SuiteTarget direct = target();
        InetSocketAddress address = direct.backend();
        InetSocketAddress backend = new InetSocketAddress(pod.toString(), APPLICATION_PORT);
        return new SuiteTarget(
                address, direct.identity(), direct.service(), direct.unknown(), backend, direct.patience());
    }

    private X509Svid svid(String namespace, String account) {
        return issuer.svid(SpiffeId.ofWorkload(MESH, namespace, account), LIFE);
    }

    public SuiteTarget target() {
        return target("client");
    }

    /** With that account in the place of the client. */
    public SuiteTarget target(String account) {
        X509Svid client = svid("demo", account);
        return new SuiteTarget(
                new InetSocketAddress(own.toString(), hbone.port()),
                Optional.of(ClientIdentity.of(client.chain(), client.key())),
                SERVICE.hostname() + ":80",
                "nobody.demo.svc.cluster.local:80",
                new InetSocketAddress(pod.toString(), HBONE_PORT),
                PATIENCE);
    }

    private Catalog catalog() {
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(
                        Workload.named(ECHO_UID, "demo", "echo", CLUSTER, NETWORK)
                                .addresses(List.of(pod))
                                .identity(MESH, "echo")
                                .services(Map.of(SERVICE, List.of(new ServicePort(80, APPLICATION_PORT))))
                                .build(),
                        Workload.named("west-1//Pod/demo/client", "demo", "client", CLUSTER, NETWORK)
                                .addresses(List.of(IpAddress.parse(prefix + "3")))
                                .identity(MESH, "client")
                                .build()),
                List.of(new Service(
                        SERVICE,
                        List.of(),
                        List.of(new ServicePort(80, APPLICATION_PORT)),
                        List.of(SpiffeId.ofWorkload(MESH, "demo", "echo")),
                        Optional.empty(),
                        LoadBalancing.LOCAL_FIRST,
                        false,
                        false)),
                List.of(),
                List.of(new ExportedAuthority(SERVICE, Set.of(80), Set.of(CLUSTER), Set.of())),
                List.of(new RelayTarget(
                        SERVICE,
                        Set.of(),
                        List.of(new RelayTarget.Part(CLUSTER, Set.of(80), 1, OptionalInt.empty())),
                        RelayTarget.OnFailure.RESET)),
                List.of(new ClusterState(
                        CLUSTER, REGION, NETWORK, Set.of(MESH), List.of(), RegionStatus.ACTIVE, new Freshness.Live())));
    }

    @Override
    public void close() throws Exception {
        if (gateway.isPresent()) {
            gateway.get().close();
        }
        if (host.isPresent()) {
            host.get().close();
        }
    }

    private record Fixed(X509Svid svid, TrustBundles bundles) implements Credentials {
        @Override
        public Credentials.Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }

    private record Only(Catalog latest) implements CatalogSource {
        @Override
        public CatalogSource.Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
