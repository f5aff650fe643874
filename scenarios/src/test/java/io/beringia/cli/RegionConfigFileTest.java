package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ProbeQuestion;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.discovery.wire.YamlRefused;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.console.ConsoleConfig;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostLimits;
import io.beringia.gateway.host.Readiness;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.FederationConfig;
import io.beringia.trust.federation.ForeignDomain;
import io.beringia.trust.federation.ForeignDomain.Profile;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Enforcement;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.NoteKey;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.WitnessPeer;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.Pkcs11Uri;
import io.beringia.trust.rotation.RotationTiming;
import io.beringia.trust.rotator.RotationConfig;
import io.beringia.trust.workload.WorkloadConfig;
import io.beringia.trust.workload.WorkloadEntry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegionConfigFileTest {
    private static final String WITNESS =
            "corp.example/beringia/west-1/witness+f0eb88ed+BGobpNfadWldAXzsjYc7p7pDBpdjrY4tquiLQiaGcF2T";

    private static final String SOURCES = """
                identity-from: {files: {chain: chain.pem, key: key.pem, bundles: {cluster.local: root.pem}}}
                catalog-from: {file: catalog.yaml}
            """;
    private static final String HEAD = "region: us-east\ncluster: east-1\nnetwork: net-east\n";

    @TempDir
    private Path directory;

    @Test
    void a_gateway_lets_go_as_is_usual_where_nothing_is_said() throws IOException {
        GatewayConfig gateway = gatewayWith("");
        assertThat(gateway.drain()).isEqualTo(DrainConfig.DEFAULT);
        assertThat(gateway.maxAge()).isEqualTo(MaxAge.DEFAULT);
        assertThat(gatewayWith("    drain: {jitter: 1m}\n").drain())
                .isEqualTo(new DrainConfig(Duration.ofSeconds(15), Duration.ofMinutes(1), Duration.ofMinutes(10)));
    }

    @Test
    void what_a_gateway_cannot_keep_to_is_refused() {
        assertThat(refused(gatewayFile("    drain: {accept: 11m}\n    connections: {max-age: 0s}\n"))
                        .getMessage())
                .contains("roles.gateway.drain: drain.accept: PT11M (expected: 0s..10m)")
                .contains("roles.gateway.connections: connections.max-age: PT0S (expected: 1s..24h)");
        assertThat(refused(gatewayFile("    drain: {deadline: soon}\n")).getMessage())
                .contains("roles.gateway.drain.deadline: \"soon\" (expected: a duration");
    }

    @Test
    void every_limit_of_a_gateway_reaches_its_place() throws IOException {
        assertThat(gatewayWith("").limits()).isEqualTo(LimitsConfig.ofProcess());
        LimitsConfig limits = gatewayWith("""
                    limits:
                      tunnel-bytes: 2MiB
                      stall: 10s
                      connections: 11
                      tunnels: 12
                      handshakes: {per-source: 13, per-loop: 14}
                      frames: {control: 21, idle: 22, priorities: 23, window-updates: 24, resets-from: 125}
                      client: {connections: 15, tunnels: 16, new-tunnels: 17}
                      gateway: {connections: 18, tunnels: 19, new-tunnels: 20}
                """.indent(0)).limits();
        assertThat(limits)
                .isEqualTo(new LimitsConfig(
                        2 * 1024 * 1024,
                        Duration.ofSeconds(10),
                        11,
                        12,
                        new HandshakeRates(13, 14),
                        new FrameRates(21, 22, 23, 24, 125),
                        new PeerAllowance(15, 16, 17),
                        new PeerAllowance(18, 19, 20)));
        assertThat(gatewayWith("    limits: {client: {tunnels: 5}}\n").limits().client())
                .isEqualTo(new PeerAllowance(64, 5, 500));
    }

    @Test
    void limits_out_of_range_are_refused_by_their_names() {
        assertThat(refused(
                                gatewayFile(
                                        "    limits: {client: {tunnels: 0}, handshakes: {per-loop: 0}, frames: {window-updates: 1}}\n"))
                        .getMessage())
                .contains("roles.gateway.limits.client: tunnels: 0 (expected: 1..1000000)")
                .contains("roles.gateway.limits.handshakes: per-loop: 0 (expected: 1..100000)")
                .contains("roles.gateway.limits.frames: window-updates: 1 (expected: 2..1000)");
        assertThat(refused(gatewayFile("    limits: {streams: 5}\n")).getMessage())
                .contains("roles.gateway.limits.streams");
    }

    private GatewayConfig gatewayWith(String keys) throws IOException {
        return read(gatewayFile(keys)).gateway().orElseThrow().config();
    }

    private static String gatewayFile(String keys) {
        return HEAD + "roles:\n  gateway:\n    name: g\n    hbone: 127.0.0.2:15008\n" + keys
                + SOURCES.indent(0).replaceAll("(?m)^ *", "    ");
    }

    @Test
    void every_key_of_a_gateway_reaches_its_place() throws IOException {
        RegionConfig config =
                read(HEAD + """
                admin: 127.0.0.2:15020
                roles:
                  gateway:
                    name: gateway-0
                    hbone: 127.0.0.2:15008
                    relay: 127.0.0.2:15018
                    source: 127.0.0.3
                    loops: 3
                    drain: {accept: 20s, jitter: 40s, deadline: 30m}
                    connections: {max-age: 10m}
                    allow-loopback: true
                    evidence-to: [{address: "127.0.0.4:15035", server: "spiffe://cluster.local/ns/b/sa/discovery"}]
                    ledger:
                      dir: ledger
                      mode: strict
                      listen: 127.0.0.2:15039
                      witnesses: [{name: west-1, url: "https://127.0.0.7:15039/witness", key: %s}]
                """.formatted(WITNESS) + SOURCES.indent(0).replaceAll("(?m)^ *", "    "));
        GatewayConfig gateway = config.gateway().orElseThrow().config();
        assertThat(gateway.gateway()).isEqualTo("gateway-0");
        assertThat(gateway.region()).isEqualTo(config.region());
        assertThat(gateway.hbone()).isEqualTo(SocketAddress.parse("127.0.0.2:15008"));
        assertThat(gateway.relay()).contains(SocketAddress.parse("127.0.0.2:15018"));
        assertThat(gateway.source()).hasToString("127.0.0.3");
        assertThat(gateway.loops()).isEqualTo(3);
        assertThat(gateway.allowLoopback()).isTrue();
        assertThat(gateway.drain())
                .isEqualTo(new DrainConfig(Duration.ofSeconds(20), Duration.ofSeconds(40), Duration.ofMinutes(30)));
        assertThat(gateway.maxAge()).isEqualTo(new MaxAge(Duration.ofMinutes(10)));
        assertThat(gateway.ledger()).contains(ledger("127.0.0.2"));
        assertThat(gateway.evidence())
                .containsExactly(new ReportFeed.Replica(
                        SocketAddress.parse("127.0.0.4:15035"),
                        SpiffeId.parse("spiffe://cluster.local/ns/b/sa/discovery")));
        assertThat(config.admin()).isEqualTo(SocketAddress.parse("127.0.0.2:15020"));
        assertThat(config.gateway().orElseThrow().identity())
                .isEqualTo(new RegionConfig.IdentityFrom.Files(new CredentialFiles(
                        directory.resolve("chain.pem"),
                        directory.resolve("key.pem"),
                        Map.of(new TrustDomain("cluster.local"), directory.resolve("root.pem")))));
        assertThat(config.gateway().orElseThrow().catalog())
                .isEqualTo(new RegionConfig.CatalogFrom.File(directory.resolve("catalog.yaml")));
    }

    @Test
    void every_key_of_a_host_reaches_its_place() throws IOException {
        RegionConfig config = read(HEAD + """
                roles:
                  host:
                    workload: east-1//Pod/demo/web-0
                    source: 127.0.0.4
                    loops: 2
                    socks: 127.0.0.4:1080
                    plain-allowed: true
                    listeners: [{listen: "127.0.0.4:7001", service: "echo.demo.svc.cluster.local:80"}]
                    inbound: {listen: "127.0.0.4:15008", application: 127.0.0.5, ports: [8080], admin-ports: [15000], probe: true}
                    drain: {accept: 1s, jitter: 2s, deadline: 3s}
                    connections: {max-age: 20m}
                """ + SOURCES.indent(0).replaceAll("(?m)^ *", "    "));
        HostConfig host = config.hosts().getFirst().config();
        assertThat(host)
                .isEqualTo(new HostConfig(
                                "east-1//Pod/demo/web-0",
                                IpAddress.parse("127.0.0.4"),
                                2,
                                Optional.of(SocketAddress.parse("127.0.0.4:1080")),
                                List.of(new HostConfig.Listener(
                                        SocketAddress.parse("127.0.0.4:7001"),
                                        new Destination.ByName("echo.demo.svc.cluster.local", 80))),
                                true,
                                Optional.of(new HostConfig.Inbound(
                                        SocketAddress.parse("127.0.0.4:15008"),
                                        IpAddress.parse("127.0.0.5"),
                                        Set.of(8080),
                                        Set.of(15000, 15020),
                                        true)))
                        .with(new DrainConfig(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)))
                        .with(new MaxAge(Duration.ofMinutes(20))));
        assertThat(config.admin()).isEqualTo(SocketAddress.parse("127.0.0.1:15020"));
    }

    @Test
    void a_host_says_little_that_it_need_not_say() throws IOException {
        HostConfig host = host("inbound: {listen: \"10.0.0.4:15008\"}");
        HostConfig.Inbound inbound = host.inbound().orElseThrow();
        assertThat(inbound.application()).isEqualTo(IpAddress.parse("127.0.0.1"));
        assertThat(inbound.adminPorts()).as("that of the process").containsExactly(15020);
        assertThat(host.maxAge()).isEqualTo(MaxAge.DEFAULT);
        assertThat(host.drain()).isEqualTo(HostConfig.DRAIN);
        assertThat(host.drain().longest()).isLessThan(Duration.ofSeconds(90));
    }

    @Test
    void the_limits_of_a_host_reach_their_place_and_have_ranges() throws IOException {
        assertThat(host("inbound: {listen: \"10.0.0.4:15008\"}").limits()).isEqualTo(HostLimits.DEFAULT);
        assertThat(host("limits: {connections: 11, handshakes: 12, frames: {control: 13}}")
                        .limits())
                .isEqualTo(new HostLimits(11, 12, new FrameRates(13, 100, 100, 20, 500)));
        assertThatThrownBy(() -> host("limits: {handshakes: 1}"))
                .hasMessageContaining("host.limits: handshakes: 1 (expected: 2..100000)");
        assertThatThrownBy(() -> host("limits: {connections: 0}"))
                .hasMessageContaining("host.limits: connections: 0 (expected: 1..1000000)");
    }

    @Test
    void a_host_listens_where_its_peers_dial_and_where_only_its_own_applications_do() {
        assertThatThrownBy(() -> host("inbound: {listen: \"10.0.0.4:15009\"}"))
                .hasMessageContaining(
                        "inbound.listen: 10.0.0.4:15009 (expected: port 15008, other proxies dial no other)");
        assertThatThrownBy(() -> host("socks: \"10.0.0.4:1080\""))
                .hasMessageContaining("host.socks: 10.0.0.4:1080 (expected: a loopback address");
        assertThatThrownBy(() -> host("listeners: [{listen: \"[2001:db8::1]:70\", service: \"a.b:80\"}]"))
                .hasMessageContaining("host.listeners.listen: [2001:db8::1]:70 (expected: a loopback address");
    }

    @Test
    void a_host_of_an_entry_says_how_it_is() throws IOException {
        assertThat(entry("http: \"http://127.0.0.1:8080/healthz\", period: 2s, timeout: 3s, successes: 4, failures: 5"))
                .contains(new Readiness(
                        new ProbeQuestion.Http(URI.create("http://127.0.0.1:8080/healthz")),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        4,
                        5));
        assertThat(entry("tcp: \"[::1]:8080\""))
                .contains(new Readiness(
                        new ProbeQuestion.Tcp("::1", 8080), Duration.ofSeconds(10), Duration.ofSeconds(1), 1, 3));
        assertThatThrownBy(() -> entry("http: \"https://127.0.0.1/\""))
                .hasMessageContaining("https://127.0.0.1/ (expected: http://host:port/path)");
        assertThatThrownBy(() -> entry("tcp: \"127.0.0.1:8080\", http: \"http://a/\""))
                .hasMessageContaining("tcp and http (expected: one of them)");
        assertThatThrownBy(() -> entry("period: 2s")).hasMessageContaining("neither tcp nor http");
        assertThatThrownBy(() -> entry("tcp: \"127.0.0.1:8080\", failures: 0"))
                .hasMessageContaining("host.readiness.failures: 0 (expected: 1..100)");
        assertThatThrownBy(() -> host("readiness: {tcp: \"127.0.0.1:8080\"}"))
                .hasMessageContaining("host.readiness: of east-1//Pod/demo/web-0 (expected: a host of a WorkloadEntry");
    }

    private Optional<Readiness> entry(String readiness) throws IOException {
        return read(HEAD + """
                roles:
                  host:
                    workload: east-1/networking.istio.io/WorkloadEntry/demo/vm-1
                    source: 10.0.0.4
                    inbound: {listen: "10.0.0.4:15008"}
                    readiness: {%s}
                    identity-from: {files: {chain: c, key: k, bundles: {cluster.local: r}}}
                    catalog-from: {discovery: {address: "127.0.0.1:15012", server: "spiffe://cluster.local/ns/b/sa/discovery"}}
                """.formatted(readiness)).hosts().getFirst().config().readiness();
    }

    @Test
    void a_host_whose_catalog_is_a_file_tells_nobody_how_it_is() {
        assertThatThrownBy(() -> read(HEAD + """
                roles:
                  host:
                    workload: east-1/networking.istio.io/WorkloadEntry/demo/vm-1
                    source: 10.0.0.4
                    inbound: {listen: "10.0.0.4:15008"}
                    readiness: {tcp: "127.0.0.1:8080"}
                """ + SOURCES.indent(0).replaceAll("(?m)^ *", "    ")))
                .hasMessageContaining("host.readiness: with catalog-from.file (expected: catalog-from.discovery");
    }

    private HostConfig host(String more) throws IOException {
        return read(HEAD + """
                roles:
                  host:
                    workload: east-1//Pod/demo/web-0
                    source: 10.0.0.4
                    %s
                """.formatted(more) + SOURCES.indent(0).replaceAll("(?m)^ *", "    "))
                .hosts()
                .getFirst()
                .config();
    }

    @Test
    void several_workloads_may_share_a_process() throws IOException {
        String from =
                "identity-from: {files: {chain: c, key: k, bundles: {cluster.local: r}}}, catalog-from: {file: f}";
        RegionConfig config = read(HEAD + """
                roles:
                  hosts:
                  - {workload: east-1//Pod/demo/a, source: 127.0.0.4, %1$s}
                  - {workload: east-1//Pod/demo/b, source: 127.0.0.5, %1$s}
                """.formatted(from));
        assertThat(config.hosts())
                .extracting(host -> host.config().workload())
                .containsExactly("east-1//Pod/demo/a", "east-1//Pod/demo/b");
    }

    @Test
    void every_key_of_the_role_trust_reaches_its_place() throws IOException {
        SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/trust");
        String token = "a".repeat(64);
        RegionConfig config = read(HEAD + """
                roles:
                  trust:
                    listen: 127.0.0.6:15012
                    id: %1$s
                    ca: east-1
                    demo: true
                    default-ttl: 10m
                    max-ttl: 1h
                    static-tokens: [{sha256: %2$s, id: %1$s}]
                    serving-names: [{id: %1$s, names: [ca.test]}]
                    kube: {kubeconfig: kube.yaml, audience: mesh, cluster-names: [Kubernetes], node-accounts: [a/b]}
                    ledger:
                      dir: ledger
                      mode: strict
                      listen: 127.0.0.6:15039
                      witnesses: [{name: west-1, url: "https://127.0.0.7:15039/witness", key: %3$s}]
                """.formatted(id, token, WITNESS));
        assertThat(config.trust())
                .contains(TrustConfig.inFolder(
                                new InetSocketAddress("127.0.0.6", 15012),
                                id,
                                directory.resolve("east-1"),
                                IssuanceConfig.withTokens(
                                        true,
                                        Duration.ofMinutes(10),
                                        Duration.ofHours(1),
                                        Map.of(token, id),
                                        Map.of(id, List.of("ca.test")),
                                        Optional.of(new IssuanceConfig.Kubernetes(
                                                Optional.of(directory.resolve("kube.yaml")),
                                                "mesh",
                                                Set.of("Kubernetes"),
                                                Set.of("a/b")))))
                        .with(ledger("127.0.0.6")));
    }

    private static final String TRUST = """
            roles:
              trust:
                listen: 127.0.0.6:15012
                id: spiffe://cluster.local/ns/beringia-system/sa/trust
                ca: east-1
            """;

    private static final String STRICT = "    ledger: {dir: ledger, mode: strict}\n";

    @Test
    void a_trust_domain_on_its_own_keeps_nobodys_bundles() throws IOException {
        TrustConfig trust = read(HEAD + TRUST).trust().orElseThrow();

        assertThat(trust.federation())
                .as("federation")
                .isEqualTo(FederationConfig.none(directory.resolve("east-1/federation")));
        assertThat(trust.bundleEndpoint()).as("bundle endpoint").isEmpty();
    }

    @Test
    void every_key_of_a_federation_reaches_its_place() throws IOException {
        TrustConfig trust = read(HEAD + TRUST + """
                    federation:
                      dir: foreign
                      domains:
                      - trust-domain: partner.example
                        url: https://bundles.partner.example/x
                        https-spiffe: {id: "spiffe://partner.example/spire/server", bootstrap: partner.json}
                      - {trust-domain: web.example, url: "https://web.example/", https-web: {roots: web.pem}}
                      - {trust-domain: open.example, url: "https://open.example/", https-web: {}}
                    bundle-endpoint:
                      listen: 127.0.0.6:8443
                      path: /bundle
                      refresh-hint: 90s
                      https-web: {chain: chain.pem, key: key.pem}
                """).trust().orElseThrow();

        assertThat(trust.federation())
                .as("federation")
                .isEqualTo(new FederationConfig(
                        directory.resolve("foreign"),
                        List.of(
                                foreign(
                                        "partner.example",
                                        "https://bundles.partner.example/x",
                                        new Profile.Spiffe(
                                                SpiffeId.parse("spiffe://partner.example/spire/server"),
                                                Optional.of(directory.resolve("partner.json")))),
                                foreign(
                                        "web.example",
                                        "https://web.example/",
                                        new Profile.Web(Optional.of(directory.resolve("web.pem")))),
                                foreign("open.example", "https://open.example/", new Profile.Web(Optional.empty())))));
        assertThat(trust.bundleEndpoint())
                .as("bundle endpoint")
                .contains(new BundleEndpointConfig(
                        new InetSocketAddress("127.0.0.6", 8443),
                        "/bundle",
                        Duration.ofSeconds(90),
                        Optional.of(new BundleEndpointConfig.Web(
                                directory.resolve("chain.pem"), directory.resolve("key.pem")))));
    }

    @Test
    void the_key_of_the_ca_is_plain_unless_a_passphrase_or_a_token_is_named() throws IOException {
        String uri = "pkcs11:slot-id=5;object=us%2Deast?module-path=/usr/lib/x.so&pin-source=/run/pin";

        assertThat(custody("")).as("left out").isEqualTo(KeyCustody.plain());
        assertThat(custody("    ca-key: {passphrase-file: secret}\n"))
                .as("passphrase")
                .isEqualTo(KeyCustody.encrypted(directory.resolve("secret")));
        assertThat(custody("    ca-key: {pkcs11: \"" + uri + "\"}\n"))
                .as("token")
                .isEqualTo(new KeyCustody.Token(
                        new Pkcs11Uri(5, "us-east", Path.of("/usr/lib/x.so"), Path.of("/run/pin"))));
    }

    @Test
    void a_key_in_two_places_or_none_is_refused_and_one_that_a_rotation_cannot_move() {
        Map.of(
                        "ca-key: {}",
                        "neither passphrase-file nor pkcs11 (expected: one of them)",
                        "ca-key: {passphrase-file: a, pkcs11: b}",
                        "passphrase-file and pkcs11 (expected: one of them)",
                        "ca-key: {pkcs11: \"pkcs11:slot-id=5;object=a?module-path=/x.so&pin-value=1\"}",
                        "a PIN in its file only",
                        "ca-key: {pkcs11: \"pkcs11:slot-id=5;object=a?module-path=/x.so&pin-source=/p\"}\n"
                                + "    ledger: {dir: l, mode: strict}\n    rotation: {}",
                        "rotation: beside ca-key.pkcs11 (expected: a key in a file, plain or under a passphrase")
                .forEach((wrong, sentence) -> assertThat(
                                refused(HEAD + TRUST + "    " + wrong + "\n").getMessage())
                        .as(wrong)
                        .contains(sentence));
    }

    private KeyCustody custody(String line) throws IOException {
        return read(HEAD + TRUST + line).trust().orElseThrow().ca().custody();
    }

    @Test
    void every_key_of_the_workload_api_reaches_its_place() throws IOException {
        assertThat(read(HEAD + TRUST).trust().orElseThrow().workloadApi())
                .as("left out")
                .isEmpty();
        assertThat(read(HEAD + TRUST + """
                    workload-api:
                      socket: /run/own.sock
                      entries:
                      - {id: "spiffe://cluster.local/ns/shop/sa/cart", user: cart, group: "1000", hint: internal}
                      - {id: "spiffe://cluster.local/ns/shop/sa/web", user: web}
                """).trust().orElseThrow().workloadApi())
                .contains(new WorkloadConfig(
                        Path.of("/run/own.sock"),
                        List.of(
                                new WorkloadEntry(
                                        SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/cart"),
                                        "cart",
                                        Optional.of("1000"),
                                        Optional.of("internal")),
                                new WorkloadEntry(
                                        SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/web"),
                                        "web",
                                        Optional.empty(),
                                        Optional.empty()))));
    }

    @Test
    void a_workload_api_that_cannot_be_meant_is_refused() {
        String id = "id: \"spiffe://cluster.local/ns/shop/sa/cart\", user: cart";
        Map.of(
                        "workload-api: {entries: []}",
                        "workload-api.entries: 0 (expected: 1 to 256)",
                        "workload-api: {socket: api.sock, entries: [{" + id + "}]}",
                        "workload-api.socket: api.sock (expected: an absolute path of 107 bytes at most)",
                        "workload-api: {socket: /" + "x".repeat(107) + ", entries: [{" + id + "}]}",
                        "(expected: an absolute path of 107 bytes at most)",
                        "workload-api: {entries: [{" + id + ", hint: a}, {" + id + ", hint: a}]}",
                        "workload-api.entries: hint twice (expected: each once)",
                        "workload-api: {entries: [{id: \"spiffe://a.example/x\", user: cart}]}",
                        "workload-api.entries: spiffe://a.example/x (expected: an ID of cluster.local)")
                .forEach((wrong, sentence) -> assertThat(
                                refused(HEAD + TRUST + "    " + wrong + "\n").getMessage())
                        .as(wrong)
                        .contains(sentence));
    }

    @Test
    void a_root_is_rotated_only_where_that_is_said_and_with_defaults_that_fit_most() throws IOException {
        assertThat(read(HEAD + TRUST).trust().orElseThrow().rotation())
                .as("left out")
                .isEmpty();
        assertThat(read(HEAD + TRUST + STRICT + "    rotation: {}\n")
                        .trust()
                        .orElseThrow()
                        .rotation())
                .as("defaults")
                .contains(new RotationConfig(
                        directory.resolve("east-1/rotation"),
                        directory.resolve("east-1/next"),
                        List.of(),
                        RotationTiming.DEFAULT,
                        List.of(),
                        Optional.empty()));
    }

    @Test
    void every_key_of_a_rotation_reaches_its_place() throws IOException {
        assertThat(read(HEAD + TRUST + STRICT + """
                    rotation:
                      store: kept
                      next: coming
                      clusters: [east-1, west-1]
                      evidence-age: 1m
                      mount-delay: 2m
                      answer-delay: 3s
                      clock-skew: 4s
                      partner-refreshes: 6
                      probes: [{id: "spiffe://cluster.local/ns/shop/sa/cart", address: "127.0.0.7:15008"}]
                      operator-api: {listen: "127.0.0.6:15040", operators: ["spiffe://cluster.local/ns/ops/sa/ann"]}
                      peers:
                      - {cluster: west-1, address: "127.0.0.8:15040"}
                """).trust().orElseThrow().rotation())
                .contains(new RotationConfig(
                        directory.resolve("kept"),
                        directory.resolve("coming"),
                        List.of("east-1", "west-1"),
                        new RotationTiming(
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                6),
                        List.of(new RotationConfig.ProbeTarget(
                                SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/cart"),
                                new InetSocketAddress("127.0.0.7", 15008))),
                        Optional.of(new RotationConfig.Operators(
                                new InetSocketAddress("127.0.0.6", 15040),
                                Set.of(SpiffeId.parse("spiffe://cluster.local/ns/ops/sa/ann")))),
                        List.of(new RotationConfig.Peer(
                                "west-1",
                                SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/trust"),
                                new InetSocketAddress("127.0.0.8", 15040)))));
    }

    @Test
    void a_rotation_that_cannot_be_meant_is_refused() {
        Map.of(
                        "rotation: {}",
                        "rotation: beside ledger.mode none (expected: strict",
                        "ledger: {dir: l}\n    rotation: {}",
                        "rotation: beside ledger.mode default (expected: strict",
                        "ledger: {dir: l, mode: strict}\n    rotation: {clusters: [a, a]}",
                        "rotation.clusters: [a, a] (expected: each once)",
                        "ledger: {dir: l, mode: strict}\n    rotation: {operator-api: {listen: \"127.0.0.6:15040\"}}",
                        "rotation.operators: none (expected: SPIFFE IDs of operators)",
                        "ledger: {dir: l, mode: strict}\n    rotation: {peers: [{cluster: b, address: \"127.0.0.8:1\"}]}",
                        "rotation.peers: [b] (expected: each once, and of rotation.clusters, [])",
                        "ledger: {dir: l, mode: strict}\n    rotation: {clusters: [a, b], peers: [{cluster: b, address:"
                                + " \"127.0.0.8:1\"}]}",
                        "rotation.peers: without rotation.operator-api (expected: both",
                        "ledger: {dir: l, mode: strict}\n    rotation: {operator-api: {listen: \"127.0.0.6:15012\","
                                + " operators: [\"spiffe://cluster.local/ns/ops/sa/ann\"]}}",
                        "trust.rotation.operator-api.listen: 127.0.0.6:15012 is taken by trust.listen")
                .forEach((wrong, sentence) -> assertThat(
                                refused(HEAD + TRUST + "    " + wrong + "\n").getMessage())
                        .as(wrong)
                        .contains(sentence));
    }

    @Test
    void a_federation_that_cannot_be_meant_is_refused() {
        Map.of(
                        "trust-domain: cluster.local, url: \"https://a.example/\", https-web: {}",
                        "cluster.local is our own (expected: other trust domains",
                        "trust-domain: a.example, url: \"http://a.example/\", https-web: {}",
                        "url: http://a.example/ (expected: https://host/path",
                        "trust-domain: a.example, url: \"https://me@a.example/\", https-web: {}",
                        "url: https://me@a.example/ (expected: https://host/path",
                        "trust-domain: a.example, url: \"https://a.example/\"",
                        "neither https-web nor https-spiffe (expected: one of them)",
                        "trust-domain: a.example, url: \"https://a.example/\", https-spiffe: {id: \"spiffe://a.example/x\"}",
                        "bootstrap: of a.example (expected: a bundle where the endpoint is of that trust domain",
                        "trust-domain: a.example, url: \"https://a.example/\", https-spiffe: {id: \"spiffe://b.example/x\"}",
                        "spiffe://b.example/x serves a.example (expected: an endpoint of a domain that is listed too)",
                        "trust-domain: a.example, url: \"https://a.example/\", https-web: {}}, {trust-domain: a.example, url: \"https://a.example/\", https-web: {}",
                        "federation.domains: a.example twice (expected: once)")
                .forEach((domain, sentence) -> assertThat(
                                refused(HEAD + TRUST + "    federation: {domains: [{" + domain + "}]}\n")
                                        .getMessage())
                        .as(domain)
                        .contains(sentence));
        Map.of(
                        "path: bundle",
                        "bundle-endpoint.path: \"bundle\" (expected: /, or",
                        "refresh-hint: 59s",
                        "bundle-endpoint.refresh-hint: PT59S (expected: PT1M to PT1H)",
                        "refresh-hint: 2h",
                        "bundle-endpoint.refresh-hint: PT2H (expected: PT1M to PT1H)",
                        "listen: 127.0.0.6:15012",
                        "trust.listen: 127.0.0.6:15012 is taken by trust.bundle-endpoint.listen")
                .forEach((wrong, sentence) -> assertThat(refused(HEAD + TRUST + "    bundle-endpoint: {"
                                        + (wrong.startsWith("listen") ? "" : "listen: \"127.0.0.6:8443\", ")
                                        + wrong + "}\n")
                                .getMessage())
                        .as(wrong)
                        .contains(sentence));
    }

    @Test
    void a_peer_of_another_trust_domain_needs_somebody_who_brings_its_roots() throws IOException {
        String peered = TRUST + """
                    %s
                  discovery:
                    peers:
                    - cluster: west-1
                      region: us-west
                      trust-domain: partner.example
                      identities: ["spiffe://partner.example/ns/b/sa/discovery"]
                      networks: [net-west]
                    identity-from:
                      %s
                """;
        String partner = "federation: {domains: "
                + "[{trust-domain: partner.example, url: \"https://partner.example/\", https-web: {}}]}";
        String issuer = "trust: {address: \"ca.test:15012\", server: "
                + "\"spiffe://cluster.local/ns/beringia-system/sa/trust\", roots: r, token: t}";
        String files = "files: {chain: c, key: k, bundles: {cluster.local: r, partner.example: p}}";

        assertThat(refused(HEAD + peered.formatted("demo: false", issuer)).getMessage())
                .as("nobody")
                .contains("discovery.peers: west-1 of partner.example (expected: of cluster.local, or of a domain in"
                        + " trust.federation)");
        assertThat(read(HEAD + peered.formatted(partner, issuer)).discovery())
                .as("our issuer")
                .isPresent();
        assertThat(read(HEAD + peered.formatted("demo: false", files)).discovery())
                .as("a file")
                .isPresent();
    }

    private static ForeignDomain foreign(String domain, String url, Profile profile) {
        return new ForeignDomain(TrustDomain.parse(domain), URI.create(url), profile);
    }

    private RoleLedger ledger(String host) {
        return new RoleLedger(
                directory.resolve("ledger"),
                LedgerMode.STRICT,
                Optional.of(new InetSocketAddress(host, 15039)),
                List.of(new WitnessPeer(
                        "west-1", URI.create("https://127.0.0.7:15039/witness"), NoteKey.parse(WITNESS))));
    }

    @Test
    void every_key_of_the_role_zookeeper_reaches_its_place() throws IOException {
        assertThat(read(HEAD + "roles: {zookeeper: {listen: \"127.0.0.9:2181\", data: zk}}")
                        .zookeeper())
                .contains(new ZooKeeperConfig(SocketAddress.parse("127.0.0.9:2181"), directory.resolve("zk")));
    }

    @Test
    void a_zookeeper_that_others_could_reach_is_refused() {
        assertThat(refused(HEAD + "roles: {zookeeper: {listen: \"0.0.0.0:2181\", data: zk}}")
                        .getMessage())
                .contains("zookeeper.listen: 0.0.0.0:2181 (expected: a loopback address)");
    }

    private static final String FAILOVER = """
            roles:
              failover:
                mesh: demo
                sites:
                  us-east: {discovery: [{address: "127.0.1.1:15035", id: "spiffe://cluster.local/ns/b/sa/discovery"}]}
                  witness:
                    witness: true
                    discovery: [{address: "127.0.3.1:15035", id: "spiffe://cluster.local/ns/b/sa/discovery"}]
                leaders: ["spiffe://cluster.local/ns/b/sa/failover"]
                identity-from: {files: {chain: chain.pem, key: key.pem, bundles: {cluster.local: root.pem}}}
            """;

    @Test
    void every_key_of_the_role_failover_reaches_its_place() throws IOException {
        SpiffeId discovery = SpiffeId.parse("spiffe://cluster.local/ns/b/sa/discovery");
        FailoverConfig config = read(HEAD + FAILOVER + """
                    mode: auto
                    failback: manual
                    timing: 60
                    slo: 90ms
                    policy-skew: block
                    zookeeper: {connect: "127.0.0.9:2181", sites: [witness], session: 3s}
                    operators: ["spiffe://cluster.local/ns/ops/sa/alice"]
                    operator-api: 127.0.1.1:15036
                    console:
                      listen: 10.0.1.1:15037
                      readers: ["spiffe://cluster.local/ns/ops/sa/bob"]
                      drill: drill.json
                    ledger:
                      dir: ledger
                      mode: strict
                      listen: 127.0.1.1:15039
                      witnesses: [{name: west-1, url: "https://127.0.0.7:15039/witness", key: %s}]
                """.formatted(WITNESS))
                .failover()
                .orElseThrow()
                .config();
        assertThat(config)
                .isEqualTo(new FailoverConfig(
                        "demo",
                        new RegionId("us-east"),
                        new ClusterId("east-1"),
                        List.of(
                                new FailoverConfig.Site(
                                        new RegionId("us-east"),
                                        false,
                                        List.of(new FailoverConfig.Replica(
                                                SocketAddress.parse("127.0.1.1:15035"), discovery))),
                                new FailoverConfig.Site(
                                        new RegionId("witness"),
                                        true,
                                        List.of(new FailoverConfig.Replica(
                                                SocketAddress.parse("127.0.3.1:15035"), discovery)))),
                        new FailoverConfig.Servers(
                                "127.0.0.9:2181", List.of(new RegionId("witness")), Duration.ofSeconds(3)),
                        FailoverConfig.Mode.AUTO,
                        FailoverConfig.Failback.MANUAL,
                        60,
                        Duration.ofMillis(90),
                        FailoverConfig.PolicySkew.BLOCK,
                        Set.of(SpiffeId.parse("spiffe://cluster.local/ns/ops/sa/alice")),
                        Set.of(SpiffeId.parse("spiffe://cluster.local/ns/b/sa/failover")),
                        SocketAddress.parse("127.0.1.1:15036"),
                        Optional.of(ledger("127.0.1.1")),
                        Optional.of(new ConsoleConfig(
                                SocketAddress.parse("10.0.1.1:15037"),
                                Set.of(SpiffeId.parse("spiffe://cluster.local/ns/ops/sa/bob")),
                                Optional.of(directory.resolve("drill.json"))))));
    }

    @Test
    void a_console_is_shown_on_loopback_where_nothing_else_is_said_and_nowhere_else_without_readers()
            throws IOException {
        String zookeeper = "  zookeeper: {listen: \"127.0.0.9:2181\", data: zk}\n";
        assertThat(read(HEAD + FAILOVER + "    console: {}\n" + zookeeper)
                        .failover()
                        .orElseThrow()
                        .config()
                        .console())
                .contains(new ConsoleConfig(SocketAddress.parse("127.0.0.1:15037"), Set.of(), Optional.empty()));
        assertThat(refused(HEAD + FAILOVER + "    console: {listen: \"10.0.1.1:15037\"}\n" + zookeeper)
                        .problems())
                .singleElement()
                .asString()
                .contains("console.listen: 10.0.1.1:15037 without readers (expected: a loopback address");
    }

    @Test
    void a_candidate_uses_the_zookeeper_of_its_own_process_and_practises_by_default() throws IOException {
        FailoverConfig config = read(HEAD + FAILOVER + "  zookeeper: {listen: \"127.0.0.9:2181\", data: zk}\n")
                .failover()
                .orElseThrow()
                .config();
        assertThat(config.zookeeper())
                .isEqualTo(new FailoverConfig.Servers("127.0.0.9:2181", List.of(), Duration.ofSeconds(2)));
        assertThat(config.mode()).isEqualTo(FailoverConfig.Mode.DRY_RUN);
        assertThat(config.notes())
                .contains("single machine: no ensemble quorum", "dry run: decides and applies nothing");
        assertThat(config.operatorApi()).isEqualTo(SocketAddress.parse("127.0.0.1:15036"));
    }

    @Test
    void a_candidate_without_any_zookeeper_is_refused() {
        assertThat(refused(HEAD + FAILOVER + "    mode: auto\n    timing: 60\n").problems())
                .singleElement()
                .asString()
                .contains("zookeeper: missing (expected: zookeeper.connect, or the role zookeeper in this process)");
    }

    @Test
    void an_unknown_key_stops_the_start_and_all_problems_are_told_at_once() {
        YamlRefused refused = refused("""
                regoin: us-east
                cluster: East_1
                network: net-east
                roles: {}
                """);
        assertThat(refused.problems())
                .anySatisfy(problem -> assertThat(problem).contains("regoin", "did you mean region?"))
                .anySatisfy(problem -> assertThat(problem).contains("cluster", "East_1", "RFC 1123"));
    }

    @Test
    void a_missing_source_hides_no_other_problem_and_accuses_nobody() {
        YamlRefused refused = refused(HEAD + """
                roles:
                  gateway:
                    name: gateway-0
                    hbone: 127.0.0.2:15008
                    lops: 3
                    catalog-from: {fil: catalog.yaml}
                  host: {workload: w, source: 127.0.0.4, whatever: 1, identity-from: {files: {chain: c, key: k}}}
                """);
        assertThat(refused.problems())
                .containsExactly(
                        "line 6: roles.gateway.identity-from: missing (expected: a mapping)",
                        "line 8: roles.gateway.lops: unknown key (did you mean loops?)",
                        "line 9: roles.gateway.catalog-from.fil: unknown key (did you mean file?)",
                        "line 9: roles.gateway.catalog-from: neither file nor discovery (expected: one of them)",
                        "line 10: roles.host.catalog-from: missing (expected: a mapping)",
                        "line 10: roles.host.identity-from.files: bundles: none (expected: a file of roots for each trust domain)",
                        "line 10: roles.host.whatever: unknown key (expected: one of catalog-from, connections, drain, identity-from, inbound, limits, listeners, loops, plain-allowed, readiness, socks, source, workload)");
    }

    @Test
    void a_file_that_cannot_be_read_is_named() {
        assertThatThrownBy(() -> RegionConfigFile.read(directory.resolve("nowhere.yaml")))
                .hasMessage("config: " + directory.resolve("nowhere.yaml") + " (expected: a readable file of text)");
        assertThatThrownBy(() -> RegionConfigFile.read(directory))
                .hasMessage("config: " + directory + " (expected: a readable file of text)");
    }

    @Test
    void every_key_of_revocation_reaches_its_place() throws IOException {
        RegionConfig config = read(HEAD + """
                revocation: {crl: ca-crl.pem, crl-policy: strict, crl-last-good: kept/ca-crl.pem, denylist: denylist.txt}
                roles:
                  zookeeper: {listen: 127.0.0.1:2181, data: zk}
                """);
        assertThat(config.revocation())
                .isEqualTo(new RevocationFiles(
                        Optional.of(directory.resolve("ca-crl.pem")),
                        Optional.of(directory.resolve("kept/ca-crl.pem")),
                        CrlPolicy.STRICT,
                        Optional.of(directory.resolve("denylist.txt"))));
    }

    @Test
    void every_key_of_verifier_reaches_its_place() throws IOException {
        RegionConfig config = read(HEAD + """
                verifier: {virtual-constraints: enforce, issuers: issuers.txt}
                roles:
                  zookeeper: {listen: 127.0.0.1:2181, data: zk}
                """);
        assertThat(config.revocation())
                .isEqualTo(
                        RevocationFiles.NONE.with(Enforcement.ENFORCE, Optional.of(directory.resolve("issuers.txt"))));
        assertThat(refused(HEAD + """
                verifier: {virtual-constraints: off}
                roles:
                  zookeeper: {listen: 127.0.0.1:2181, data: zk}
                """).problems())
                .singleElement()
                .asString()
                .contains("verifier.virtual-constraints", "(expected: observe or enforce)");
    }

    @Test
    void nobody_is_taken_back_where_nothing_is_said() throws IOException {
        assertThat(read(HEAD + "roles:\n  zookeeper: {listen: 127.0.0.1:2181, data: zk}\n")
                        .revocation())
                .isEqualTo(RevocationFiles.NONE);
    }

    @Test
    void revocation_that_cannot_be_meant_is_refused() {
        assertThat(refused(HEAD + """
                revocation: {crl: a.pem, crl-policy: closed}
                roles:
                  zookeeper: {listen: 127.0.0.1:2181, data: zk}
                """).problems())
                .singleElement()
                .asString()
                .contains("crl-policy", "\"closed\" (expected: open or strict)");
        assertThat(refused(HEAD + """
                revocation: {crl-policy: strict}
                roles:
                  zookeeper: {listen: 127.0.0.1:2181, data: zk}
                """).problems())
                .singleElement()
                .asString()
                .contains("revocation", "strict without crl (expected: a file of lists)");
    }

    @Test
    void a_process_without_a_role_is_refused() {
        assertThat(refused(HEAD).getMessage())
                .contains("roles: none (expected: one of kube, discovery, trust, gateway, host, zookeeper, failover)");
    }

    @Test
    void two_listeners_on_one_address_are_refused_before_anything_starts() {
        YamlRefused refused = refused(HEAD + """
                admin: 127.0.0.2:15008
                roles:
                  gateway:
                    name: gateway-0
                    hbone: 127.0.0.2:15008
                """ + SOURCES.indent(0).replaceAll("(?m)^ *", "    "));
        assertThat(refused.getMessage()).contains("gateway.hbone: 127.0.0.2:15008 is taken by admin");
        assertThat(refused(gatewayFile("    ledger: {dir: l, listen: \"127.0.0.2:15008\"}\n"))
                        .getMessage())
                .contains("gateway.ledger.listen: 127.0.0.2:15008 is taken by gateway.hbone");
    }

    @Test
    void every_key_of_an_identity_from_a_certificate_server_reaches_its_place() throws IOException {
        SpiffeId server = SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/trust");
        SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/gateway");
        RegionConfig config = read(withIdentity("trust: {address: \"ca.test:15012\", server: \"" + server
                + "\", roots: root.pem, token: token, ttl: 10m," + " id: \"" + id + "\"}"));
        assertThat(config.gateway().orElseThrow().identity())
                .isEqualTo(new RegionConfig.IdentityFrom.Trust(new RemoteSource(
                        "ca.test",
                        15_012,
                        server,
                        directory.resolve("root.pem"),
                        directory.resolve("token"),
                        Duration.ofMinutes(10),
                        Optional.of(id))));
    }

    @Test
    void an_identity_has_one_source() {
        assertThat(refused(withIdentity("")).getMessage())
                .contains("identity-from", "neither files nor trust (expected: one of them)");
        assertThat(refused(withIdentity("files: {chain: c, key: k, bundles: {cluster.local: r}}, "
                                + "trust: {address: \"ca.test:15012\", server: \"spiffe://cluster.local/ns/a/sa/b\", "
                                + "roots: r, token: t}"))
                        .getMessage())
                .contains("files and trust (expected: one of them)");
        assertThat(refused(withIdentity("trust: {address: here, server: \"spiffe://cluster.local/x\", ttl: 1m}"))
                        .getMessage())
                .contains("\"here\" (expected: host:port)", "roots", "token");
    }

    private static String withIdentity(String from) {
        return HEAD + """
                roles:
                  gateway:
                    name: gateway-0
                    hbone: 127.0.0.2:15008
                    identity-from: {%s}
                    catalog-from: {file: catalog.yaml}
                """.formatted(from);
    }

    @Test
    void a_role_without_its_sources_is_refused() {
        assertThat(refused(HEAD + "roles: {gateway: {name: g, hbone: \"127.0.0.2:15008\"}}")
                        .getMessage())
                .contains("identity-from: missing");
    }

    private RegionConfig read(String yaml) throws IOException {
        return RegionConfigFile.read(Files.writeString(directory.resolve("region.yaml"), yaml));
    }

    private YamlRefused refused(String yaml) {
        return catchThrowableOfType(YamlRefused.class, () -> read(yaml));
    }
}
