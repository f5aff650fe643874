package io.beringia.trust.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.digests.SHA1Digest;

/**
 * A certificate before it is signed. Immutable.
 *
 * @param subject empty for a workload: its name is the URI
 * @param serial 1 to 2^159-1
 * @param purpose CA or workload; decides about key usage and key identifiers
 * @param uris URI names, in their order
 * @param dnsNames DNS names, after the URIs
 */
public record CertificateDraft(
        Optional<DistinguishedName> subject,
        PublicKey key,
        BigInteger serial,
        Instant notBefore,
        Instant notAfter,
        Purpose purpose,
        List<String> uris,
        List<String> dnsNames) {

    public CertificateDraft {
        uris = List.copyOf(uris);
        dnsNames = List.copyOf(dnsNames);
    }

    /** What the certificate is for. */
    public sealed interface Purpose {
        /** Signs others; {@code pathLength} counts the CAs below it. */
        record Ca(int pathLength) implements Purpose {}

        /** Proves who a workload is, as client and as server. */
        record Workload() implements Purpose {}
    }

    /** Any thread. A root: signed by its own key, without authority key identifier. */
    public X509Certificate selfSigned(PrivateKey ownKey) {
        SignatureKind kind = SignatureKind.of(key);
        return sign(subjectName(), Optional.empty(), kind, octets -> kind.sign(ownKey, octets));
    }

    /** Any thread. Signed by {@code signer}, in whose name it is issued. */
    public X509Certificate signedBy(CaSigner signer) {
        X509Certificate ca = signer.certificate();
        X500Name issuer = X500Name.getInstance(ca.getSubjectX500Principal().getEncoded());
        return sign(issuer, Optional.of(keyId(ca.getPublicKey())), SignatureKind.of(ca.getPublicKey()), signer::sign);
    }

    private X509Certificate sign(
            X500Name issuer, Optional<byte[]> issuerKeyId, SignatureKind kind, UnaryOperator<byte[]> signing) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer, serial, Date.from(notBefore), Date.from(notAfter), subjectName(), publicKeyInfo(key));
            switch (purpose) {
                case Purpose.Ca ca -> addCaExtensions(builder, ca, issuerKeyId);
                case Purpose.Workload workload -> addWorkloadExtensions(builder, issuerKeyId);
            }
            byte[] der = builder.build(new DraftSigner(kind, signing)).getEncoded();
            return X509.read(der);
        } catch (IOException e) {
            throw new IllegalStateException("certificate: cannot be written (expected: DER)", e);
        }
    }

    /** The shape of OpenSSL's CAs: SKI, BC, KU, SAN, AKI. */
    private void addCaExtensions(X509v3CertificateBuilder builder, Purpose.Ca ca, Optional<byte[]> issuerKeyId)
            throws IOException {
        builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(key)));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca.pathLength()));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        addNames(builder);
        addIssuerKeyId(builder, issuerKeyId);
    }

    /** The shape and order of istiod's leaves: KU, EKU, BC, AKI, SAN; no SKI. */
    private void addWorkloadExtensions(X509v3CertificateBuilder builder, Optional<byte[]> issuerKeyId)
            throws IOException {
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        addIssuerKeyId(builder, issuerKeyId);
        addNames(builder);
    }

    private void addNames(X509v3CertificateBuilder builder) throws IOException {
        GeneralName[] names = Stream.concat(
                        uris.stream().map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri)),
                        dnsNames.stream().map(dns -> new GeneralName(GeneralName.dNSName, dns)))
                .toArray(GeneralName[]::new);
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, subject.isEmpty(), new GeneralNames(names));
        }
    }

    private static void addIssuerKeyId(X509v3CertificateBuilder builder, Optional<byte[]> issuerKeyId)
            throws IOException {
        if (issuerKeyId.isPresent()) {
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(issuerKeyId.get()));
        }
    }

    private X500Name subjectName() {
        return subject.map(DistinguishedName::encoded).orElseGet(() -> new X500Name(new RDN[0]));
    }

    private static SubjectPublicKeyInfo publicKeyInfo(PublicKey key) {
        return SubjectPublicKeyInfo.getInstance(key.getEncoded());
    }

    /** RFC 5280, 4.2.1.2, method 1: SHA-1 of the key bits. */
    private static byte[] keyId(PublicKey key) {
        byte[] bits = publicKeyInfo(key).getPublicKeyData().getOctets();
        SHA1Digest digest = new SHA1Digest();
        digest.update(bits, 0, bits.length);
        byte[] id = new byte[digest.getDigestSize()];
        digest.doFinal(id, 0);
        return id;
    }
}
