package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerConfigTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.2.1:15035", "discovery.west:15035", "[::1]:1", "a:65535"})
    void an_address_is_a_host_and_a_port(String address) {
        assertThat(peer(Set.of(Sites.discovery(1)), List.of(address)).isDialled())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "west",
                "west:",
                ":1",
                "west:0",
                "west:65536",
                "west:x",
                "west:-1",
                "::1",
                "dns:///west:1",
                "a b:1"
            })
    void what_nobody_can_dial_is_refused(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peer(Set.of(Sites.discovery(1)), List.of(address)))
                .withMessageContaining("peer c1: address \"" + address + "\" (expected: host:port)");
    }

    @Test
    void an_identity_is_of_the_peers_trust_domain() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peer(Set.of(), List.of()))
                .withMessageContaining("no identities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peer(Set.of(Sites.discovery(2)), List.of()))
                .withMessageContaining(Sites.discovery(2) + " (expected: of trust domain c1.example)");
    }

    @Test
    void more_replicas_than_can_be_linked_are_refused_and_so_is_one_twice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peer(
                        Set.of(Sites.discovery(1)),
                        IntStream.range(0, 33).mapToObj(i -> "a" + i + ":1").toList()))
                .withMessageContaining("33 addresses");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peer(Set.of(Sites.discovery(1)), Collections.nCopies(2, "a:1")))
                .withMessageContaining("each once");
    }

    private static PeerConfig peer(Set<SpiffeId> identities, List<String> addresses) {
        return new PeerConfig(
                Sites.id(1),
                new RegionId("r1"),
                Sites.domain(1),
                identities,
                addresses,
                Set.of(),
                PeerConfig.ClusterMark.REQUIRED);
    }
}
