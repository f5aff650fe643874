package io.beringia.trust.federation;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Excerpt;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.X509;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a SPIFFE bundle, strictly where a mistake could be a root too many, and as the standard asks where it could be one
 * that only others understand. Pure; one use.
 */
final class JwkSetReader {
    /** A hundred times a large bundle. */
    static final int DOCUMENT_BYTES_MAX = 1 << 20;

    /** What our own processes take of one trust domain. */
    private static final int ROOTS_MAX = 32;

    /** Roots, keys for tokens of several kinds, and those of years ago. */
    private static final int KEYS_MAX = 256;

    /** What our verifier looks at. */
    private static final int CERTIFICATE_BYTES_MAX = 16 << 10;

    private static final int NESTING_MAX = 16;

    private static final String BUNDLE = "bundle: ";
    private static final String X509_SVID = "x509-svid";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final TrustDomain trustDomain;
    private final List<X509Certificate> roots = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    JwkSetReader(TrustDomain trustDomain) {
        this.trustDomain = trustDomain;
    }

    BundleDocument read(byte[] octets) {
        JsonNode set = object(octets);
        JsonNode keys = set.path("keys");
        check(keys.isArray(), "keys", described(keys), "an array, [] where every root is withdrawn");
        check(keys.size() <= KEYS_MAX, "keys", keys.size(), "<= " + KEYS_MAX);
        for (int i = 0; i < keys.size(); i++) {
            key("keys[" + i + "]", keys.get(i));
        }
        List<X509Certificate> distinct = roots.stream().distinct().toList();
        check(distinct.size() <= ROOTS_MAX, "roots", distinct.size(), "<= " + ROOTS_MAX);
        return new BundleDocument(
                trustDomain,
                whole(set, "spiffe_sequence"),
                whole(set, "spiffe_refresh_hint").map(Duration::ofSeconds),
                distinct,
                ignored);
    }

    private static JsonNode object(byte[] octets) {
        check(octets.length <= DOCUMENT_BYTES_MAX, "document", octets.length + " bytes", "<= " + DOCUMENT_BYTES_MAX);
        try {
            JsonNode set = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
            check(set.isObject(), "document", described(set), "a JSON object");
            return set;
        } catch (CharacterCodingException e) {
            throw refused("document", "not UTF-8", "JSON in UTF-8", e);
        } catch (JacksonException e) {
            throw refused("document", Excerpt.of(String.valueOf(e.getOriginalMessage())), "JSON, no name twice", e);
        }
    }

    private void key(String where, JsonNode key) {
        check(key.isObject(), where, described(key), "a JSON object");
        String use = key.path("use").isString() ? key.path("use").stringValue() : "";
        String type = key.path("kty").isString() ? key.path("kty").stringValue() : "";
        check(!type.isEmpty(), where + ".kty", described(key.path("kty")), "a type of key such as EC or RSA");
        if (!use.equals(X509_SVID)) {
            ignored.add(where + ".use: " + described(key.path("use")) + " (expected: " + X509_SVID + ", else no root)");
        } else if (!Jwk.TYPES.contains(type)) {
            ignored.add(where + ".kty: " + described(key.path("kty")) + " (expected: one of " + Jwk.TYPES + ")");
        } else {
            certificates(where, key);
        }
    }

    private void certificates(String where, JsonNode key) {
        JsonNode chain = key.path("x5c");
        if (!chain.isArray() || chain.isEmpty()) {
            ignored.add(where + ".x5c: " + described(chain) + " (expected: one certificate)");
            return;
        }
        if (chain.size() > 1) {
            ignored.add(where + ".x5c[1] and later: " + (chain.size() - 1) + " certificates (expected: one alone)");
        }
        roots.add(certificate(where, key, chain.get(0)));
    }

    private X509Certificate certificate(String entry, JsonNode key, JsonNode text) {
        String where = entry + ".x5c[0]";
        check(text.isString(), where, described(text), "a certificate in base64");
        try {
            byte[] der = Base64.getDecoder().decode(text.stringValue());
            check(der.length <= CERTIFICATE_BYTES_MAX, where, der.length + " bytes", "<= " + CERTIFICATE_BYTES_MAX);
            ParsedCertificate.parse(der);
            X509Certificate root = X509.read(der);
            check(root.getBasicConstraints() >= 0, where, "a certificate of no CA", "one that may sign");
            checkName(where, root);
            checkSameKey(entry, key, root);
            return root;
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(BUNDLE) ? e : refused(where, message, "the certificate of a root in base64", e);
        }
    }

    /** A root may bear no SPIFFE name; one of another trust domain is a document that was mixed up, or worse. */
    private void checkName(String where, X509Certificate root) {
        Authority.idOf(root)
                .map(SpiffeId::trustDomain)
                .ifPresent(named ->
                        check(named.equals(trustDomain), where, "a root of " + named, "of " + trustDomain + " alone"));
    }

    private static void checkSameKey(String where, JsonNode key, X509Certificate root) {
        Map<String, String> expected = Jwk.of(root.getPublicKey());
        expected.forEach((name, value) -> check(
                key.path(name).isString() && key.path(name).stringValue().equals(value),
                where + "." + name,
                described(key.path(name)),
                "the key of x5c[0], " + value));
    }

    /** Such numbers fill 63 bits at most. */
    private static Optional<Long> whole(JsonNode set, String name) {
        JsonNode number = set.path(name);
        if (number.isMissingNode()) {
            return Optional.empty();
        }
        boolean isWhole = number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
        check(isWhole, name, described(number), "a whole number, 0 to 2^63-1");
        return Optional.of(number.longValue());
    }

    private static String described(JsonNode node) {
        if (node.isMissingNode()) {
            return "missing";
        }
        return node.isString() ? "\"" + Excerpt.of(node.stringValue()) + "\"" : Excerpt.of(node.toString());
    }

    private static void check(boolean holds, String what, Object value, String expected) {
        if (!holds) {
            throw refused(what, String.valueOf(value), expected, null);
        }
    }

    private static IllegalArgumentException refused(
            String what, String value, String expected, @Nullable Exception cause) {
        return new IllegalArgumentException(BUNDLE + what + ": " + value + " (expected: " + expected + ")", cause);
    }
}
