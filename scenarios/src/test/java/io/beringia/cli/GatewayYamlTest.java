package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.discovery.wire.YamlRefused;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GatewayYamlTest extends ReadsRegions {
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
}
