package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileCatalogTest {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final long PATIENCE_SECONDS = 20;

    /** Every key there is. */
    private static final String FULL = """
            plan: {epoch: 3, seq: 18446744073709551615}
            workloads:
            - uid: net2/SplitHorizonWorkload/gw/gw/c2/demo/echo.demo.svc.cluster.local
              name: echo
              namespace: demo
              cluster: c2
              network: net2
              addresses: [10.1.2.3, "2001:db8::1"]
              hostname: echo.example.org
              protocol: tcp
              trust-domain: east.example
              service-account: echo-sa
              waypoint: {destination: demo/waypoint.demo.svc.cluster.local, hbone-port: 15008}
              network-gateway: {destination: net1/10.0.0.9, hbone-port: 15018}
              node: node-1
              workload-name: echo-v1
              workload-type: deployment
              canonical-name: echo
              canonical-revision: v1
              proxy-protocol-port: 15088
              services: {demo/echo.demo.svc.cluster.local: {80: 8080, 443: 0}}
              policies: [demo/deny]
              status: unhealthy
              locality: {region: r1, zone: z1, subzone: s1}
              host-network: true
              capacity: 4294967295
            services:
            - namespace: demo
              hostname: echo.demo.svc.cluster.local
              addresses: [net1/10.96.0.10]
              ports: {80: 8080}
              subject-alt-names: ["spiffe://east.example/ns/demo/sa/echo-sa"]
              waypoint: {destination: net1/10.0.0.8, hbone-port: 15008}
              load-balancing: {preference: [network, region, zone], mode: failover, health-policy: allow-all}
              canonical: true
              namespace-private: true
            policies:
            - namespace: demo
              name: deny
              scope: workload-selector
              action: deny
              dry-run: true
              rules:
              - - - namespaces: [a]
                    not-namespaces: [b*]
                    principals: ["*c"]
                    not-principals: ["*"]
                    source-ips: [10.0.0.0/8]
                    not-source-ips: [10.1.0.0/16]
                    destination-ips: ["::/0"]
                    not-destination-ips: [127.0.0.1/32]
                    destination-ports: [80]
                    not-destination-ports: [81]
                    service-accounts: [demo/web]
                    not-service-accounts: [demo/bad]
            exported:
            - {service: demo/echo.demo.svc.cluster.local, ports: [80], consumers: [c1],
               clients: ["spiffe://west.example/ns/demo/sa/web"]}
            relay-targets:
            - service: demo/echo.demo.svc.cluster.local
              clients: ["spiffe://west.example/ns/demo/sa/web"]
              on-failure: hold
              parts:
              - {cluster: c2, ports: [80], capacity: 3000, share: 10000}
              - {cluster: c3, capacity: 0}
            clusters:
            - cluster: c2
              region: r2
              network: net2
              trust-domains: [east.example]
              status: ramping
              freshness: stale PT30S
              gateways:
              - name: gw-0
                address: 127.0.0.2:16008
                identity: spiffe://east.example/ns/beringia-system/sa/gateway
                status: unhealthy
                weight: 3
            """;

    private static final ServiceName ECHO = ServiceName.parse("demo/echo.demo.svc.cluster.local");
    private static final TrustDomain EAST = new TrustDomain("east.example");
    private static final SpiffeId WEB = SpiffeId.parse("spiffe://west.example/ns/demo/sa/web");

    @TempDir
    Path directory;

    @Test
    void maps_every_key_to_its_value() {
        Workload workload = Workload.named(
                        "net2/SplitHorizonWorkload/gw/gw/c2/demo/echo.demo.svc.cluster.local",
                        "demo",
                        "echo",
                        new ClusterId("c2"),
                        new Network("net2"))
                .addresses(List.of(IpAddress.parse("10.1.2.3"), IpAddress.parse("2001:db8::1")))
                .hostname("echo.example.org")
                .tunnel(Workload.Tunnel.NONE)
                .identity(EAST, "echo-sa")
                .waypoint(new GatewayRef.ByHostname(ServiceName.parse("demo/waypoint.demo.svc.cluster.local"), 15008))
                .networkGateway(new GatewayRef.ByAddress(address("net1", "10.0.0.9"), 15018))
                .description(new Workload.Description("node-1", "echo-v1", "deployment", "echo", "v1"))
                .proxyProtocolPort(15088)
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080), new ServicePort(443, 0))))
                .policies(List.of("demo/deny"))
                .health(Health.UNHEALTHY)
                .locality(new Locality("r1", "z1", "s1"))
                .hostNetwork(true)
                .capacity(Workload.CAPACITY_MAX)
                .build();
        Service service = new Service(
                ECHO,
                List.of(address("net1", "10.96.0.10")),
                List.of(new ServicePort(80, 8080)),
                List.of(SpiffeId.ofWorkload(EAST, "demo", "echo-sa")),
                Optional.of(new GatewayRef.ByAddress(address("net1", "10.0.0.8"), 15008)),
                new LoadBalancing(
                        LoadBalancing.LOCAL_FIRST.preference(),
                        LoadBalancing.Mode.FAILOVER,
                        LoadBalancing.HealthPolicy.ALLOW_ALL),
                true,
                true);
        Policy.Match match = new Policy.Match(
                List.of(new Policy.Text.Exact("a")),
                List.of(new Policy.Text.Prefix("b")),
                List.of(new Policy.Text.Suffix("c")),
                List.of(new Policy.Text.Present()),
                List.of(block("10.0.0.0", 8)),
                List.of(block("10.1.0.0", 16)),
                List.of(block("::", 0)),
                List.of(block("127.0.0.1", 32)),
                List.of(80),
                List.of(81),
                List.of(new Policy.Account("demo", "web")),
                List.of(new Policy.Account("demo", "bad")));
        Policy policy = new Policy(
                "demo",
                "deny",
                Policy.Scope.WORKLOAD_SELECTOR,
                Policy.Action.DENY,
                List.of(new Policy.Rule(List.of(new Policy.Clause(List.of(match))))),
                true);
        ClusterId c2 = new ClusterId("c2");
        RelayTarget target = new RelayTarget(
                ECHO,
                Set.of(WEB),
                List.of(
                        new RelayTarget.Part(c2, Set.of(80), 3000, OptionalInt.of(10_000)),
                        new RelayTarget.Part(new ClusterId("c3"), Set.of(), 0, OptionalInt.empty())),
                RelayTarget.OnFailure.HOLD);
        GatewayAddress gateway = new GatewayAddress(
                c2,
                new RegionId("r2"),
                new Network("net2"),
                "gw-0",
                SocketAddress.parse("127.0.0.2:16008"),
                SpiffeId.ofWorkload(EAST, "beringia-system", "gateway"),
                Health.UNHEALTHY,
                3);
        ClusterState cluster = new ClusterState(
                c2,
                new RegionId("r2"),
                new Network("net2"),
                Set.of(EAST),
                List.of(gateway),
                RegionStatus.RAMPING,
                new Freshness.Stale(Duration.ofSeconds(30)));

        assertThat(FileCatalog.parse(FULL))
                .isEqualTo(Catalog.of(
                        1,
                        new PlanVersion(3, -1),
                        List.of(workload),
                        List.of(service),
                        List.of(policy),
                        List.of(new ExportedAuthority(ECHO, Set.of(80), Set.of(new ClusterId("c1")), Set.of(WEB))),
                        List.of(target),
                        List.of(cluster)));
    }

    @Test
    void printing_is_the_inverse_of_reading() {
        Catalog full = FileCatalog.parse(FULL);

        assertThat(FileCatalog.parse(FileCatalog.print(full))).isEqualTo(full);
        assertThat(FileCatalog.parse(FileCatalog.print(Catalog.EMPTY)).services())
                .isEmpty();
    }

    @Test
    void the_example_of_the_readme_is_a_catalog() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("```yaml") + "```yaml".length();

        assertThat(FileCatalog.parse(readme.substring(start, readme.indexOf("```", start)))
                        .workloads())
                .hasSize(1);
    }

    @Test
    void what_is_left_out_has_the_defaults_of_the_mesh() {
        Catalog catalog = FileCatalog.parse("""
                workloads: [{uid: c1//Pod/demo/a, name: a, namespace: demo, cluster: c1, network: net1}]
                services: [{namespace: demo, hostname: a.demo}]
                policies:
                """);

        assertThat(catalog.workloads().values())
                .containsExactly(Workload.named("c1//Pod/demo/a", "demo", "a", new ClusterId("c1"), new Network("net1"))
                        .build());
        assertThat(catalog.services().values())
                .extracting(Service::loadBalancing)
                .containsExactly(LoadBalancing.STANDARD);
        assertThat(catalog.plan()).isEqualTo(PlanVersion.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            workload: []                                            | line 1: workload: unknown key (did you mean workloads?)
            zzzzzzzzzzzzzzzz: 1                                     | line 1: zzzzzzzzzzzzzzzz: unknown key (expected: one of clusters, exported, plan, policies, relay-targets, services, workloads)
            workloads: 3                                            | line 1: workloads: no list (expected: a list)
            workloads: [3]                                          | line 1: workloads[0]: "3" (expected: a mapping)
            [1, 2]                                                  | line 1: the file: a list (expected: a mapping)
            plan: {epoch: 1}                                        | line 1: plan.seq: missing (expected: a value)
            plan: {epoch: [1], seq: 1}                              | line 1: plan.epoch: a list (expected: one value)
            services: [{namespace: a, hostname: b, canonical: yes}] | line 1: services[0].canonical: "yes" (expected: true or false)
            services: [{namespace: a, hostname: b, portz: {}}]      | line 1: services[0].portz: unknown key (did you mean ports?)
            services: [{namespace: a, hostname: b, ports: {0: 1}}]  | line 1: services[0].ports.0: port: 0 (expected: 1..65535)
            services: [{namespace: a, hostname: b, addresses: [x]}] | line 1: services[0].addresses[0]: address: "x" (expected: network/IP)
            services: [{namespace: a/b, hostname: c}]               | line 1: services[0]: service: "a/b/c" (expected: namespace/hostname, hostname at most 253 characters)
            clusters: [{cluster: C1, region: r, network: n}]        | line 1: clusters[0].cluster: cluster: "C1" (expected: an RFC 1123 label, 1 to 63 characters of a-z, 0-9, '-')
            clusters: [{cluster: c, region: r, network: n, freshness: stale 3}] | line 1: clusters[0].freshness: "stale 3" (expected: live, unknown, or stale and an ISO 8601 duration)
            clusters: [{cluster: c, region: r, network: n, status: gone}] | line 1: clusters[0].status: "gone" (expected: one of active, suspect, ramping, out)
            policies: [{namespace: a, name: b, scope: global, action: allow, rules: [[{}]]}] | line 1: policies[0].rules[0][0]: no list (expected: a list)
            policies: [{namespace: a, name: b, scope: global, action: allow, rules: [[[{principal: [x]}]]]}] | line 1: policies[0].rules[0][0][0].principal: unknown key (did you mean principals?)
            plan: {epoch: 1, epoch: 2, seq: 1}                      | line 1: epoch (expected: once)
            exported: [{service: a/b}, {service: c/b}]              | exported: b is there twice (expected: once)
            """)
    void refuses(String yaml, String problem) {
        YamlRefused refused = catchThrowableOfType(YamlRefused.class, () -> FileCatalog.parse(yaml));

        assertThat(refused.problems()).containsExactly(problem);
    }

    @Test
    void names_all_problems_with_their_lines() {
        YamlRefused refused = catchThrowableOfType(YamlRefused.class, () -> FileCatalog.parse("""
                workloads:
                - uid: no-slash
                  namespace: demo
                  name: a
                  cluster: c1
                  network: net1
                  capacity: -1
                services:
                - namespace: demo
                  hostname: b
                  port: {80: 80}
                """));

        assertThat(refused.problems())
                .containsExactly(
                        "line 2: workloads[0].uid: \"no-slash\" (expected: at least two slashes)",
                        "line 2: workloads[0]: a/b/c: capacity -1 (expected: 0..4294967295)",
                        "line 11: services[0].port: unknown key (did you mean ports?)");
    }

    @Test
    void refuses_what_is_no_yaml_and_what_hides_behind_an_alias() {
        assertThatThrownBy(() -> FileCatalog.parse("plan: {epoch: 1")).isInstanceOf(YamlRefused.class);
        assertThatThrownBy(() -> FileCatalog.parse("services: &a []\nexported: *a"))
                .isInstanceOf(YamlRefused.class)
                .hasMessageContaining("no aliases");
    }

    @Test
    void refuses_to_start_with_a_bad_file() throws Exception {
        Path file = Files.writeString(directory.resolve("catalog.yaml"), "nonsense: 1");

        assertThatThrownBy(() -> FileCatalog.open(file, LOOK, (path, problems) -> {}))
                .isInstanceOf(YamlRefused.class);
    }

    @Test
    void follows_the_file_and_keeps_the_last_good_catalog() throws Exception {
        Path file = Files.writeString(directory.resolve("catalog.yaml"), "plan: {epoch: 1, seq: 1}");
        BlockingQueue<List<String>> refusals = new LinkedBlockingQueue<>();
        Semaphore changes = new Semaphore(0);
        try (FileCatalog catalog = FileCatalog.open(file, LOOK, (path, problems) -> refusals.add(problems));
                CatalogSource.Subscription subscription = catalog.subscribe(changes::release)) {
            replace(file, "plan: {epoch: 1, seq: x}");
            assertThat(refusals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the refused file is reported")
                    .singleElement()
                    .asString()
                    .contains("plan.seq");
            assertThat(catalog.latest().plan()).as("last good kept").isEqualTo(new PlanVersion(1, 1));

            replace(file, "plan: {epoch: 1, seq: 2}");
            assertThat(changes.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("subscribers hear of the change")
                    .isTrue();
            assertThat(catalog.latest().plan()).isEqualTo(new PlanVersion(1, 2));
            assertThat(catalog.latest().revision()).isEqualTo(2);

            Files.delete(file);
            assertThat(refusals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("a missing file is reported")
                    .isNotEmpty();
            assertThat(catalog.latest().plan()).as("last good kept").isEqualTo(new PlanVersion(1, 2));
        }
    }

    private void replace(Path file, String text) throws Exception {
        Path next = Files.writeString(directory.resolve("next"), text);
        Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static NetworkAddress address(String network, String ip) {
        return new NetworkAddress(new Network(network), IpAddress.parse(ip));
    }

    private static Policy.Cidr block(String ip, int length) {
        return new Policy.Cidr(IpAddress.parse(ip), length);
    }
}
