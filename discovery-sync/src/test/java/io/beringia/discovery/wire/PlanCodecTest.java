package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.plan.proto.Plan;
import io.beringia.discovery.wire.plan.proto.SignedPlan;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PlanCodecTest {
    private static final TrustDomain DOMAIN = new TrustDomain("mesh.example");
    private static final SpiffeId LEADER = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "failover");
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Authority ROOT = Authority.root(DOMAIN, Profile.DEMO, () -> NOW);
    private static final Authority MESH = ROOT.intermediate("us-east");
    private static final X509Svid SVID = MESH.svid(LEADER, LIFE);

    @Test
    void what_a_leader_signed_is_opened_as_it_was() {
        for (long seed = 0; seed < 300; seed++) {
            TrafficPlan plan = new PlanValues(seed).plan(LEADER);

            PlanCodec.Result opened = open(PlanCodec.sign(plan, SVID), NOW);

            assertThat(opened).as("seed %s", seed).isInstanceOfSatisfying(PlanCodec.Opened.class, it -> {
                assertThat(it.plan()).isEqualTo(plan);
                assertThat(it.isChainExpired()).isFalse();
            });
        }
    }

    @Test
    void equal_plans_have_equal_digests_whenever_they_are_signed() {
        TrafficPlan plan = new PlanValues(7).plan(LEADER);

        assertThat(digest(PlanCodec.sign(plan, SVID)))
                .isEqualTo(digest(PlanCodec.sign(plan, MESH.svid(LEADER, LIFE))))
                .isNotEqualTo(digest(PlanCodec.sign(new PlanValues(8).plan(LEADER), SVID)))
                .hasSize(64);
    }

    @Test
    void no_flipped_bit_and_no_missing_end_goes_unnoticed() {
        byte[] sealed = PlanCodec.sign(new PlanValues(7).plan(LEADER), SVID);
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] broken = sealed.clone();
            int at = random.nextInt(sealed.length);
            broken[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(open(broken, NOW))
                    .as("bit in byte %s", at)
                    .satisfiesAnyOf(
                            it -> assertThat(it).isInstanceOf(PlanCodec.Refused.class),
                            it -> assertThat(it).isEqualTo(open(sealed, NOW)));
            assertThat(open(Arrays.copyOf(sealed, at), NOW)).as("cut at %s", at).isInstanceOf(PlanCodec.Refused.class);
        }
    }

    enum Bad {
        EMPTY("SPIFFE"),
        TOO_LARGE("expected: at most 524288"),
        NO_CHAIN("chain"),
        SIGNATURE_OF_ANOTHER_PLAN("signature"),
        NO_SIGNATURE("signature"),
        SIGNED_BY_A_FOREIGN_DOMAIN("unknown-trust-domain"),
        SIGNED_BY_A_FOREIGN_ROOT_OF_OUR_NAME("chain"),
        SIGNED_BY_ONE_WHO_MAY_NOT_LEAD("who may lead"),
        LEADER_IS_SOMEBODY_ELSE("expected: its leader"),
        OLDER_FORMAT("plan format: 0"),
        NEWER_FORMAT("plan format: 2"),
        UNKNOWN_FIELD("fields [1000]"),
        UNKNOWN_FIELD_OF_A_REGION("fields [1000]"),
        UNKNOWN_PHASE("phase"),
        SHARES_THAT_DO_NOT_ADD_UP("shares");

        private final String word;

        Bad(String word) {
            this.word = word;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_bad_plan_is_refused_with_the_reason(Bad bad) throws Exception {
        TrafficPlan plan = new PlanValues(7).plan(LEADER);
        SignedPlan good = SignedPlan.parseFrom(PlanCodec.sign(plan, SVID));

        byte[] sealed = switch (bad) {
            case EMPTY -> resigned(it -> Plan.newBuilder().setFormat(1));
            case TOO_LARGE -> new byte[PlanCodec.SEALED_BYTES_MAX + 1];
            case NO_CHAIN -> good.toBuilder().clearChain().build().toByteArray();
            case SIGNATURE_OF_ANOTHER_PLAN ->
                good.toBuilder()
                        .setSignature(SignedPlan.parseFrom(PlanCodec.sign(new PlanValues(8).plan(LEADER), SVID))
                                .getSignature())
                        .build()
                        .toByteArray();
            case NO_SIGNATURE -> good.toBuilder().clearSignature().build().toByteArray();
            case SIGNED_BY_A_FOREIGN_DOMAIN -> signedAs(foreign(new TrustDomain("other.example")));
            case SIGNED_BY_A_FOREIGN_ROOT_OF_OUR_NAME -> signedAs(foreign(DOMAIN));
            case SIGNED_BY_ONE_WHO_MAY_NOT_LEAD ->
                signedAs(MESH.svid(SpiffeId.ofWorkload(DOMAIN, "demo", "echo"), LIFE));
            case LEADER_IS_SOMEBODY_ELSE -> resigned(it -> it.setLeader("spiffe://mesh.example/ns/demo/sa/echo"));
            case OLDER_FORMAT -> resigned(it -> it.setFormat(0));
            case NEWER_FORMAT -> resigned(it -> it.setFormat(2));
            case UNKNOWN_FIELD -> resigned(it -> it.setUnknownFields(unknownField()));
            case UNKNOWN_FIELD_OF_A_REGION ->
                resigned(it ->
                        it.addRegions(Plan.Region.newBuilder().setName("x").setUnknownFields(unknownField())));
            case UNKNOWN_PHASE ->
                resigned(it ->
                        it.addRegions(Plan.Region.newBuilder().setName("x").setPhaseValue(99)));
            case SHARES_THAT_DO_NOT_ADD_UP ->
                resigned(it -> it.addDefaults(Plan.Row.newBuilder().setSource("x")));
        };

        assertThat(open(sealed, NOW))
                .isInstanceOfSatisfying(
                        PlanCodec.Refused.class, it -> assertThat(it.why()).contains(bad.word));
    }

    @Test
    void a_chain_that_expired_since_the_decision_is_judged_at_the_decision() {
        Instant later = NOW.plus(LIFE).plus(LIFE);

        assertThat(open(PlanCodec.sign(decidedAt(NOW.plusSeconds(60)), SVID), later))
                .as("decided while it was valid")
                .isInstanceOfSatisfying(
                        PlanCodec.Opened.class,
                        it -> assertThat(it.isChainExpired()).isTrue());
        assertThat(open(PlanCodec.sign(decidedAt(NOW.plus(LIFE).plusSeconds(60)), SVID), later))
                .as("decided after it expired")
                .isInstanceOf(PlanCodec.Refused.class);
        assertThat(open(PlanCodec.sign(decidedAt(NOW.minus(LIFE)), SVID), later))
                .as("decided before it began")
                .isInstanceOf(PlanCodec.Refused.class);
    }

    @Test
    void a_stored_plan_outlives_its_signature() {
        TrafficPlan plan = new PlanValues(7).plan(LEADER);
        byte[] sealed = PlanCodec.sign(plan, SVID);

        assertThat(PlanCodec.reopen(ByteBuffer.wrap(sealed)).plan()).isEqualTo(plan);
        assertThat(PlanCodec.reopen(ByteBuffer.wrap(sealed)).digest()).isEqualTo(digest(sealed));
        assertThatThrownBy(() -> PlanCodec.reopen(ByteBuffer.wrap(new byte[] {1, 2, 3})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobody_signs_for_somebody_else_or_more_than_the_store_takes() {
        TrafficPlan plan = new PlanValues(7).plan(LEADER);
        List<ServicePlan> many = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            many.add(new ServicePlan(
                    new ServiceName("demo", "service-" + i + ".demo.svc.cluster.local"), List.of(), List.of(), 1));
        }
        TrafficPlan large = new TrafficPlan(
                plan.format(),
                plan.mesh(),
                plan.version(),
                plan.leader(),
                plan.decidedAt(),
                plan.regions(),
                plan.defaults(),
                many,
                plan.overrides(),
                plan.configDigest(),
                plan.ledger());

        assertThatThrownBy(() -> PlanCodec.sign(plan, MESH.svid(SpiffeId.ofWorkload(DOMAIN, "demo", "echo"), LIFE)))
                .hasMessageContaining("expected: its leader");
        assertThatThrownBy(() -> PlanCodec.sign(large, SVID)).hasMessageContaining("expected: at most 524288");
    }

    @Test
    void every_word_of_a_plan_has_its_word_on_the_wire() {
        assertThat(Plan.Region.Phase.values()).hasSize(RegionPhase.values().length + 2);
        for (RegionPhase phase : RegionPhase.values()) {
            assertThat(WireValues.named("phase", Plan.Region.Phase.class, phase))
                    .hasToString(phase.name());
        }
    }

    private static PlanCodec.Result open(byte[] sealed, Instant now) {
        return PlanCodec.open(ByteBuffer.wrap(sealed), new SpiffeVerifier(), ROOT.bundles(), LEADER::equals, now);
    }

    private static String digest(byte[] sealed) {
        return open(sealed, NOW) instanceof PlanCodec.Opened opened ? opened.digest() : "refused";
    }

    private static X509Svid foreign(TrustDomain domain) {
        return Authority.root(domain, Profile.DEMO, () -> NOW)
                .intermediate("us-east")
                .svid(SpiffeId.ofWorkload(domain, "beringia-system", "failover"), LIFE);
    }

    private static byte[] signedAs(X509Svid svid) {
        return PlanCodec.sign(new PlanValues(7).plan(svid.id()), svid);
    }

    private static TrafficPlan decidedAt(Instant when) {
        TrafficPlan plan = new PlanValues(7).plan(LEADER);
        return new TrafficPlan(
                plan.format(),
                plan.mesh(),
                plan.version(),
                plan.leader(),
                when,
                plan.regions(),
                plan.defaults(),
                plan.services(),
                plan.overrides(),
                plan.configDigest(),
                plan.ledger());
    }

    private static UnknownFieldSet unknownField() {
        return UnknownFieldSet.newBuilder()
                .addField(1_000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }

    /** Rightly signed by the leader, whatever it says. */
    private static byte[] resigned(UnaryOperator<Plan.Builder> change) throws Exception {
        SignedPlan good = parsed(PlanCodec.sign(new PlanValues(7).plan(LEADER), SVID));
        ByteString plan =
                change.apply(Plan.parseFrom(good.getPlan()).toBuilder()).build().toByteString();
        return good.toBuilder()
                .setPlan(plan)
                .setSignature(ByteString.copyFrom(SvidSignature.sign(SVID, plan.asReadOnlyByteBuffer())))
                .build()
                .toByteArray();
    }

    private static SignedPlan parsed(byte[] sealed) throws InvalidProtocolBufferException {
        return SignedPlan.parseFrom(sealed);
    }
}
