package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A token of a lab: whoever holds it is {@code id}. Works below a demo root only; holds the hash, never the token.
 *
 * @param sha256 of the token, 64 lower-case hex digits
 */
public record StaticToken(String sha256, SpiffeId id, Set<SpiffeId> mayImpersonate) {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public StaticToken {
        mayImpersonate = Set.copyOf(mayImpersonate);
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "static token of " + id + ": no hash (expected: SHA-256 in lower-case hex)");
        }
    }

    /** Pure. Compares with every token in constant time. */
    static Optional<Caller> caller(List<StaticToken> tokens, String bearer) {
        byte[] given = hash(bearer);
        Optional<Caller> found = Optional.empty();
        for (StaticToken token : tokens) {
            if (MessageDigest.isEqual(HexFormat.of().parseHex(token.sha256), given)) {
                found = Optional.of(new Caller(token.id, token.mayImpersonate, Optional.empty()));
            }
        }
        return found;
    }

    private static byte[] hash(String bearer) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bearer.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every JDK)", e);
        }
    }

    @Override
    public String toString() {
        return "StaticToken[" + id + "]";
    }
}
