package io.beringia.scenarios.bench;

import io.beringia.discovery.catalog.Catalog;
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
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Who is where, and what each proxy is told. Pure. A ztunnel takes port 15008 of every IPv4 address, and our gateway dials
 * pods at 15008: so ztunnel has IPv4 for itself, and everybody else IPv6.
 */
public final class LabConfigs {
    static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
    public static final Site EAST = new Site("us-east", "east-1", "net-east", "gateway-east");
    public static final Site WEST = new Site("us-west", "west-1", "net-west", "gateway-west");

    public static final Ports GATEWAY = new Ports(16_008, 16_018, 16_020);
    public static final Ports FIRST = new Ports(17_008, 17_018, 17_020);
    public static final Ports SECOND = new Ports(18_008, 18_018, 18_020);
    static final Ports ELSE = new Ports(20_008, 20_018, 20_020);
    static final InetSocketAddress HAPROXY = new InetSocketAddress("::1", 19_443);
    static final InetSocketAddress ENVOY = new InetSocketAddress("::1", 19_008);
    static final InetSocketAddress COPY = new InetSocketAddress("::1", 19_080);
    static final InetSocketAddress ZTUNNEL = new InetSocketAddress("127.0.0.1", 15_008);
    /** The pod, where a gateway expects a ztunnel. */
    public static final InetSocketAddress BACKEND = new InetSocketAddress("::1", 15_008);

    static final InetSocketAddress ZTUNNEL_BACKEND = new InetSocketAddress("127.0.0.1", 19_090);
    static final String ZTUNNEL_BACKEND_TEXT = "127.0.0.1:19090";
    static final List<InetSocketAddress> BACKENDS = List.of(BACKEND, ZTUNNEL_BACKEND);

    public static final String CLIENT = "web";
    public static final String NAMESPACE = "demo";
    static final String SYSTEM = "beringia-system";
    static final String TOKEN = "token-of-echo";
    static final int CERTIFICATES_ADMIN = 19_020;
    private static final String CERTIFICATES_NAME = "certificates.beringia-system.svc";
    private static final String CERTIFICATES = "127.0.0.1:19012";
    private static final SpiffeId CERTIFICATES_ID = SpiffeId.ofWorkload(DOMAIN, SYSTEM, "certificates");
    private static final SpiffeId SERVER_ID = SpiffeId.ofWorkload(DOMAIN, NAMESPACE, "echo");
    private static final ServiceName ECHO = new ServiceName(NAMESPACE, "echo.demo.svc.cluster.local");
    private static final int PORT = 80;
    public static final String AUTHORITY = ECHO.hostname() + ":" + PORT;
    private static final long CAPACITY = 1_000;

    /** One client makes all the load here, more than a gateway lets one client make. */
    private static final String UNLIMITED = "{connections: 100000, tunnels: 1000000,"
            + " handshakes: {per-source: 100000, per-loop: 100000},"
            + " client: {connections: 50000, tunnels: 500000, new-tunnels: 1000000},"
            + " gateway: {connections: 50000, tunnels: 500000, new-tunnels: 1000000}}";

    /** What an operator has, but for the pace of handshakes: here everybody comes from one address. */
    private static final String OF_ONE_SOURCE = "{handshakes: {per-source: 100000, per-loop: 100000}}";

    private LabConfigs() {}

    /** A cluster, and the account of its gateways. */
    public record Site(String region, String cluster, String network, String account) {
        private SpiffeId gateway() {
            return SpiffeId.ofWorkload(DOMAIN, SYSTEM, account);
        }

        private ClusterState state(GatewayAddress... gateways) {
            return new ClusterState(
                    new ClusterId(cluster),
                    new RegionId(region),
                    new Network(network),
                    Set.of(DOMAIN),
                    List.of(gateways),
                    RegionStatus.ACTIVE,
                    new Freshness.Live());
        }

