package io.beringia.trust.client;

import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** Makes certificates piece by piece, right ones and every kind of wrong one. Owned by one test. */
final class Forge {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final String EC = "SHA256withECDSA";

    X500Name subject = new X500Name(new RDN[0]);
    KeyPair pair = ec("secp256r1");
    BigInteger serial = BigInteger.valueOf(4711);
    long version = 2;
    Instant notBefore = NOW.minus(Duration.ofHours(1));
    Instant notAfter = NOW.plus(Duration.ofHours(1));
    String algorithm = EC;
    final List<ASN1Encodable> extensions = new ArrayList<>();

    /** A certificate with its key. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Forged(byte[] der, X500Name subject, KeyPair pair) {
        X509Certificate certificate() {
            return X509.read(der);
        }
    }

    static Forge leaf(String... uris) {
        Forge leaf = new Forge();
        leaf.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        leaf.add(
                Extension.extendedKeyUsage,
                false,
                purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth));
        leaf.add(Extension.basicConstraints, true, new BasicConstraints(false));
        if (uris.length > 0) {
            leaf.names(true, Stream.of(uris).map(Forge::uri).toArray(ASN1Encodable[]::new));
        }
        return leaf;
    }

    static Forge ca(String name, int pathLength) {
        Forge ca = new Forge();
        ca.subject = new X500Name(name);
        ca.add(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(ca.pair)));
        ca.add(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        ca.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return ca;
    }

    /** Applies a change and returns itself. */
    Forge with(Consumer<Forge> change) {
        change.accept(this);
        return this;
    }

    Forge add(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        extensions.add(extension(oid, critical, encoded(value)));
        return this;
    }

    Forge remove(ASN1ObjectIdentifier oid) {
        extensions.removeIf(
                extension -> DERSequence.getInstance(extension).getObjectAt(0).equals(oid));
        return this;
    }

    Forge replace(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        return remove(oid).add(oid, critical, value);
    }

    Forge names(boolean critical, ASN1Encodable... names) {
        return replace(Extension.subjectAlternativeName, critical, new DERSequence(names));
    }

    void expire() {
        notBefore = NOW.minus(Duration.ofHours(2));
        notAfter = NOW.minusSeconds(1);
    }

    void postpone() {
        notBefore = NOW.plusSeconds(1);
    }

    /** Names its issuer's key in AKI, as honest issuers do. */
    Forge knowing(Forged issuer) {
        return replace(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuer.pair())));
    }

    Forged selfSigned() {
        return sign(subject, pair);
    }

    Forged signedBy(Forged issuer) {
        return sign(issuer.subject(), issuer.pair());
    }

    Forged sign(X500Name issuer, KeyPair signer) {
        try {
            ASN1Encodable identifier = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
            DERSequence body = body(issuer, identifier);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(signer.getPrivate());
            signature.update(body.getEncoded());
            DERSequence whole = sequence(body, identifier, new DERBitString(signature.sign()));
            return new Forged(whole.getEncoded(), subject, pair);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private DERSequence body(X500Name issuer, ASN1Encodable identifier) {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        if (version > 0) {
            fields.add(new DERTaggedObject(true, 0, new ASN1Integer(version)));
        }
        fields.add(new ASN1Integer(serial));
        fields.add(identifier);
        fields.add(issuer);
        fields.add(sequence(new Time(Date.from(notBefore)), new Time(Date.from(notAfter))));
        fields.add(subject);
        fields.add(SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        if (!extensions.isEmpty()) {
            fields.add(new DERTaggedObject(true, 3, sequence(extensions.toArray(ASN1Encodable[]::new))));
        }
        return new DERSequence(fields);
    }

    static ASN1Encodable extension(ASN1ObjectIdentifier oid, boolean critical, byte[] value) {
        return critical
                ? sequence(oid, ASN1Boolean.TRUE, new DEROctetString(value))
                : sequence(oid, new DEROctetString(value));
    }

    static ASN1Encodable uri(String text) {
        return name(6, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static ASN1Encodable dns(String text) {
        return name(2, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static ASN1Encodable name(int tag, byte[] content) {
        return new DERTaggedObject(false, tag, new DEROctetString(content));
    }

    /** A NameConstraints value; {@code tag} 0 permits, 1 excludes. */
    static ASN1Encodable constraint(int tag, ASN1Encodable... names) {
        ASN1Encodable[] subtrees = Stream.of(names).map(Forge::sequence).toArray(ASN1Encodable[]::new);
        return sequence(new DERTaggedObject(false, tag, sequence(subtrees)));
    }

    static ExtendedKeyUsage purposes(KeyPurposeId... purposes) {
        return new ExtendedKeyUsage(purposes);
    }

    static DERSequence sequence(ASN1Encodable... parts) {
        return new DERSequence(parts);
    }

    static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] keyId(KeyPair pair) {
        try {
            byte[] bits = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
                    .getPublicKeyData()
                    .getOctets();
            return MessageDigest.getInstance("SHA-1").digest(bits);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair other(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
