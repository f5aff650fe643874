package io.beringia.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VerdictTelemetryTest {
    private static final SpiffeId CART = SpiffeId.parse("spiffe://td/ns/shop/sa/cart");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private PeerVerdict said = verified(Optional.empty());
    private final VerdictTelemetry verifier = new VerdictTelemetry((chain, role, bundles, now) -> said, meters);

    @Test
    void counts_what_was_said_by_its_reason_and_says_the_same() {
        says(verified(Optional.empty()));
        says(verified(Optional.of(beyond("web"))));
        says(verified(Optional.of(beyond("shop"))));
        says(beyond("web"));
        says(new Rejected(RejectReason.EXPIRED, "leaf"));

        assertThat(count("verified", "none")).as("believed").isEqualTo(1);
        assertThat(count("observed", "virtual-constraint"))
                .as("believed so far")
                .isEqualTo(2);
        assertThat(count("rejected", "virtual-constraint")).as("refused").isEqualTo(1);
        assertThat(count("rejected", "expired")).as("refused as well").isEqualTo(1);
    }

    private void says(PeerVerdict verdict) {
        said = verdict;
        assertThat(verifier.verify(List.of(), PeerRole.CLIENT, TrustBundles.EMPTY, Instant.EPOCH))
                .isSameAs(verdict);
    }

    private double count(String outcome, String reason) {
        return meters.get("trust.verify")
                .tag("outcome", outcome)
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static Rejected beyond(String namespace) {
        return new Rejected(RejectReason.VIRTUAL_CONSTRAINT, "issuer: speaks for " + namespace);
    }

    private static PeerVerdict verified(Optional<Rejected> observed) {
        return new Verified(CART, Optional.empty(), "aa", "bb", 1, Instant.MAX, observed);
    }
}
