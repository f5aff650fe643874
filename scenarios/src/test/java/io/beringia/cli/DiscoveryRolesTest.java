package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.hosts.HostsConfig;
import io.beringia.discovery.lab.LabConfig;
import io.beringia.discovery.mcs.McsConfig;
import io.beringia.discovery.mcs.VipRange;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.plan.PlanConfig;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.discovery.wire.YamlRefused;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The roles {@code kube} and {@code discovery}, and roles that get their catalog from there. */
final class DiscoveryRolesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SpiffeId SERVER = SpiffeId.parse("spiffe://corp.example/ns/beringia-system/sa/discovery");
    private static final String HEAD = "region: us-east\ncluster: east-1\nnetwork: net-east\n";

    private final int xds = freePort();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void every_key_of_the_lab_reaches_its_place() throws IOException {
        assertThat(read(HEAD + """
                        roles:
                          kube:
                            listen: 127.0.1.1:6443
                            manifests: manifests
                            kubeconfig: kubeconfig
                            probes: false
                            tokens: [{file: token, namespace: istio-system, service-account: ztunnel}]
                        """).kube())
                .contains(new LabConfig(
                        new InetSocketAddress("127.0.1.1", 6443),
                        directory.resolve("manifests"),
                        Optional.of(directory.resolve("kubeconfig")),
                        false,
                        List.of(new LabConfig.Token(
                                directory.resolve("token"), "istio-system", "ztunnel", List.of("istio-ca")))));
    }

    @Test
    void every_key_of_discovery_reaches_its_place() throws IOException {
        DiscoveryConfig config = read(HEAD + """
                        roles:
                          discovery:
                            trust-domain: corp.example
                            cluster-domain: corp.local
                            kube: {kubeconfig: kubeconfig, allow-plain-http: true, root-namespace: mesh}
                            xds: 127.0.1.1:15012
                            peering: 127.0.1.1:15035
                            gateways: {service: infra/gw, identities: ["spiffe://corp.example/ns/infra/sa/gw"], mode: direct}
                            exports: {default: none, allow-system-namespaces: [default], locality: any}
                            peer-wait: 3s
                            plan-from:
                              zookeeper: "zk-0:2181,zk-1:2181"
                              session: 6s
                              mesh: prod
                              leaders: ["spiffe://corp.example/ns/infra/sa/failover"]
                              file: state/plan
                            clusterset:
                              replica: discovery-1
                              namespace: infra
                              dns: 127.0.1.1:1053
                              vips-ipv4: 241.16.0.0/16
                              vips-ipv6: none
                              conflict-settle: 45s
                              endpoint-slices: off
                              endpoint-ttl: keep
                            operators: ["spiffe://corp.example/ns/infra/sa/operator"]
                            snapshot: {directory: state/snapshots, max-age: 6h}
                            stale: {policy: depreference, budget: 20m}
                            limits:
                              services: 1
                              identities: 2
                              ports: 3
                              endpoints: 4
                              slices: 5
                              slice-endpoints: 6
                              endpoints-of-peer: 7
                              gateways: 8
                              bytes: 9MiB
                            hosts: {replica: discovery-1, namespace: infra, grace: 5s}
                            peers:
                            - cluster: west-1
                              region: us-west
                              trust-domain: other.example
                              identities: ["spiffe://other.example/ns/infra/sa/discovery"]
                              addresses: ["discovery.west:15035"]
                              networks: [net-west]
                              cluster-mark: optional
                              waypoint-namespaces: [infra]
                              namespaces: [shop]
                              gateways: {gw-0: "10.9.0.1:15008"}
                            identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                        """).discovery().orElseThrow().config();

        assertThat(config)
                .isEqualTo(new DiscoveryConfig(
                        new RegionId("us-east"),
                        new ClusterId("east-1"),
                        new Network("net-east"),
                        new TrustDomain("corp.example"),
                        "corp.local",
                        Optional.of(new DiscoveryConfig.Kube(directory.resolve("kubeconfig"), true, "mesh")),
                        new InetSocketAddress("127.0.1.1", 15_012),
                        new InetSocketAddress("127.0.1.1", 15_035),
                        new DiscoveryConfig.Gateways(
                                new ServiceName("infra", "gw.infra.svc.corp.local"),
                                Set.of(SpiffeId.parse("spiffe://corp.example/ns/infra/sa/gw")),
                                false),
                        new DiscoveryConfig.Exports(false, Set.of("default"), LoadBalancing.STANDARD),
                        List.of(new PeerConfig(
                                new ClusterId("west-1"),
                                new RegionId("us-west"),
                                new TrustDomain("other.example"),
                                Set.of(SpiffeId.parse("spiffe://other.example/ns/infra/sa/discovery")),
                                List.of("discovery.west:15035"),
                                Set.of(new Network("net-west")),
                                PeerConfig.ClusterMark.OPTIONAL,
                                Set.of("infra"),
                                Set.of("shop"),
                                Map.of("gw-0", SocketAddress.parse("10.9.0.1:15008")))),
                        Duration.ofSeconds(3),
                        Optional.of(new PlanConfig(
                                "zk-0:2181,zk-1:2181",
                                Duration.ofSeconds(6),
                                "prod",
                                Set.of(SpiffeId.parse("spiffe://corp.example/ns/infra/sa/failover")),
                                directory.resolve("state/plan"))),
                        Optional.of(new DiscoveryConfig.Clusterset(
                                new McsConfig(
                                        "infra",
                                        "discovery-1",
                                        Optional.of(VipRange.parse("241.16.0.0/16")),
                                        Optional.empty(),
                                        Duration.ofSeconds(45),
                                        McsConfig.Slices.OFF,
                                        McsConfig.EndpointTtlRule.KEEP),
                                new InetSocketAddress("127.0.1.1", 1053))),
                        Optional.of(
                                new DiscoveryConfig.Keeping(directory.resolve("state/snapshots"), Duration.ofHours(6))),
                        Set.of(SpiffeId.parse("spiffe://corp.example/ns/infra/sa/operator")),
                        new DiscoveryConfig.Stale(StalePolicy.DEPREFERENCE, Duration.ofMinutes(20)),
                        new PeerLimits(1 << 20, 1, 2, 3, 4, 5, 6, 7, 8, 9L << 20),
                        Optional.of(new HostsConfig("discovery-1", "infra", Duration.ofSeconds(5)))));
    }

    @Test
    void silence_and_limits_have_defaults_and_refusals() throws IOException {
        String role = HEAD + """
                roles:
                  discovery:
                    %s
                    identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                """;

        DiscoveryConfig config = read(role.formatted("trust-domain: corp.example"))
                .discovery()
                .orElseThrow()
                .config();
        assertThat(config.stale()).isEqualTo(new DiscoveryConfig.Stale(StalePolicy.KEEP, Duration.ofMinutes(15)));
        assertThat(config.limits())
                .isEqualTo(new PeerLimits(1 << 20, 20_000, 512, 256, 100_000, 20_000, 1_000, 100_000, 256, 256L << 20));
        assertThat(refused(role.formatted("stale: {policy: forget}")).getMessage())
                .contains("\"forget\" (expected: keep, depreference or drop)");
        assertThat(refused(role.formatted("stale: {budget: 9s}")).getMessage())
                .contains("discovery.stale.budget: PT9S (expected: at least PT10S)");
        assertThat(refused(role.formatted("limits: {gateways: 0}")).getMessage())
                .contains("gateways");
    }

    @Test
    void a_clusterset_has_defaults_and_refusals() throws IOException {
        String role = HEAD + """
                roles:
                  discovery:
                    kube: {kubeconfig: kubeconfig}
                    clusterset: {%s}
                    identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                """;

        assertThat(read(role.formatted("replica: discovery-0"))
                        .discovery()
                        .orElseThrow()
                        .config()
                        .clusterset())
                .contains(new DiscoveryConfig.Clusterset(
                        new McsConfig(
                                "beringia-system",
                                "discovery-0",
                                Optional.of(VipRange.parse("241.0.0.0/12")),
                                Optional.of(VipRange.parse("fd00:6265:7269::/64")),
                                Duration.ofSeconds(30),
                                McsConfig.Slices.SAME_NETWORK,
                                McsConfig.EndpointTtlRule.DROP),
                        new InetSocketAddress("0.0.0.0", 1053)));
        assertThat(refused(role.formatted("dns: 127.0.0.1:53")).getMessage()).contains("replica");
        assertThat(refused(role.formatted("replica: a, vips-ipv4: 240.240.0.0/16"))
                        .getMessage())
                .contains("from which Istio allocates");
        assertThat(refused(role.formatted("replica: a, endpoint-ttl: never")).getMessage())
                .contains("\"never\" (expected: drop or keep)");
        assertThat(refused(role.formatted("replica: a, vips-ipv4: \"fd00::/64\""))
                        .getMessage())
                .contains("a range of IPv4");
        assertThat(refused(role.formatted("replica: a, conflict-settle: 2h")).getMessage())
                .contains("conflict-settle: PT2H");
        assertThat(refused(role.formatted("replica: a").replace("    kube: {kubeconfig: kubeconfig}\n", ""))
                        .getMessage())
                .contains("discovery.clusterset: without discovery.kube");
    }

    @Test
    void hosts_have_defaults_and_refusals() throws IOException {
        String role = HEAD + """
                roles:
                  discovery:
                    kube: {kubeconfig: kubeconfig}
                    hosts: {%s}
                    identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                """;

        assertThat(read(role.formatted("replica: discovery-0"))
                        .discovery()
                        .orElseThrow()
                        .config()
                        .hosts())
                .contains(new HostsConfig("discovery-0", "beringia-system", Duration.ofSeconds(10)));
        assertThat(refused(role.formatted("grace: 5s")).getMessage()).contains("replica");
        assertThat(refused(role.formatted("replica: a, grace: 11m")).getMessage())
                .contains("discovery.hosts.grace: PT11M (expected: PT1S to PT10M)");
        assertThat(refused(role.formatted("replica: a").replace("    kube: {kubeconfig: kubeconfig}\n", ""))
                        .getMessage())
                .contains("discovery.hosts: without discovery.kube");
    }

    @Test
    void wrong_words_and_twice_the_same_peer_are_refused_all_at_once() {
        assertThat(refused(HEAD + """
                        roles:
                          discovery:
                            gateway: {mode: direct}
                            exports: {default: everybody}
                            identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                        """).getMessage())
                .contains("gateway: unknown", "gateways", "\"everybody\" (expected: clusterset or none)");
        assertThat(refused(HEAD + """
                        roles:
                          discovery:
                            peers: [{cluster: east-1, region: us-east, identities: ["spiffe://cluster.local/ns/b/sa/discovery"]}]
                            identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                        """).getMessage())
                .contains("discovery.peers: [east-1] (expected: each other cluster once)");
    }

    @Test
    void a_catalog_has_one_source() throws IOException {
        assertThat(read(host("discovery: {address: \"127.0.1.1:15012\", server: \"" + SERVER
                                + "\", last-good: kept.yaml}"))
                        .hosts()
                        .getFirst()
                        .catalog())
                .isEqualTo(new RegionConfig.CatalogFrom.Discovery(
                        new RemoteCatalog.Server("127.0.1.1", 15_012, SERVER),
                        Optional.of(directory.resolve("kept.yaml"))));
        assertThat(refused(host("")).getMessage()).contains("neither file nor discovery (expected: one of them)");
        assertThat(refused(host("file: f, discovery: {address: \"a:1\", server: \"" + SERVER + "\"}"))
                        .getMessage())
                .contains("file and discovery (expected: one of them)");
    }

    private static String host(String catalog) {
        return HEAD + """
                roles:
                  host:
                    workload: east-1//Pod/demo/web-0
                    source: 127.0.0.4
                    identity-from: {files: {chain: c, key: k, bundles: {corp.example: r}}}
                    catalog-from: {%s}
                """.formatted(catalog);
    }

    @Test
    void gateways_and_hosts_start_with_what_discovery_reads_from_the_lab() throws Exception {
        LabCa.in(directory).run("root", "--demo", "--trust-domain", "corp.example");
        LabCa.in(directory).run("intermediate", "--name", "east-1");
        Files.writeString(Files.createDirectory(directory.resolve("manifests")).resolve("demo.yaml"), """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: web-0, namespace: demo}
                        spec: {serviceAccountName: web}
                        status: {phase: Running, podIP: 127.0.0.4}
                        """);
        try (RegionProcess control = start("control", """
                          kube: {listen: "127.0.0.1:%d", manifests: manifests, kubeconfig: kubeconfig}
                          discovery:
                            trust-domain: corp.example
                            kube: {kubeconfig: kubeconfig, allow-plain-http: true}
                            xds: "127.0.0.1:%d"
                            peering: "127.0.0.1:%d"
                            gateways: {identities: ["spiffe://corp.example/ns/beringia-system/sa/gateway"]}
                            identity-from: %s
                        """.formatted(
                                freePort(), xds, freePort(), identity("beringia-system", "discovery")));
                RegionProcess data = start("data", """
                          gateway:
                            name: gateway-0
                            hbone: "127.0.0.1:%d"
                            loops: 1
                            drain: {accept: 0s, jitter: 0s, deadline: 0s}
                            identity-from: %s
                            catalog-from: %s
                          host:
                            workload: east-1//Pod/demo/web-0
                            source: 127.0.0.4
                            identity-from: %s
                            catalog-from: %s
                        """.formatted(
                                freePort(),
                                identity("beringia-system", "gateway"),
                                catalog("gateway.yaml"),
                                identity("demo", "web"),
                                catalog("host.yaml")))) {
            await("all roles are ready").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(control.awaited()).as("control").isEmpty();
                assertThat(data.awaited()).as("data").isEmpty();
            });
        }
        await("kept for the next start")
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(directory.resolve("host.yaml")).content().contains("web-0"));
    }

    private String identity(String namespace, String account) {
        Path out = directory.resolve(account);
        LabCa.in(directory)
                .run(
                        "workload",
                        "--name",
                        "east-1",
                        "--namespace",
                        namespace,
                        "--service-account",
                        account,
                        "--out",
                        "" + out);
        return "{files: {chain: %1$s/workload-cert-chain.pem, key: %1$s/key.pem, bundles: {corp.example: %1$s/root-cert.pem}}}"
                .formatted(account);
    }

    private String catalog(String kept) {
        return "{discovery: {address: \"127.0.0.1:%d\", server: \"%s\", last-good: %s}}".formatted(xds, SERVER, kept);
    }

    private RegionProcess start(String name, String roles) throws IOException {
        String text = HEAD + "admin: \"127.0.0.1:" + freePort() + "\"\nroles:\n" + roles;
        Path file = Files.writeString(directory.resolve(name + ".yaml"), text);
        return RegionProcess.start(RegionConfigFile.read(file), new Startup(new CountDownLatch(1), line -> {}));
    }

    private RegionConfig read(String yaml) throws IOException {
        return RegionConfigFile.read(Files.writeString(directory.resolve("region.yaml"), yaml));
    }

    private YamlRefused refused(String yaml) {
        return catchThrowableOfType(YamlRefused.class, () -> read(yaml));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
