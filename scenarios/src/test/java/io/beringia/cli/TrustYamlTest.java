package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.TrustConfig;
import io.beringia.trust.federation.FederationConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.Pkcs11Uri;
import io.beringia.trust.workload.WorkloadConfig;
import io.beringia.trust.workload.WorkloadEntry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TrustYamlTest extends ReadsRegions {
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

    @Test
    void a_trust_domain_on_its_own_keeps_nobodys_bundles() throws IOException {
        TrustConfig trust = read(HEAD + TRUST).trust().orElseThrow();

        assertThat(trust.federation())
                .as("federation")
                .isEqualTo(FederationConfig.none(directory.resolve("east-1/federation")));
        assertThat(trust.bundleEndpoint()).as("bundle endpoint").isEmpty();
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
}
