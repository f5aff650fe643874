package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.xds.Admission;
import io.beringia.discovery.xds.DeltaService;
import io.beringia.discovery.xds.NodeClaim;
import io.beringia.discovery.xds.ResourceFeed;
import io.beringia.discovery.xds.XdsServer;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.Fingerprint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A laptop that joins by one line, and calls a service of another network through a gateway. */
@Timeout(120)
final class HostJoinCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TrustDomain DOMAIN = new TrustDomain("corp.example");
    private static final ClusterId CLUSTER = new ClusterId("east-1");
    private static final Network NEAR = new Network("near");
    private static final Network FAR = new Network("far");
    private static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    private static final ServiceName GATEWAY = new ServiceName("beringia-system", "gateway.beringia-system.svc");
    private static final String LAPTOP = "east-1//Pod/shop/laptop";

    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(130, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    private String ip(int last) {
        return prefix + last;
    }

    @BeforeEach
    void write_files() throws Exception {
        LabCa.in(directory).run("root", "--demo", "--trust-domain", DOMAIN.name());
        LabCa.in(directory).run("intermediate", "--name", CLUSTER.name());
        LabCa.in(directory)
                .run(
                        "workload",
                        "--name",
                        "east-1",
                        "--namespace",
                        "demo",
                        "--service-account",
                        "echo",
                        "--out",
                        dir("echo"));
        LabCa.in(directory)
                .run(
                        "workload",
                        "--name",
                        "east-1",
                        "--namespace",
                        "beringia-system",
                        "--service-account",
                        "gateway",
                        "--out",
                        dir("gateway"));
        Files.writeString(directory.resolve("token"), "token-of-the-laptop");
        Files.writeString(directory.resolve("catalog.yaml"), FileCatalog.print(far()));
    }

    private String dir(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void one_line_is_enough_to_call_through_a_gateway() throws Exception {
        ResourceFeed feed = new ResourceFeed(new Fixed(near()), withheld -> {});
        Thread encoder = Thread.ofVirtual().start(feed);
        try (RegionProcess site = RegionProcess.start(
                        RegionConfigFile.read(Files.writeString(directory.resolve("site.yaml"), siteYaml())),
                        new Startup(new CountDownLatch(1), line -> {}));
                XdsServer discovery = XdsServer.start(
                        new InetSocketAddress(ip(1), 15_012),
                        new GrpcTls(new Discovery(), new SpiffeVerifier(), InstantSource.system()),
                        new DeltaService(node -> new Admission.Verdict.Admitted(feed), new Unheard()));
                ServerSocket application = new ServerSocket(8080, 16, InetAddress.getByName(ip(2)))) {
            assertThat(discovery.port()).isEqualTo(15_012);
            await("site").atMost(PATIENCE).until(() -> site.awaited().isEmpty());
            Thread.ofVirtual().start(() -> echo(application));
            Thread join = Thread.ofPlatform()
                    .start(() -> run(
                            "--from",
                            ip(1),
                            "--token",
                            dir("token"),
                            "--roots",
                            dir("root-cert.pem"),
                            "--workload",
                            LAPTOP,
                            "--network",
                            NEAR.name(),
                            "--trust-domain",
                            DOMAIN.name(),
                            "--source",
                            ip(3),
                            "--socks",
                            ip(3) + ":1080",
                            "--admin",
                            ip(3) + ":15020"));
            try {
                await("ready").atMost(PATIENCE).until(() -> out.toString().contains("is ready"));
                assertThat(call("hello")).isEqualTo("hello");
            } finally {
                join.interrupt();
                join.join(PATIENCE);
            }
            assertThat(out.toString()).contains("host " + LAPTOP + " has drained, nothing was left");
        } finally {
            encoder.interrupt();
        }
    }

    @Test
    void what_is_wrong_is_said_in_one_line() throws Exception {
        assertThat(run("--from", "127.0.0.1")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Missing required options", "--token", "--roots", "--workload");
        assertThat(refusal("--token", dir("nowhere")))
                .contains("--token: ", "nowhere (expected: a file that we may read)");
        assertThat(refusal("--workload", "laptop"))
                .contains("--workload: \"laptop\" (expected: CLUSTER//Pod/NAMESPACE/NAME, as discovery has it)");
        assertThat(refusal("--socks", "10.0.0.1:1080")).contains("host.socks: 10.0.0.1:1080 (expected: a loopback");
        assertThat(refusal("--from", "127.0.0.1:many")).contains("--from: ", "(expected: a whole number)");
    }

    private String refusal(String option, String value) {
        err.getBuffer().setLength(0);
        List<String> right = new ArrayList<>(List.of(
                "--from",
                "127.0.0.1",
                "--token",
                dir("token"),
                "--roots",
                dir("root-cert.pem"),
                "--workload",
                LAPTOP,
                "--network",
                "near"));
        int at = right.indexOf(option);
        if (at < 0) {
            right.addAll(List.of(option, value));
        } else {
            right.set(at + 1, value);
        }
        assertThat(run(right.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);
        return err.toString();
    }

    private int run(String... options) {
        List<String> line = new ArrayList<>(List.of("host", "join"));
        line.addAll(List.of(options));
        return Beringia.commandLine(Map.of())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
    }

    /** RFC 1928, by name. */
    private String call(String word) throws Exception {
        byte[] name = ECHO.hostname().getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(ip(3), 1080)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(new byte[] {5, 1, 0});
            assertThat(socket.getInputStream().readNBytes(2)).containsExactly(5, 0);
            socket.getOutputStream().write(new byte[] {5, 1, 0, 3, (byte) name.length});
            socket.getOutputStream().write(name);
            socket.getOutputStream().write(new byte[] {0, 80});
            assertThat(socket.getInputStream().readNBytes(10)[1])
                    .as("SOCKS reply")
                    .isZero();
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static void echo(ServerSocket application) {
        while (true) {
            try (Socket socket = application.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Certificates, a gateway of the other network, and the service's own host behind it. */
    private String siteYaml() {
        return """
                region: us-east
                cluster: east-1
                network: far
                admin: "%1$s:15020"
                roles:
                  trust:
                    listen: "%1$s:15013"
                    id: spiffe://corp.example/ns/beringia-system/sa/trust
                    ca: east-1
                    demo: true
                    static-tokens: [{sha256: %4$s, id: "spiffe://corp.example/ns/shop/sa/laptop"}]
                  gateway:
                    name: gateway-0
                    hbone: "%1$s:15008"
                    loops: 1
                    allow-loopback: true
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    identity-from: {files: {chain: gateway/workload-cert-chain.pem, key: gateway/key.pem, bundles: {corp.example: gateway/root-cert.pem}}}
                    catalog-from: {file: catalog.yaml}
                  host:
                    workload: %3$s
                    source: %2$s
                    inbound: {listen: "%2$s:15008", application: %2$s}
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    identity-from: {files: {chain: echo/workload-cert-chain.pem, key: echo/key.pem, bundles: {corp.example: echo/root-cert.pem}}}
                    catalog-from: {file: catalog.yaml}
                """.formatted(
                        ip(1),
                        ip(2),
                        server().uid(),
                        Fingerprint.sha256("token-of-the-laptop".getBytes(StandardCharsets.US_ASCII)));
    }

    private static SpiffeId id(String namespace, String account) {
        return SpiffeId.ofWorkload(DOMAIN, namespace, account);
    }

    private Workload server() {
        return Workload.named("east-1//Pod/demo/echo", "demo", "echo", CLUSTER, FAR)
                .identity(DOMAIN, "echo")
                .addresses(List.of(IpAddress.parse(ip(2))))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
                .build();
    }

    private static Service service(ServiceName name, Network network, ServicePort port, SpiffeId id) {
        return new Service(
                name,
                List.of(new NetworkAddress(network, IpAddress.parse("10.96.0.10"))),
                List.of(port),
                List.of(id),
                Optional.empty(),
                LoadBalancing.STANDARD,
                true,
                false);
    }

    /** What the other network knows. */
    private Catalog far() {
        RegionId region = new RegionId("us-east");
        ClusterState state = new ClusterState(
                CLUSTER,
                region,
                FAR,
                Set.of(DOMAIN),
                List.of(new GatewayAddress(
                        CLUSTER,
                        region,
                        FAR,
                        "gateway-0",
                        SocketAddress.parse(ip(1) + ":15008"),
                        id("beringia-system", "gateway"),
                        Health.HEALTHY,
                        1)),
                RegionStatus.ACTIVE,
                new Freshness.Live());
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(server()),
                List.of(service(ECHO, FAR, new ServicePort(80, 8080), id("demo", "echo"))),
                List.of(),
                List.of(new ExportedAuthority(ECHO, Set.of(80), Set.of(CLUSTER), Set.of())),
                List.of(),
                List.of(state));
    }

    /** What the laptop is told. */
    private Catalog near() {
        Workload laptop = Workload.named(LAPTOP, "shop", "laptop", CLUSTER, NEAR)
                .identity(DOMAIN, "laptop")
                .addresses(List.of(IpAddress.parse(ip(3))))
                .build();
        Workload elsewhere = Workload.named("far/SplitHorizonWorkload/echo", "demo", "echo-far", CLUSTER, FAR)
                .identity(DOMAIN, "echo")
                .networkGateway(new GatewayRef.ByHostname(GATEWAY, 15_008))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
                .build();
        Workload gateway = Workload.named("NetworkGateway/far/gw", "beringia-system", "gw", CLUSTER, FAR)
                .identity(DOMAIN, "gateway")
                .tunnel(Workload.Tunnel.NONE)
                .addresses(List.of(IpAddress.parse(ip(1))))
                .services(Map.of(GATEWAY, List.of(new ServicePort(15_008, 15_008))))
                .build();
        return Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(laptop, elsewhere, gateway),
                List.of(
                        service(ECHO, NEAR, new ServicePort(80, 8080), id("demo", "echo")),
                        service(GATEWAY, FAR, new ServicePort(15_008, 15_008), id("beringia-system", "gateway"))),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private record Fixed(Catalog latest) implements CatalogSource {
        @Override
        public CatalogSource.Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }

    /** Nothing of it is asked here. */
    private static final class Unheard implements DeltaService.Listener {
        @Override
        public void onAdmitted(NodeClaim node) {}

        @Override
        public void onRefused(Admission.Verdict.Refused refused) {}

        @Override
        public void onSent(int resources, int removals) {}

        @Override
        public void onNack(NodeClaim node, String why) {}

        @Override
        public void onEnded(NodeClaim node, Admission.Verdict.Refused why) {}

        @Override
        public void onLeft(NodeClaim node) {}
    }

    /** Of discovery. */
    private final class Discovery implements Credentials {
        private final Authority authority =
                CaFiles.in(directory.resolve("east-1")).open(InstantSource.system());
        private final X509Svid svid = authority.svid(id("beringia-system", "discovery"), Duration.ofHours(1));

        @Override
        public X509Svid svid() {
            return svid;
        }

        @Override
        public TrustBundles bundles() {
            return authority.bundles();
        }

        @Override
        public Credentials.Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