        private GatewayAddress at(Ports ports) {
            return new GatewayAddress(
                    new ClusterId(cluster),
                    new RegionId(region),
                    new Network(network),
                    "gateway",
                    SocketAddress.parse("[::1]:" + ports.hbonePort()),
                    gateway(),
                    Health.HEALTHY,
                    1);
        }
    }

    /** Of one gateway. */
    public record Ports(int hbonePort, int relayPort, int adminPort) {
        public InetSocketAddress hbone() {
            return new InetSocketAddress("::1", hbonePort);
        }

        public InetSocketAddress relay() {
            return new InetSocketAddress("::1", relayPort);
        }
    }

    /** Of a gateway of that site; its identity and catalog are in the lab's directory. */
    public static String gateway(Site site, Ports ports) {
        return gateway(site, ports, UNLIMITED);
    }

    /** The same with the limits that a gateway has by itself. */
    public static String guarded(Site site, Ports ports) {
        return gateway(site, ports, OF_ONE_SOURCE);
    }

    private static String gateway(Site site, Ports ports, String limits) {
        return """
                region: %1$s
                cluster: %2$s
                network: %3$s
                admin: "[::1]:%4$d"
                roles:
                  gateway:
                    name: gateway
                    hbone: "[::1]:%5$d"
                    relay: "[::1]:%6$d"
                    loops: 1
                    allow-loopback: true
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    limits: %9$s
                    identity-from:
                      files:
                        chain: %7$s/workload-cert-chain.pem
                        key: %7$s/key.pem
                        bundles: {%8$s: %7$s/root-cert.pem}
                    catalog-from: {file: catalog.yaml}
                """.formatted(
                        site.region(),
                        site.cluster(),
                        site.network(),
                        ports.adminPort(),
                        ports.hbonePort(),
                        ports.relayPort(),
                        site.account(),
                        DOMAIN,
                        limits);
    }

    /** What every gateway knows: one service in the west, exported to the east. */
    public static Catalog catalog() {
        return catalog(EAST.state(EAST.at(FIRST)), WEST.state(WEST.at(SECOND)));
    }

    /** The same where nobody knows of any gateway, so that none looks at another. */
    public static Catalog withoutGateways() {
        return catalog(EAST.state(), WEST.state());
    }

