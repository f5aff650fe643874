package io.beringia.failover;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/**
 * Plans signed by our newest SVID, and opened if another candidate's signed them.
 *
 * @param clock wall clock, for the validity of chains
 */
public record SvidSeal(Credentials credentials, PeerVerifier verifier, Set<SpiffeId> leaders, InstantSource clock)
        implements PlanSeal {
    private static final int HALVES = 2;

    @Override
    public byte[] seal(TrafficPlan plan) {
        return PlanCodec.sign(plan, credentials.svid());
    }

    @Override
    public TrafficPlan open(ByteBuffer sealed) {
        return switch (PlanCodec.open(sealed, verifier, credentials.bundles(), leaders::contains, clock.instant())) {
            case PlanCodec.Opened opened -> opened.plan();
            case PlanCodec.Refused refused -> throw new IllegalArgumentException(refused.why());
        };
    }

    @Override
    public Duration renewAfter() {
        X509Svid svid = credentials.svid();
        return Duration.between(svid.notBefore(), svid.notAfter()).dividedBy(HALVES);
    }
}
