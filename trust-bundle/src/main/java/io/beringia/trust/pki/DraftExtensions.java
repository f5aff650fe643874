package io.beringia.trust.pki;

import io.beringia.trust.pki.CertificateDraft.Purpose;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/** The extensions of one draft, in the order in which the tool writes them whose certificates ours are to equal. */
record DraftExtensions(CertificateDraft draft) {
    private static final KeyUsage LEAF_USAGE = new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment);
    private static final ExtendedKeyUsage BOTH_ENDS =
            new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});

    List<Extension> all(Optional<byte[]> issuerKeyId) {
        Stream<Extension> signer = issuerKeyId.stream()
                .map(id -> extension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(id)));
        return switch (draft.purpose()) {
            case Purpose.Ca ca -> openssl(caConstraints(ca), caUsage(ca), signer);
            case Purpose.MachineWorkload machine -> openssl(noCa(), machineUsage(), signer);
            case Purpose.Workload workload -> istiod(signer);
        };
    }

    /** OpenSSL 3: SKI, BC, KU and EKU, SAN, and the AKI that it adds by itself. */
    private List<Extension> openssl(Extension constraints, Stream<Extension> usage, Stream<Extension> signer) {
        SubjectKeyIdentifier own = new SubjectKeyIdentifier(CertificateDraft.keyId(draft.key()));
        return Stream.of(
                        Stream.of(extension(Extension.subjectKeyIdentifier, false, own), constraints),
                        usage,
                        names(),
                        signer)
                .flatMap(each -> each)
                .toList();
    }

    /** istiod's leaves: KU, EKU, BC, AKI, SAN; no SKI. */
    private List<Extension> istiod(Stream<Extension> signer) {
        Stream<Extension> usage = Stream.of(
                extension(Extension.keyUsage, true, LEAF_USAGE),
                extension(Extension.extendedKeyUsage, false, BOTH_ENDS),
                noCa());
        return Stream.of(usage, signer, names()).flatMap(each -> each).toList();
    }

    private static Extension caConstraints(Purpose.Ca ca) {
        return extension(
                Extension.basicConstraints,
                true,
                ca.pathLength().isPresent()
                        ? new BasicConstraints(ca.pathLength().getAsInt())
                        : new BasicConstraints(true));
    }

    private static Stream<Extension> caUsage(Purpose.Ca ca) {
        return Stream.of(extension(Extension.keyUsage, true, CaUsage.encoded(ca.usage())));
    }

    private static Extension noCa() {
        return extension(Extension.basicConstraints, true, new BasicConstraints(false));
    }

    private static Stream<Extension> machineUsage() {
        return Stream.of(
                extension(Extension.keyUsage, false, LEAF_USAGE),
                extension(Extension.extendedKeyUsage, false, BOTH_ENDS));
    }

    /** Critical where nothing else names the subject (RFC 5280, 4.1.2.6). */
    private Stream<Extension> names() {
        GeneralName[] names = Stream.concat(
                        draft.uris().stream().map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri)),
                        draft.dnsNames().stream().map(dns -> new GeneralName(GeneralName.dNSName, dns)))
                .toArray(GeneralName[]::new);
        return names.length == 0
                ? Stream.empty()
                : Stream.of(extension(
                        Extension.subjectAlternativeName, draft.subject().isEmpty(), new GeneralNames(names)));
    }

    private static Extension extension(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
        try {
            return new Extension(type, critical, new DEROctetString(value));
        } catch (IOException e) {
            throw new IllegalStateException("extension " + type + ": cannot be written (expected: DER)", e);
        }
    }
}
