package io.beringia.trust.pki;

import io.beringia.trust.identity.Excerpt;
import io.beringia.trust.identity.RevocationList;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.bouncycastle.cert.X509CRLHolder;

/**
 * A revocation list as RFC 5280 and DER allow it, read once: version 2, with a next update, complete (no delta, no
 * indirect one, none for a part of the certificates), without any critical extension, in the list or in an entry. Immutable
 * but for the memory of whose signature it bears. Any thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC 5280, section 5</a>
 */
public final class ParsedCrl implements RevocationList {
    private static final String PEM_BEGINS = "-----BEGIN";
    private static final int VERSION_2 = 2;

    private final CertificateList list;
    private final byte[] der;
    private final byte[] issuer;
    private final String name;
    private final Optional<BigInteger> number;
    private final String issuerKeyId;
    private final Instant thisUpdate;
    private final Instant nextUpdate;
    private final Set<BigInteger> serials;
    private volatile Optional<Proof> lastProof = Optional.empty();

    /** What became of the last question for a signature: it costs 0.1 to 0.5 ms and more for a long list. */
    private record Proof(SubjectPublicKeyInfo key, boolean isSigner) {}

    private ParsedCrl(CertificateList list, byte[] der) throws IOException {
        TBSCertList body = list.getTBSCertList();
        Optional<Extensions> extensions = Optional.ofNullable(body.getExtensions());
        extensions.ifPresent(ParsedCrl::checkExtensions);
        this.list = list;
        this.der = der.clone();
        this.issuer = ParsedCertificate.encoded(body.getIssuer());
        this.number = extensions
                .map(all -> Extensions.getExtensionParsedValue(all, Extension.cRLNumber))
                .map(value -> ASN1Integer.getInstance(value).getValue());
        this.issuerKeyId = extensions
                .map(AuthorityKeyIdentifier::fromExtensions)
                .map(AuthorityKeyIdentifier::getKeyIdentifierOctets)
                .map(HexFormat.of()::formatHex)
                .orElse("");
        this.name = "CRL of " + text(body.getIssuer())
                + number.map(it -> ", number " + it).orElse("");
        this.thisUpdate = ParsedCertificate.instant(body.getThisUpdate());
        this.nextUpdate = ParsedCertificate.instant(body.getNextUpdate());
        this.serials = serials(body.getRevokedCertificateEnumeration());
    }

    /** Any thread. Throws {@link IllegalArgumentException} on everything that is no strict list. */
    public static ParsedCrl parse(byte[] der) {
        try {
            check(der.length > 0, "no octets", "DER");
            CertificateList list = CertificateList.getInstance(ASN1Primitive.fromByteArray(der));
            TBSCertList body = list.getTBSCertList();
            check(Arrays.equals(list.getEncoded(ASN1Encoding.DER), der), "BER", "DER");
            check(body.getVersionNumber() == VERSION_2, "v" + body.getVersionNumber(), "v2");
            check(body.getNextUpdate() != null, "no next update", "one");
            check(
                    list.getSignatureAlgorithm().equals(body.getSignature()),
                    "two signature algorithms",
                    "the same inside and outside");
            check(
                    PathSignature.isAllowed(list.getSignatureAlgorithm()),
                    "signature algorithm",
                    "ECDSA or RSA with SHA-256, SHA-384 or SHA-512");
            return new ParsedCrl(list, der);
        } catch (IOException | ClassCastException | IllegalStateException e) {
            throw new IllegalArgumentException("CRL: unreadable (expected: PEM or DER of RFC 5280)", e);
        }
    }

    /**
     * Any thread. All lists of a file: PEM, in which other blocks are left out, or one in DER; nothing is no list. Throws
     * {@link IllegalArgumentException} if any of them is not strict.
     */
    public static List<ParsedCrl> parseAll(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        if (text.contains(PEM_BEGINS)) {
            return Pem.revocationLists(text).stream().map(ParsedCrl::parse).toList();
        }
        return text.isBlank() ? List.of() : List.of(parse(file));
    }

    /** Any thread. PEM, the inverse of {@link #parseAll}. */
    public static String write(List<ParsedCrl> lists) {
        return Pem.writeRevocationLists(lists.stream().map(crl -> crl.der).toList());
    }

    /** The number that its issuer counts its lists by; some do not. */
    public Optional<BigInteger> number() {
        return number;
    }

    public Instant thisUpdate() {
        return thisUpdate;
    }

    @Override
    public Instant nextUpdate() {
        return nextUpdate;
    }

    X509CRLHolder holder() {
        return new X509CRLHolder(list);
    }

    /** The serial numbers that it takes back. */
    public Set<BigInteger> serials() {
        return serials;
    }

    /** True where both are lists of one key: the same issuer by name, and by key identifier where they name one. */
    public boolean isOfSameIssuer(ParsedCrl other) {
        return isOf(other.issuer) && issuerKeyId.equals(other.issuerKeyId);
    }

    /** True where it says the same, octet by octet. */
    public boolean isSame(ParsedCrl other) {
        return Arrays.equals(der, other.der);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOf(byte[] name) {
        return Arrays.equals(issuer, name);
    }

    @Override
    public boolean isSignedBy(byte[] key) {
        SubjectPublicKeyInfo asked = SubjectPublicKeyInfo.getInstance(key);
        Optional<Proof> known = lastProof.filter(it -> it.key().equals(asked));
        if (known.isPresent()) {
            return known.get().isSigner();
        }
        boolean isSigner = PathSignature.verifies(list, asked);
        lastProof = Optional.of(new Proof(asked, isSigner));
        return isSigner;
    }

    @Override
    public boolean takesBack(BigInteger serial) {
        return serials.contains(serial);
    }

    private static String text(X500Name name) {
        try {
            return Excerpt.of(name.toString());
        } catch (IllegalArgumentException noText) {
            throw new IllegalArgumentException("CRL: issuer unreadable (expected: a name of RFC 5280)", noText);
        }
    }

    /** RFC 5280, 5.2: whoever does not know a critical extension must not use the list; we know none. */
    private static void checkExtensions(Extensions extensions) {
        check(extensions.getExtension(Extension.deltaCRLIndicator) == null, "a delta CRL", "a complete one");
        Optional<ASN1ObjectIdentifier> critical =
                Arrays.stream(extensions.getCriticalExtensionOIDs()).findFirst();
        check(
                critical.isEmpty(),
                "critical extension " + critical.map(Object::toString).orElse(""),
                "none");
    }

    private static Set<BigInteger> serials(Enumeration<?> entries) {
        Set<BigInteger> serials = new HashSet<>();
        while (entries.hasMoreElements()) {
            TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) Objects.requireNonNull(entries.nextElement());
            Extensions extensions = entry.getExtensions();
            check(
                    extensions == null || extensions.getCriticalExtensionOIDs().length == 0,
                    "an entry with a critical extension",
                    "none");
            serials.add(entry.getUserCertificate().getValue());
        }
        return serials.stream().collect(Collectors.toUnmodifiableSet());
    }

    private static void check(boolean holds, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("CRL: " + value + " (expected: " + expected + ")");
        }
    }

    @Override
    public String toString() {
        return "ParsedCrl[" + name + ", " + serials.size() + " entries, until " + nextUpdate + "]";
    }
}
