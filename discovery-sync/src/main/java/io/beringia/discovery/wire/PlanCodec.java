package io.beringia.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.plan.proto.Plan;
import io.beringia.discovery.wire.plan.proto.SignedPlan;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/**
 * Between a plan and the bytes that its leader signed. The signature is over the bytes of the plan as they are; nothing
 * is ever encoded again to check one. Any thread.
 */
public final class PlanCodec {
    /** ZooKeeper refuses packets of 1 MiB; half of it leaves room for everything around. */
    public static final int SEALED_BYTES_MAX = 512 * 1024;

    private PlanCodec() {}

    /** What becomes of signed bytes. */
    public sealed interface Result {}

    /**
     * A plan that somebody who may lead has signed.
     *
     * @param digest SHA-256 of the signed bytes, hex: equal for equal plans, whoever signed them when
     * @param isChainExpired the leader's chain has expired since it decided, and was judged at that moment. There has
     *     been no leader for long; an alarm, and no reason to have no plan
     */
    public record Opened(TrafficPlan plan, String digest, boolean isChainExpired) implements Result {}

    /** Not to be obeyed; {@code why} is for people. */
    public record Refused(String why) implements Result {}

    /**
     * Signs a plan. Throws {@link IllegalArgumentException} where somebody else is its leader, the result would be larger
     * than {@value #SEALED_BYTES_MAX} bytes, or the key cannot sign.
     */
    public static byte[] sign(TrafficPlan plan, X509Svid leader) {
        if (!plan.leader().equals(leader.id())) {
            throw new IllegalArgumentException("plan " + plan.version() + ": signer " + leader.id()
                    + " (expected: its leader, " + plan.leader() + ")");
        }
        ByteString bytes = PlanMessages.plan(plan).toByteString();
        try {
            byte[] sealed = SignedPlan.newBuilder()
                    .setPlan(bytes)
                    .addAllChain(encoded(leader.chain()))
                    .setSignature(ByteString.copyFrom(SvidSignature.sign(leader, bytes.asReadOnlyByteBuffer())))
                    .build()
                    .toByteArray();
            if (sealed.length > SEALED_BYTES_MAX) {
                throw new IllegalArgumentException("plan " + plan.version() + ": " + sealed.length
                        + " bytes (expected: at most " + SEALED_BYTES_MAX + ")");
            }
            return sealed;
        } catch (GeneralSecurityException unable) {
            throw new IllegalArgumentException("plan " + plan.version() + ": " + leader + " cannot sign it", unable);
        }
    }

    /** The bytes that a signature would be over: equal for equal plans. */
    public static byte[] unsigned(TrafficPlan plan) {
        return PlanMessages.plan(plan).toByteArray();
    }

    /** The plan of such bytes; throws {@link IllegalArgumentException} on anything else. */
    public static TrafficPlan read(byte[] unsigned) {
        try {
            return PlanMessages.plan(Plan.parseFrom(unsigned));
        } catch (InvalidProtocolBufferException noPlan) {
            throw new IllegalArgumentException("plan: " + unsigned.length + " bytes (expected: a plan)", noPlan);
        }
    }

    /**
     * Opens signed bytes, reading all that remain. Fails closed: every doubt is a {@link Refused}.
     *
     * @param mayLead whose plans are obeyed
     * @param now wall clock, for the validity of the chain
     */
    public static Result open(
            ByteBuffer sealed, PeerVerifier verifier, TrustBundles bundles, Predicate<SpiffeId> mayLead, Instant now) {
        try {
            SignedPlan signed = parsed(sealed);
            Plan message = Plan.parseFrom(signed.getPlan());
            TrafficPlan plan = PlanMessages.plan(message);
            List<byte[]> chain =
                    signed.getChainList().stream().map(ByteString::toByteArray).toList();
            Signer signer = signer(chain, plan.decidedAt(), verifier, bundles, now);
            return switch (signer.verdict) {
                case PeerVerdict.Rejected rejected ->
                    new Refused("chain of its signer: " + rejected.reason().word() + ", " + rejected.detail());
                case PeerVerdict.Verified leader
                when !mayLead.test(leader.id()) ->
                    new Refused("signer: " + leader.id() + " (expected: somebody who may lead)");
                case PeerVerdict.Verified leader
                when !leader.id().equals(plan.leader()) ->
                    new Refused("signer: " + leader.id() + " (expected: its leader, " + plan.leader() + ")");
                case PeerVerdict.Verified _
                when !isSigned(chain.getFirst(), signed) ->
                    new Refused("signature: not by its signer over these bytes");
                case PeerVerdict.Verified _ -> new Opened(plan, digest(signed.getPlan()), signer.isExpired);
            };
        } catch (InvalidProtocolBufferException | IllegalArgumentException broken) {
            return new Refused("plan: " + broken.getMessage());
        }
    }

    /**
     * A plan that was opened before it was stored. Checks no signature, which a stored plan may well have outlived;
     * throws {@link IllegalArgumentException} on bytes that are no plan.
     */
    public static Opened reopen(ByteBuffer sealed) {
        try {
            SignedPlan signed = parsed(sealed);
            return new Opened(PlanMessages.plan(Plan.parseFrom(signed.getPlan())), digest(signed.getPlan()), false);
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalArgumentException("plan: " + broken.getMessage(), broken);
        }
    }

    /** A plan of {@link #unsigned} bytes, which somebody else vouches for; {@link IllegalArgumentException} where they are none. */
    public static TrafficPlan ofUnsigned(byte[] bytes) {
        try {
            return PlanMessages.plan(Plan.parseFrom(bytes));
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalArgumentException("plan: " + broken.getMessage(), broken);
        }
    }

    private static boolean isSigned(byte[] leaf, SignedPlan signed) {
        return SvidSignature.isBy(
                leaf,
                signed.getPlan().asReadOnlyByteBuffer(),
                signed.getSignature().toByteArray());
    }

    /** Who signed, and whether that is only true for the moment of the decision. */
    private record Signer(PeerVerdict verdict, boolean isExpired) {}

    /** A chain that has expired since it signed is judged as it was then, never as it may be later. */
    private static Signer signer(
            List<byte[]> chain, Instant decidedAt, PeerVerifier verifier, TrustBundles bundles, Instant now) {
        PeerVerdict verdict = verifier.verify(chain, PeerVerifier.PeerRole.CLIENT, bundles, now);
        boolean isExpired = verdict instanceof PeerVerdict.Rejected rejected
                && rejected.reason() == RejectReason.EXPIRED
                && decidedAt.isBefore(now);
        return isExpired
                ? new Signer(verifier.verify(chain, PeerVerifier.PeerRole.CLIENT, bundles, decidedAt), true)
                : new Signer(verdict, false);
    }

    private static SignedPlan parsed(ByteBuffer sealed) throws InvalidProtocolBufferException {
        if (sealed.remaining() > SEALED_BYTES_MAX) {
            throw new IllegalArgumentException(
                    sealed.remaining() + " bytes (expected: at most " + SEALED_BYTES_MAX + ")");
        }
        return SignedPlan.parseFrom(sealed);
    }

    private static List<ByteString> encoded(List<X509Certificate> chain) throws CertificateEncodingException {
        List<ByteString> encoded = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            encoded.add(ByteString.copyFrom(certificate.getEncoded()));
        }
        return encoded;
    }

    private static String digest(ByteString plan) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plan.toByteArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
