package io.beringia.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.tls.Handshake.Expected;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of the handshake that need no socket. */
final class TlsContextsTest {
    private static final SpiffeId GATEWAY = SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/gateway-west");

    @Test
    void resumption_is_off_only_when_all_four_properties_say_so() {
        assertThat(Resumption.fault(name -> Optional.of("false"))).isEmpty();
        assertThat(Resumption.fault(name -> Optional.empty()))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("jdk.tls.server.enableSessionTicketExtension=false", "sessionCacheClient=false"));
        assertThat(Resumption.fault(name -> Optional.of(name.endsWith("sessionCacheServer") ? "true" : "false")))
                .hasValueSatisfying(fault ->
                        assertThat(fault).contains("sessionCacheServer=false").doesNotContain("sessionCacheClient"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://cluster.local/ns/beringia-system/sa/gateway-wes",
                "spiffe://cluster.local/ns/beringia-system/sa/gateway-west1",
                "spiffe://cluster.local/ns/beringia-system/sa/gateway.west",
                "spiffe://cluster.local/ns/beringia-system/sa/Gateway-west",
                "spiffe://other.local/ns/beringia-system/sa/gateway-west"
            })
    void only_exactly_the_expected_identity_is_accepted(String other) {
        Expected expected = new Expected.OneOf(Set.of(GATEWAY));
        assertThat(expected.judge(verified(GATEWAY))).isInstanceOf(PeerVerdict.Verified.class);
        assertThat(expected.judge(verified(SpiffeId.parse(other))))
                .isInstanceOfSatisfying(
                        PeerVerdict.Rejected.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RejectReason.IDENTITY_MISMATCH));
    }

    @Test
    void nobody_is_expected_where_the_list_is_empty() {
        assertThat(new Expected.OneOf(Set.of()).judge(verified(GATEWAY))).isInstanceOf(PeerVerdict.Rejected.class);
    }

    @Test
    void a_handshake_that_judged_nobody_has_no_verdict() {
        Handshake handshake = new Handshake(new Expected.Anybody());
        assertThat(handshake.verdict()).isEmpty();
        handshake.decided(
                new PresentedChain(List.of(), PeerRole.CLIENT, Instant.EPOCH, 0),
                new PeerVerdict.Rejected(RejectReason.NO_PATH, "none"));
        assertThat(handshake.verdict()).containsInstanceOf(PeerVerdict.Rejected.class);
    }

    private static PeerVerdict.Verified verified(SpiffeId id) {
        return new PeerVerdict.Verified(id, Optional.empty(), "aa", "bb", 1, Instant.EPOCH);
    }
}
