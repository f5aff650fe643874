package io.beringia.trust.federation;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A public key as the members of a JSON Web Key. Pure.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-6">RFC 7518, section 6</a>
 */
final class Jwk {
    static final Set<String> TYPES = new TreeSet<>(Set.of("EC", "RSA"));

    private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();

    /** By the bits of their field; no two that certificates bear have the same. */
    private static final Map<Integer, String> CURVES = Map.of(256, "P-256", 384, "P-384", 521, "P-521");

    private Jwk() {}

    /** Type and key, in the order in which they are written; throws {@link IllegalArgumentException} on other keys. */
    static Map<String, String> of(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> of(ec);
            case RSAPublicKey rsa -> of(rsa);
            default -> throw unknown(key.getAlgorithm());
        };
    }

    private static Map<String, String> of(ECPublicKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        String curve = CURVES.getOrDefault(bits, "");
        if (curve.isEmpty()) {
            throw unknown("EC of " + bits + " bits");
        }
        int octets = (bits + Byte.SIZE - 1) / Byte.SIZE;
        Map<String, String> members = new LinkedHashMap<>();
        members.put("kty", "EC");
        members.put("crv", curve);
        members.put("x", text(key.getW().getAffineX(), octets));
        members.put("y", text(key.getW().getAffineY(), octets));
        return members;
    }

    private static Map<String, String> of(RSAPublicKey key) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("kty", "RSA");
        members.put("n", text(key.getModulus(), 1));
        members.put("e", text(key.getPublicExponent(), 1));
        return members;
    }

    /** Big-endian and unsigned, in {@code octetsMin} or as many as it takes. */
    private static String text(BigInteger number, int octetsMin) {
        byte[] signed = number.toByteArray();
        int from = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        int padding = Math.max(0, octetsMin - (signed.length - from));
        byte[] fixed = new byte[padding + signed.length - from];
        System.arraycopy(Arrays.copyOfRange(signed, from, signed.length), 0, fixed, padding, signed.length - from);
        return BASE64_URL.encodeToString(fixed);
    }

    private static IllegalArgumentException unknown(String kind) {
        return new IllegalArgumentException("key: " + kind + " (expected: EC P-256, P-384, P-521, or RSA)");
    }
}
