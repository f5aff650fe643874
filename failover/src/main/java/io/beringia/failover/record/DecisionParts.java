package io.beringia.failover.record;

import io.beringia.discovery.wire.PlanCodec;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A decision in as many entries of a ledger as it needs. Whole where it fits one; else packed, and packed in parts, each of
 * which names the SHA-256 of them all. Pure.
 */
public final class DecisionParts {
    /** A log's entries end at 65,535 bytes; the rest is for who, when and why. */
    public static final int BYTES_MAX = 60 * 1024;

    /** A mesh of some hundred sites; more of it would crowd out everything else. */
    public static final int PARTS_MAX = 16;

    private DecisionParts() {}

    /** In order; the plan alone where there are too many, and none where that is too large as well. */
    public static List<byte[]> of(DecisionFile decision) {
        byte[] whole = decision.bytes();
        if (whole.length <= BYTES_MAX) {
            return List.of(whole);
        }
        byte[] packed = decision.packed();
        if (packed.length <= PARTS_MAX * BYTES_MAX) {
            return split(packed);
        }
        byte[] plan = PlanCodec.unsigned(decision.written());
        return plan.length <= BYTES_MAX ? List.of(plan) : List.of();
    }

    private static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += BYTES_MAX) {
            parts.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + BYTES_MAX)));
        }
        return parts;
    }

    /**
     * The octets of that SHA-256: the last of the parts, and as many of those before it as belong to it. What was begun and
     * never ended stands before them.
     */
    public static Optional<byte[]> joined(List<byte[]> parts, byte[] sha256) {
        for (int first = parts.size() - 1; first >= Math.max(0, parts.size() - PARTS_MAX); first--) {
            byte[] bytes = concatenated(parts.subList(first, parts.size()));
            if (MessageDigest.isEqual(sha256, sha256(bytes))) {
                return Optional.of(bytes);
            }
        }
        return Optional.empty();
    }

    public static byte[] concatenated(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing in this Java", impossible);
        }
    }
}
