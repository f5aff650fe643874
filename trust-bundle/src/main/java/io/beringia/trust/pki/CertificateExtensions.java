package io.beringia.trust.pki;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;

/**
 * The extensions of a certificate that decide about trust.
 *
 * @param names subject alternative names; empty where there is no such extension
 * @param unknownCritical object identifiers of critical extensions that we do not process
 * @param subjectKeyId lower-case hex
 * @param authorityKeyId lower-case hex of the key identifier
 */
public record CertificateExtensions(
        Optional<Basic> basicConstraints,
        Optional<Usage> keyUsage,
        Optional<Set<String>> extendedKeyUsage,
        List<GeneralName> names,
        boolean hasCriticalNames,
        Optional<NameConstraints> nameConstraints,
        Optional<String> subjectKeyId,
        Optional<String> authorityKeyId,
        List<String> unknownCritical) {
    public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    public static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    public static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

    private static final Set<ASN1ObjectIdentifier> PROCESSED = Set.of(
            Extension.basicConstraints,
            Extension.keyUsage,
            Extension.extendedKeyUsage,
            Extension.subjectAlternativeName,
            Extension.nameConstraints);

    /** Basic constraints; {@code pathLength} counts CAs below, 0 or more. */
    public record Basic(boolean isCritical, boolean isCa, OptionalInt pathLength) {}

    /** Key usage, the bits that we ask about. */
    public record Usage(boolean isCritical, boolean digitalSignature, boolean keyCertSign, boolean crlSign) {}

    static CertificateExtensions read(Certificate certificate) throws IOException {
        Extensions all = certificate.getTBSCertificate().getExtensions();
        Extensions found = all == null ? new Extensions(new Extension[0]) : all;
        checkCanonical(certificate, found);
        return new CertificateExtensions(
                read(found, Extension.basicConstraints, CertificateExtensions::basic),
                read(found, Extension.keyUsage, CertificateExtensions::usage),
                read(found, Extension.extendedKeyUsage, CertificateExtensions::purposes),
                read(found, Extension.subjectAlternativeName, ext -> GeneralName.readAll(octets(ext)))
                        .orElse(List.of()),
                isCritical(found, Extension.subjectAlternativeName),
                read(found, Extension.nameConstraints, ext -> NameConstraints.read(octets(ext))),
                read(found, Extension.subjectKeyIdentifier, CertificateExtensions::ownKeyId),
                read(found, Extension.authorityKeyIdentifier, CertificateExtensions::issuerKeyId)
                        .filter(id -> !id.isEmpty()),
                unknownCritical(found));
    }

    /** Refuses an explicit {@code critical FALSE}, which DER forbids; a repeated extension was refused before. */
    private static void checkCanonical(Certificate certificate, Extensions found) throws IOException {
        byte[] whole = certificate.getTBSCertificate().getEncoded(ASN1Encoding.DER);
        byte[] canonical = found.getEncoded(ASN1Encoding.DER);
        boolean isSuffix = whole.length >= canonical.length
                && Arrays.equals(Arrays.copyOfRange(whole, whole.length - canonical.length, whole.length), canonical);
        if (found.getExtensionOIDs().length > 0 && !isSuffix) {
            throw new IllegalArgumentException("extensions: BER (expected: DER, no default value written out)");
        }
    }

    private static <T> Optional<T> read(Extensions all, ASN1ObjectIdentifier oid, Function<Extension, T> reader)
            throws IOException {
        Extension extension = all.getExtension(oid);
        if (extension == null) {
            return Optional.empty();
        }
        byte[] value = octets(extension);
        if (!Arrays.equals(ASN1Primitive.fromByteArray(value).getEncoded(ASN1Encoding.DER), value)) {
            throw new IllegalArgumentException("extension " + oid + ": BER (expected: DER)");
        }
        return Optional.of(reader.apply(extension));
    }

    private static Basic basic(Extension extension) {
        var value = org.bouncycastle.asn1.x509.BasicConstraints.getInstance(extension.getParsedValue());
        var length = value.getPathLenConstraint();
        if (length == null) {
            return new Basic(extension.isCritical(), value.isCA(), OptionalInt.empty());
        }
        if (!value.isCA() || length.signum() < 0 || length.bitLength() > Byte.SIZE) {
            throw new IllegalArgumentException(
                    "basic constraints: path length " + length + " (expected: a CA, 0 to 255)");
        }
        return new Basic(extension.isCritical(), true, OptionalInt.of(length.intValueExact()));
    }

    private static Usage usage(Extension extension) {
        var value = org.bouncycastle.asn1.x509.KeyUsage.getInstance(extension.getParsedValue());
        return new Usage(
                extension.isCritical(),
                value.hasUsages(org.bouncycastle.asn1.x509.KeyUsage.digitalSignature),
                value.hasUsages(org.bouncycastle.asn1.x509.KeyUsage.keyCertSign),
                value.hasUsages(org.bouncycastle.asn1.x509.KeyUsage.cRLSign));
    }

    private static Set<String> purposes(Extension extension) {
        var value = org.bouncycastle.asn1.x509.ExtendedKeyUsage.getInstance(extension.getParsedValue());
        return Stream.of(value.getUsages()).map(usage -> usage.getId()).collect(Collectors.toUnmodifiableSet());
    }

    private static String ownKeyId(Extension extension) {
        return HexFormat.of()
                .formatHex(SubjectKeyIdentifier.getInstance(extension.getParsedValue())
                        .getKeyIdentifier());
    }

    private static String issuerKeyId(Extension extension) {
        byte[] id =
                AuthorityKeyIdentifier.getInstance(extension.getParsedValue()).getKeyIdentifierOctets();
        return id == null ? "" : HexFormat.of().formatHex(id);
    }

    private static boolean isCritical(Extensions all, ASN1ObjectIdentifier oid) {
        Extension extension = all.getExtension(oid);
        return extension != null && extension.isCritical();
    }

    private static List<String> unknownCritical(Extensions all) {
        return Stream.of(all.getCriticalExtensionOIDs())
                .filter(oid -> !PROCESSED.contains(oid))
                .map(ASN1ObjectIdentifier::getId)
                .toList();
    }

    private static byte[] octets(Extension extension) {
        return extension.getExtnValue().getOctets();
    }
}
