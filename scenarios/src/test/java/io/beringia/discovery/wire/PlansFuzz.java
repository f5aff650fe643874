package io.beringia.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.plan.proto.SignedPlan;
import io.beringia.scenarios.fuzz.Choices;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Signed plans that were changed on their way, and plans that a leader signed though they are none: the first are never
 * obeyed, the second are refused or mean the same when they are written again.
 */
public final class PlansFuzz {
    private static final SpiffeId LEADER =
            SpiffeId.ofWorkload(new TrustDomain("cluster.local"), "beringia-system", "failover");
    private static final Authority ROOT = Authority.root(LEADER.trustDomain());
    private static final X509Svid SVID = ROOT.svid(LEADER, Duration.ofHours(12));
    private static final Instant NOW = SVID.notBefore().plus(Duration.ofHours(1));
    private static final TrafficPlan PLAN = new TrafficPlan(
            TrafficPlan.FORMAT,
            "mesh",
            new PlanVersion(7, 1),
            LEADER,
            Instant.EPOCH,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "",
            Optional.empty());
    private static final byte[] SEALED = PlanCodec.sign(PLAN, SVID);
    private static final byte[] UNSIGNED = PlanCodec.unsigned(PLAN);

    private PlansFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        if (choices.oneIn(2)) {
            if (open(choices.bent(SEALED)) instanceof PlanCodec.Opened opened) {
                require(opened.plan().equals(PLAN), "opened: " + opened.plan() + " (expected: what was signed)");
            }
        } else {
            byte[] bytes = choices.oneIn(2) ? choices.bent(UNSIGNED) : choices.rest();
            if (open(signed(bytes)) instanceof PlanCodec.Opened opened) {
                requireSame(opened.plan());
            }
        }
    }

    private static PlanCodec.Result open(byte[] sealed) {
        return PlanCodec.open(ByteBuffer.wrap(sealed), new SpiffeVerifier(), ROOT.bundles(), LEADER::equals, NOW);
    }

    private static byte[] signed(byte[] plan) throws GeneralSecurityException, InvalidProtocolBufferException {
        return SignedPlan.parseFrom(SEALED).toBuilder()
                .setPlan(ByteString.copyFrom(plan))
                .setSignature(ByteString.copyFrom(SvidSignature.sign(SVID, ByteBuffer.wrap(plan))))
                .build()
                .toByteArray();
    }

    private static void requireSame(TrafficPlan plan) throws GeneralSecurityException, InvalidProtocolBufferException {
        PlanCodec.Result again = open(signed(PlanCodec.unsigned(plan)));
        require(
                again instanceof PlanCodec.Opened opened && opened.plan().equals(plan),
                "again: " + again + " (expected: " + plan + ")");
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
