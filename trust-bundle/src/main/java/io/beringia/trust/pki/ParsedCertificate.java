package io.beringia.trust.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Time;

/**
 * A certificate as RFC 5280 and DER allow it, read once: version 3, no trailing octets, no second encoding, no
 * extension twice, a serial of 1 to 2^159-1. Says what stands in it and judges nothing else. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4">RFC 5280, section 4</a>
 */
public final class ParsedCertificate {
    private static final int VERSION_3 = 3;
    private static final int SERIAL_BITS_MAX = 159;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);

    private final Certificate certificate;
    private final IssuerKey key;
    private final CertificateExtensions extensions;
    private final String sha256;
    private final Instant notBefore;
    private final Instant notAfter;

    private ParsedCertificate(Certificate certificate, byte[] der) throws IOException {
        this.certificate = certificate;
        this.key = new IssuerKey(certificate.getSubjectPublicKeyInfo());
        this.extensions = CertificateExtensions.read(certificate);
        this.sha256 = Fingerprint.sha256(der);
        this.notBefore = instant(certificate.getStartDate());
        this.notAfter = instant(certificate.getEndDate());
    }

    /** Any thread. Throws {@link IllegalArgumentException} on everything that is no strict certificate. */
    public static ParsedCertificate parse(byte[] der) {
        try {
            check(der.length > 0, "no octets", "DER");
            Certificate certificate = Certificate.getInstance(ASN1Primitive.fromByteArray(der));
            check(Arrays.equals(certificate.getEncoded(ASN1Encoding.DER), der), "BER", "DER");
            check(certificate.getVersionNumber() == VERSION_3, "v" + certificate.getVersionNumber(), "v3");
            check(isSerial(certificate.getSerialNumber().getValue()), "serial out of range", "1 to 2^159-1");
            check(
                    certificate
                            .getSignatureAlgorithm()
                            .equals(certificate.getTBSCertificate().getSignature()),
                    "two signature algorithms",
                    "the same inside and outside");
            return new ParsedCertificate(certificate, der);
        } catch (IOException | ClassCastException | IllegalStateException e) {
            throw new IllegalArgumentException("certificate: " + e.getClass().getSimpleName() + " (expected: DER)", e);
        }
    }

    /** Fingerprint of the whole certificate, lower-case hex. */
    public String sha256() {
        return sha256;
    }

    /** The whole certificate in DER, which has but one form. */
    public byte[] octets() {
        return encoded(certificate);
    }

    public Instant notBefore() {
        return notBefore;
    }

    public Instant notAfter() {
        return notAfter;
    }

    public CertificateExtensions extensions() {
        return extensions;
    }

    public BigInteger serial() {
        return certificate.getSerialNumber().getValue();
    }

    /** The subject's name in DER. */
    public byte[] subject() {
        return encoded(certificate.getSubject());
    }

    /** The key that the certificate is about, with its kind (DER of SubjectPublicKeyInfo). */
    public byte[] publicKey() {
        return encoded(certificate.getSubjectPublicKeyInfo());
    }

    public boolean hasEmptySubject() {
        return certificate.getSubject().getRDNs().length == 0;
    }

    /** The values of {@code L} in the subject, in their order. */
    public List<String> localities() {
        return Stream.of(certificate.getSubject().getRDNs(BCStyle.L))
                .map(rdn -> IETFUtils.valueToString(rdn.getFirst().getValue()))
                .toList();
    }

    /** True where subject and issuer are the same name, byte by byte. */
    public boolean isSelfIssued() {
        return isNamedIssuer(this);
    }

    /** True where {@code issuer} bears the name that this certificate gives as its issuer, byte by byte. */
    public boolean isNamedIssuer(ParsedCertificate issuer) {
        return Arrays.equals(encoded(certificate.getIssuer()), encoded(issuer.certificate.getSubject()));
    }

    /** What the key identifiers say of {@code issuer}: a hint where to look first, never a proof. */
    public IssuerHint hintOf(ParsedCertificate issuer) {
        Optional<String> wanted = extensions.authorityKeyId();
        Optional<String> offered = issuer.extensions.subjectKeyId();
        if (wanted.isEmpty() || offered.isEmpty()) {
            return IssuerHint.UNKNOWN;
        }
        return wanted.equals(offered) ? IssuerHint.SAME_KEY : IssuerHint.OTHER_KEY;
    }

    /** What AKI and SKI say of a possible issuer, in the order in which to try them. */
    public enum IssuerHint {
        SAME_KEY,
        UNKNOWN,
        OTHER_KEY
    }

    public KeyKind keyKind() {
        return PathSignature.kindOf(certificate.getSubjectPublicKeyInfo());
    }

    /** True where it is signed with ECDSA or RSA and SHA-256, -384 or -512. */
    public boolean hasAllowedSignature() {
        return PathSignature.isAllowed(certificate.getSignatureAlgorithm());
    }

    /** True where the key of {@code issuer} made this certificate's signature. Costs 0.1 to 0.5 ms. */
    public boolean isSignedBy(ParsedCertificate issuer) {
        return PathSignature.verifies(certificate, issuer.key);
    }

    private static boolean isSerial(BigInteger serial) {
        return serial.signum() > 0 && serial.bitLength() <= SERIAL_BITS_MAX;
    }

    static byte[] encoded(ASN1Object part) {
        try {
            return part.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalArgumentException("certificate: unreadable part (expected: DER)", e);
        }
    }

    /** RFC 5280, 4.1.2.5: UTC with seconds, two-digit years being 1950 to 2049. */
    static Instant instant(Time time) throws IOException {
        byte[] der = time.getEncoded(ASN1Encoding.DER);
        String text = new String(der, 2, der.length - 2, US_ASCII);
        boolean isShort = text.length() == "YYMMDDHHMMSSZ".length();
        String year = isShort ? (text.charAt(0) < '5' ? "20" : "19") : "";
        try {
            return LocalDateTime.parse(year + text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("time: unreadable (expected: YYMMDDHHMMSSZ)", e);
        }
    }

    private static void check(boolean holds, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("certificate: " + value + " (expected: " + expected + ")");
        }
    }

    @Override
    public String toString() {
        return "ParsedCertificate[" + certificate.getSubject() + ", " + sha256 + "]";
    }
}
