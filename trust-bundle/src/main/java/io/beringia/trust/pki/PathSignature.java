package io.beringia.trust.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.RSADigestSigner;

/**
 * Checks the signature under a certificate, a request for one or a revocation list: natively by keys of P-256 and P-384 where
 * {@link NativeKeys} are loaded, else by Bouncy Castle's lightweight API.
 */
final class PathSignature {
    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 8_192;
    private static final int UNCOMPRESSED_POINT = 0x04;

    private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> ECDSA = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256, SHA256Digest::new,
            X9ObjectIdentifiers.ecdsa_with_SHA384, SHA384Digest::new,
            X9ObjectIdentifiers.ecdsa_with_SHA512, SHA512Digest::new);
    private static final Map<ASN1ObjectIdentifier, String> NATIVE = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA256withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA384withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA512withECDSA");
    private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> RSA = Map.of(
            PKCSObjectIdentifiers.sha256WithRSAEncryption, SHA256Digest::new,
            PKCSObjectIdentifiers.sha384WithRSAEncryption, SHA384Digest::new,
            PKCSObjectIdentifiers.sha512WithRSAEncryption, SHA512Digest::new);

    private PathSignature() {}

    static boolean isAllowed(AlgorithmIdentifier algorithm) {
        boolean isBare = algorithm.getParameters() == null;
        return ECDSA.containsKey(algorithm.getAlgorithm())
                ? isBare
                : RSA.containsKey(algorithm.getAlgorithm())
                        && (isBare || DERNull.INSTANCE.equals(algorithm.getParameters()));
    }

    static KeyKind kindOf(SubjectPublicKeyInfo key) {
        ASN1ObjectIdentifier algorithm = key.getAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey) && isUncompressed(key)) {
            return curveOf(key);
        }
        return algorithm.equals(PKCSObjectIdentifiers.rsaEncryption) && hasRsaSize(key) ? KeyKind.RSA : KeyKind.OTHER;
    }

    static boolean verifies(Certificate certificate, IssuerKey key) {
        return verifies(
                certificate.getTBSCertificate(),
                certificate.getSignatureAlgorithm(),
                certificate.getSignature().getOctets(),
                key);
    }

    static boolean verifies(CertificateList list, SubjectPublicKeyInfo key) {
        return verifies(
                list.getTBSCertList(),
                list.getSignatureAlgorithm(),
                list.getSignature().getOctets(),
                new IssuerKey(key));
    }

    /** Whether its sender has the private half of the key that it names. */
    static boolean verifies(CertificationRequest request) {
        return verifies(
                request.getCertificationRequestInfo(),
                request.getSignatureAlgorithm(),
                request.getSignature().getOctets(),
                new IssuerKey(request.getCertificationRequestInfo().getSubjectPublicKeyInfo()));
    }

    private static boolean verifies(ASN1Object body, AlgorithmIdentifier algorithm, byte[] signature, IssuerKey key) {
        try {
            return verifies(body.getEncoded(ASN1Encoding.DER), algorithm, signature, key);
        } catch (IOException e) {
            return false;
        }
    }

    /** Native code is asked about P-256 and P-384 alone; what it cannot read is judged in Java, which says what is wrong. */
    static boolean verifies(byte[] octets, AlgorithmIdentifier algorithm, byte[] signature, IssuerKey key)
            throws IOException {
        Optional<Boolean> known = isAllowed(algorithm) && isOnCurve(kindOf(key.info()))
                ? natively(octets, algorithm, signature, key)
                : Optional.empty();
        return known.isPresent() ? known.get() : verifiesInJava(octets, algorithm, signature, key);
    }

    private static boolean isOnCurve(KeyKind kind) {
        return kind == KeyKind.P256 || kind == KeyKind.P384;
    }

    private static Optional<Boolean> natively(
            byte[] octets, AlgorithmIdentifier algorithm, byte[] signature, IssuerKey key) {
        return NativeKeys.isLoaded()
                ? Optional.ofNullable(NATIVE.get(algorithm.getAlgorithm()))
                        .flatMap(name ->
                                NativeKeys.verifies(name, ParsedCertificate.encoded(key.info()), octets, signature))
                : Optional.empty();
    }

    static boolean verifiesInJava(byte[] octets, AlgorithmIdentifier algorithm, byte[] signature, IssuerKey key)
            throws IOException {
        Optional<Signer> signer = signer(algorithm, key.parameters());
        if (signer.isEmpty()) {
            return false;
        }
        signer.get().update(octets, 0, octets.length);
        return signer.get().verifySignature(signature);
    }

    private static Optional<Signer> signer(AlgorithmIdentifier algorithm, AsymmetricKeyParameter key) {
        ASN1ObjectIdentifier oid = algorithm.getAlgorithm();
        if (!isAllowed(algorithm)) {
            return Optional.empty();
        }
        Signer signer;
        if (key instanceof ECPublicKeyParameters && ECDSA.containsKey(oid)) {
            signer = new DSADigestSigner(new ECDSASigner(), digest(ECDSA, oid));
        } else if (key instanceof RSAKeyParameters && RSA.containsKey(oid)) {
            signer = new RSADigestSigner(digest(RSA, oid));
        } else {
            return Optional.empty();
        }
        signer.init(false, key);
        return Optional.of(signer);
    }

    private static Digest digest(Map<ASN1ObjectIdentifier, Supplier<Digest>> known, ASN1ObjectIdentifier oid) {
        return Optional.ofNullable(known.get(oid)).orElseThrow().get();
    }

    /** A compressed point is legal and understood by few: no peer of ours makes one. */
    private static boolean isUncompressed(SubjectPublicKeyInfo key) {
        byte[] point = key.getPublicKeyData().getOctets();
        return point.length > 0 && point[0] == UNCOMPRESSED_POINT;
    }

    private static KeyKind curveOf(SubjectPublicKeyInfo key) {
        if (SECObjectIdentifiers.secp256r1.equals(key.getAlgorithm().getParameters())) {
            return KeyKind.P256;
        }
        return SECObjectIdentifiers.secp384r1.equals(key.getAlgorithm().getParameters()) ? KeyKind.P384 : KeyKind.OTHER;
    }

    private static boolean hasRsaSize(SubjectPublicKeyInfo key) {
        try {
            BigInteger modulus = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(key.parsePublicKey())
                    .getModulus();
            return modulus.bitLength() >= RSA_BITS_MIN && modulus.bitLength() <= RSA_BITS_MAX;
        } catch (IOException e) {
            return false;
        }
    }
}
