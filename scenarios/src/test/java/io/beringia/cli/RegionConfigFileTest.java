package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlRefused;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Enforcement;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RegionConfigFileTest extends ReadsRegions {
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
}
