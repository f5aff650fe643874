package io.beringia.trust.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;

/**
 * A revocation list before it is signed.
 *
 * @param before the list that this one follows: what it takes back stays taken back
 * @param revoked what is taken back at {@code thisUpdate}, by serial number
 */
public record CrlDraft(
        Optional<ParsedCrl> before,
        BigInteger number,
        Instant thisUpdate,
        Instant nextUpdate,
        SortedMap<BigInteger, RevocationReason> revoked) {
    public CrlDraft {
        revoked = new TreeMap<>(revoked);
        if (!nextUpdate.isAfter(thisUpdate)) {
            throw new IllegalArgumentException("next update: " + nextUpdate + " (expected: after " + thisUpdate + ")");
        }
    }

    /** Any thread. A certificate that was taken back before is not listed twice. */
    public ParsedCrl signedBy(CaSigner signer) {
        ParsedCertificate ca = ParsedCertificate.parse(X509.encoded(signer.certificate()));
        X509v2CRLBuilder builder = new X509v2CRLBuilder(X500Name.getInstance(ca.subject()), Date.from(thisUpdate));
        builder.setNextUpdate(Date.from(nextUpdate));
        before.ifPresent(list -> builder.addCRL(list.holder()));
        revoked.forEach((serial, reason) -> {
            if (before.filter(list -> list.takesBack(serial)).isEmpty()) {
                builder.addCRLEntry(serial, Date.from(thisUpdate), reason.number());
            }
        });
        try {
            Optional<String> keyId = ca.extensions().subjectKeyId();
            if (keyId.isPresent()) {
                byte[] octets = HexFormat.of().parseHex(keyId.get());
                builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(octets));
            }
            builder.addExtension(Extension.cRLNumber, false, new ASN1Integer(number));
            SignatureKind kind = SignatureKind.of(signer.certificate().getPublicKey());
            return ParsedCrl.parse(
                    builder.build(new DraftSigner(kind, signer::sign)).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("CRL: cannot be written (expected: DER)", e);
        }
    }
}
