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
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

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
        /**
         * Signs others.
         *
         * @param pathLength CAs below it; empty: any number
         * @param usage its critical key usage
         */
        record Ca(OptionalInt pathLength, Set<CaUsage> usage) implements Purpose {
            public Ca {
                usage = Set.copyOf(usage);
            }
        }

        /** Proves who a workload is, as client and as server: a leaf as istiod makes it. */
        record Workload() implements Purpose {}

        /** The same as Istio's Makefile makes it for a virtual machine: with a subject and a key identifier. */
        record MachineWorkload() implements Purpose {}
    }

    /** Any thread. A root: signed by its own key, without authority key identifier. */
    public X509Certificate selfSigned(PrivateKey ownKey) {
        SignatureKind kind = SignatureKind.of(key);
        return selfSigned(octets -> kind.sign(ownKey, octets));
    }

    /** Any thread. The same, where something else than we has the key. */
    public X509Certificate selfSigned(UnaryOperator<byte[]> signing) {
        return sign(subjectName(), Optional.empty(), SignatureKind.of(key), signing);
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
            for (Extension extension : new DraftExtensions(this).all(issuerKeyId)) {
                builder.addExtension(extension);
            }
            byte[] der = builder.build(new DraftSigner(kind, signing)).getEncoded();
            return X509.read(der);
        } catch (IOException e) {
            throw new IllegalStateException("certificate: cannot be written (expected: DER)", e);
        }
    }

    /** Any thread. A PKCS #10 request for it, as {@code openssl req -new} writes one, in PEM. */
    public String request(PrivateKey ownKey) {
        SignatureKind kind = SignatureKind.of(key);
        try {
            byte[] der = new PKCS10CertificationRequestBuilder(subjectName(), publicKeyInfo(key))
                    .addAttribute(
                            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                            new Extensions(new DraftExtensions(this)
                                    .all(Optional.empty())
                                    .toArray(Extension[]::new)))
                    .build(new DraftSigner(kind, octets -> kind.sign(ownKey, octets)))
                    .getEncoded();
            return Pem.write(Pem.REQUEST, der);
        } catch (IOException e) {
            throw new IllegalStateException("CSR: cannot be written (expected: DER)", e);
        }
    }

    private X500Name subjectName() {
        return subject.map(DistinguishedName::encoded).orElseGet(() -> new X500Name(new RDN[0]));
    }

    private static SubjectPublicKeyInfo publicKeyInfo(PublicKey key) {
        return SubjectPublicKeyInfo.getInstance(key.getEncoded());
    }

    /** RFC 5280, 4.2.1.2, method 1: SHA-1 of the key bits. */
    static byte[] keyId(PublicKey key) {
        byte[] bits = publicKeyInfo(key).getPublicKeyData().getOctets();
        SHA1Digest digest = new SHA1Digest();
        digest.update(bits, 0, bits.length);
        byte[] id = new byte[digest.getDigestSize()];
        digest.doFinal(id, 0);
        return id;
    }
}
