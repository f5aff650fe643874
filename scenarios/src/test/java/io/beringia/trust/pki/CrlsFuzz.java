package io.beringia.trust.pki;

import io.beringia.scenarios.fuzz.Choices;
import io.beringia.scenarios.fuzz.Resigned;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.TrustDomain;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Revocation lists bent below their signatures, which are good again: what we read the JDK reads too, with the same numbers
 * taken back, and whose signature we believe it believes.
 */
public final class CrlsFuzz {
    private static final CaSigner.InMemory CA =
            Authority.root(new TrustDomain("cluster.local")).newIntermediate("east", Duration.ofDays(1));
    private static final Instant NOW = CA.certificate().getNotBefore().toInstant();
    private static final String PEM = ParsedCrl.write(List.of(new CrlDraft(
                    Optional.empty(),
                    BigInteger.TEN,
                    NOW,
                    NOW.plus(Duration.ofDays(1)),
                    new TreeMap<>(Map.of(
                            BigInteger.valueOf(4711), RevocationReason.KEY_COMPROMISE,
                            BigInteger.valueOf(4712), RevocationReason.SUPERSEDED)))
            .signedBy(CA)));
    private static final byte[] DER = Base64.getMimeDecoder().decode(PEM.replaceAll("-----[A-Z0-9 ]+-----", ""));

    private CrlsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        List<ParsedCrl> read;
        try {
            read = ParsedCrl.parseAll(file(new Choices(input)));
        } catch (IllegalArgumentException refused) {
            return;
        }
        for (ParsedCrl list : read) {
            requireAgreed(list);
        }
    }

    private static byte[] file(Choices choices) {
        return switch (choices.below(4)) {
            case 0 -> choices.bent(PEM.getBytes(StandardCharsets.ISO_8859_1));
            case 1 -> choices.bent(DER);
            case 2 -> Resigned.bent(choices, DER, CA.key());
            default -> choices.rest();
        };
    }

    private static void requireAgreed(ParsedCrl list) throws Exception {
        String pem = ParsedCrl.write(List.of(list));
        X509CRL other = (X509CRL) CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        Set<BigInteger> serials = Stream.ofNullable(other.getRevokedCertificates())
                .flatMap(Set::stream)
                .map(X509CRLEntry::getSerialNumber)
                .collect(Collectors.toUnmodifiableSet());
        require(serials.equals(list.serials()), "serials: " + list.serials() + " (expected: " + serials + ")");
        if (list.isSignedBy(CA.certificate().getPublicKey().getEncoded())) {
            other.verify(CA.certificate().getPublicKey());
        }
        require(
                list.isOf(other.getIssuerX500Principal().getEncoded()),
                "issuer: " + list.name() + " (expected: " + other.getIssuerX500Principal() + ")");
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
