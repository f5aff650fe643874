package io.beringia.gateway;

import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CrlDraft;
import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.RevocationReason;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;

/** Revocation lists as an issuer of tests publishes them. */
public final class Crls {
    private Crls() {}

    /** For an hour: takes back those of the certificates that {@code issuer} signed. */
    public static ParsedCrl of(CaSigner issuer, X509Certificate... revoked) {
        TreeMap<BigInteger, RevocationReason> serials = new TreeMap<>();
        for (X509Certificate each : revoked) {
            if (each.getIssuerX500Principal().equals(issuer.certificate().getSubjectX500Principal())) {
                serials.put(each.getSerialNumber(), RevocationReason.KEY_COMPROMISE);
            }
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return new CrlDraft(Optional.empty(), BigInteger.ONE, now, now.plus(Duration.ofHours(1)), serials)
                .signedBy(issuer);
    }
}
