package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.rotation.RotationTiming;
import io.beringia.trust.rotator.RotationConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RotationYamlTest extends ReadsRegions {
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
}
