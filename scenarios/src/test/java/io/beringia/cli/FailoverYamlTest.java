package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.console.ConsoleConfig;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FailoverYamlTest extends ReadsRegions {
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
}
