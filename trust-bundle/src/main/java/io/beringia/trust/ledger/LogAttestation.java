package io.beringia.trust.ledger;

import io.beringia.trust.identity.Base64Text;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * That a log's key is its writer's, said with the writer's SVID: how a witness of another region learns the keys of
 * logs that are made at random. Lines: {@code beringia-log-key/v1}, the verifier key, the signature, the chain.
 */
record LogAttestation(NoteKey key, String signature, List<String> chain) {
    private static final String HEADER = "beringia-log-key/v1";
    private static final int CERTIFICATES_MAX = 8;
    private static final int LINES_BEFORE_CHAIN = 3;

    LogAttestation {
        chain = List.copyOf(chain);
    }

    static LogAttestation sign(NoteKey key, X509Svid svid) {
        try {
            Signature signature = Signature.getInstance(algorithm(svid.leaf().getPublicKey()));
            signature.initSign(svid.key());
            signature.update(message(key));
            List<String> chain = new ArrayList<>();
            for (X509Certificate certificate : svid.chain()) {
                chain.add(Base64Text.of(certificate.getEncoded()));
            }
            return new LogAttestation(key, Base64Text.of(signature.sign()), chain);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "SVID of " + svid.id() + ": does not sign (expected: a key that does)", e);
        }
    }

    /** The inverse of {@link #bytes()}; throws {@link IllegalArgumentException} on everything else. */
    static LogAttestation parse(byte[] body) {
        String text = Utf8Text.parse("attestation", body);
        List<String> lines = List.of(text.split("\n", -1));
        if (!lines.getLast().isEmpty()
                || lines.size() <= LINES_BEFORE_CHAIN + 1
                || lines.size() > LINES_BEFORE_CHAIN + CERTIFICATES_MAX + 1
                || !lines.getFirst().equals(HEADER)) {
            throw new IllegalArgumentException(
                    "attestation: " + (lines.size() - 1) + " lines (expected: " + HEADER + ", key, signature, chain)");
        }
        return new LogAttestation(
                NoteKey.parse(lines.get(1)), lines.get(2), lines.subList(LINES_BEFORE_CHAIN, lines.size() - 1));
    }

    byte[] bytes() {
        return (HEADER + "\n" + key + "\n" + signature + "\n" + String.join("\n", chain) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether the writer is verified, signed this key, and may write logs of that name: those of its own trust domain
     * and of the cluster that issued its certificate.
     */
    boolean holds(PeerVerifier verifier, TrustBundles bundles, Instant now) {
        try {
            List<byte[]> der = chain.stream().map(Base64Text::parse).toList();
            return verifier.verify(der, PeerRole.CLIENT, bundles, now) instanceof PeerVerdict.Verified writer
                    && writer.cluster()
                            .filter(cluster -> mayWrite(writer, cluster))
                            .isPresent()
                    && isSigned(der.getFirst());
        } catch (IllegalArgumentException | GeneralSecurityException bad) {
            return false;
        }
    }

    private boolean mayWrite(PeerVerdict.Verified writer, String cluster) {
        return key.type() == NoteKey.Type.NOTE
                && key.name().startsWith(writer.id().trustDomain() + "/beringia/" + cluster + "/");
    }

    private boolean isSigned(byte[] leaf) throws GeneralSecurityException {
        Certificate certificate =
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(leaf));
        Signature verification = Signature.getInstance(algorithm(certificate.getPublicKey()));
        verification.initVerify(certificate.getPublicKey());
        verification.update(message(key));
        return verification.verify(Base64Text.parse(signature));
    }

    private static byte[] message(NoteKey key) {
        return (HEADER + "\n" + key + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default ->
                throw new IllegalArgumentException("key: " + key.getAlgorithm() + " (expected: EC, RSA or Ed25519)");
        };
    }
}