    private static Catalog catalog(ClusterState... clusters) {
        ClusterId east = new ClusterId(EAST.cluster());
        ClusterId west = new ClusterId(WEST.cluster());
        List<ServicePort> ports = List.of(new ServicePort(PORT, BACKEND.getPort()));
        RelayTarget.Part part = new RelayTarget.Part(west, Set.of(PORT), CAPACITY, OptionalInt.empty());
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(client(), server(ports)),
                List.of(new Service(
                        ECHO,
                        List.of(),
                        ports,
                        List.of(SERVER_ID),
                        Optional.empty(),
                        LoadBalancing.STANDARD,
                        true,
                        false)),
                List.of(),
                List.of(new ExportedAuthority(ECHO, Set.of(PORT), Set.of(east), Set.of())),
                List.of(new RelayTarget(ECHO, Set.of(), List.of(part), RelayTarget.OnFailure.RESET)),
                List.of(clusters));
    }

    private static Workload client() {
        return Workload.named(
                        "east-1//Pod/demo/web-0",
                        NAMESPACE,
                        "web-0",
                        new ClusterId(EAST.cluster()),
                        new Network(EAST.network()))
                .addresses(List.of(IpAddress.parse("::2")))
                .identity(DOMAIN, CLIENT)
                .build();
    }

    private static Workload server(List<ServicePort> ports) {
        return Workload.named(
                        "west-1//Pod/demo/echo-0",
                        NAMESPACE,
                        "echo-0",
                        new ClusterId(WEST.cluster()),
                        new Network(WEST.network()))
                .addresses(List.of(IpAddress.parse("::1")))
                .identity(DOMAIN, "echo")
                .services(Map.of(ECHO, ports))
                .capacity(CAPACITY)
                .build();
    }

    /** Of the server that gives ztunnel its certificate. */
    static String certificates() {
        return """
                region: us-west
                cluster: west-1
                network: net-west
                admin: "127.0.0.1:%1$d"
                roles:
                  trust:
                    listen: "%2$s"
                    id: %3$s
                    ca: west-1
                    demo: true
                    static-tokens: [{sha256: %4$s, id: "%5$s"}]
                    serving-names: [{id: "%3$s", names: [%6$s]}]
                """.formatted(
                CERTIFICATES_ADMIN, CERTIFICATES, CERTIFICATES_ID, Lab.sha256(TOKEN), SERVER_ID, CERTIFICATES_NAME);
    }

    /** The environment of a ztunnel beside the pod; its access log is on, as ours is. */
    static Map<String, String> ztunnel(Path directory) {
        return Map.ofEntries(
                Map.entry("PROXY_MODE", "dedicated"),
                Map.entry("PROXY_WORKLOAD_INFO", NAMESPACE + "/echo-0/echo"),
                Map.entry("CLUSTER_ID", WEST.cluster()),
                Map.entry("NETWORK", WEST.network()),
                Map.entry("LOCAL_XDS_PATH", directory.resolve("ztunnel.yaml").toString()),
                Map.entry("XDS_ADDRESS", ""),
                Map.entry("CA_ADDRESS", "https://" + CERTIFICATES),
                Map.entry("CA_ROOT_CA", directory.resolve("root-cert.pem").toString()),
                Map.entry("ALT_CA_HOSTNAME", CERTIFICATES_NAME),
                Map.entry("AUTH_TOKEN", TOKEN),
                Map.entry("SECRET_TTL", "86400s"),
                Map.entry("ENABLE_ORIG_SRC", "false"),
                Map.entry("ISTIO_META_DNS_CAPTURE", "false"),
                Map.entry("IPV6_ENABLED", "false"),
                Map.entry("ZTUNNEL_WORKER_THREADS", "1"),
                Map.entry("RUST_LOG", "info"));
    }

    /** The mesh as ztunnel's own YAML has it. */
    static String ztunnelMesh() {
        return """
                workloads:
                - uid: west-1//Pod/demo/echo-0
                  name: echo-0
                  namespace: demo
                  serviceAccount: echo
                  trustDomain: cluster.local
                  workloadIps: ["127.0.0.1"]
                  protocol: HBONE
                  network: net-west
                  clusterId: west-1
                  services: {}
                services: []
                """;
    }

    static String haproxy(Lab lab) {
        return """
                global
                    nbthread 1
                    maxconn 5000
                    ssl-default-bind-options ssl-min-ver TLSv1.3 no-tls-tickets
                    ssl-default-bind-ciphersuites %1$s:%2$s
                defaults
                    mode tcp
                    maxconn 5000
                    timeout connect 5s
                    timeout client 1h
                    timeout server 1h
                frontend hbone
                    bind ipv6@[::1]:%3$d ssl crt %4$s/haproxy.pem ca-file %4$s/root-cert.pem verify required curves X25519
                    default_backend pod
                backend pod
                    server pod ipv6@[::1]:%5$d
                """.formatted(
                        Suite.AES_128.tlsName(),
                        Suite.AES_256.tlsName(),
                        HAPROXY.getPort(),
                        lab.directory(),
                        BACKEND.getPort());
    }

    /** Fills in the template of an Envoy that ends HBONE as a waypoint does, but resumes no session. */
    static String envoy(String template, Path directory) {
        return template.replace("{port}", Integer.toString(ENVOY.getPort()))
                .replace("{backend}", Integer.toString(BACKEND.getPort()))
                .replace("{certificates}", directory.resolve(WEST.account()).toString())
                .replace("{roots}", directory.resolve("root-cert.pem").toString());
    }
}
