package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerDoorTest {
    private static final PeerDoor DOOR = new PeerDoor(
            List.of(
                    peer("us-west", "spiffe://corp.example/ns/beringia-system/sa/trust"),
                    peer("us-south", "spiffe://corp.example/ns/south/sa/trust")),
            (call, cluster) -> new CompletableFuture<>());

    private static RotationConfig.Peer peer(String cluster, String id) {
        return new RotationConfig.Peer(cluster, SpiffeId.parse(id), new InetSocketAddress("127.0.0.1", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://corp.example/ns/beringia-system/sa/trust, us-west, true",
        "spiffe://corp.example/ns/south/sa/trust, us-south, true",
        "spiffe://corp.example/ns/beringia-system/sa/trust, us-south, false",
        "spiffe://corp.example/ns/beringia-system/sa/trust, us-east, false",
        "spiffe://corp.example/ns/beringia-system/sa/trust, , false",
        "spiffe://corp.example/ns/beringia-system/sa/trusty, us-west, false",
        "spiffe://other.example/ns/beringia-system/sa/trust, us-west, false",
    })
    void is_open_to_exactly_the_identity_and_the_cluster_of_a_peer(String id, String cluster, boolean isOpen) {
        PeerVerdict.Verified caller =
                new PeerVerdict.Verified(SpiffeId.parse(id), Optional.ofNullable(cluster), "", "", 1, Instant.EPOCH);

        assertThat(DOOR.isOpenTo(caller)).isEqualTo(isOpen);
    }
}
