package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ProbeQuestion;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostLimits;
import io.beringia.gateway.host.Readiness;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.MaxAge;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostYamlTest extends ReadsRegions {
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
}
