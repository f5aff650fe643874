package io.beringia.trust.pki;

import java.util.Set;
import org.bouncycastle.asn1.x509.KeyUsage;

/** What the key of a CA may be used for (RFC 5280, 4.2.1.3). */
public enum CaUsage {
    DIGITAL_SIGNATURE(KeyUsage.digitalSignature),
    NON_REPUDIATION(KeyUsage.nonRepudiation),
    KEY_ENCIPHERMENT(KeyUsage.keyEncipherment),
    KEY_CERT_SIGN(KeyUsage.keyCertSign),
    CRL_SIGN(KeyUsage.cRLSign);

    private final int bit;

    CaUsage(int bit) {
        this.bit = bit;
    }

    static KeyUsage encoded(Set<CaUsage> usage) {
        return new KeyUsage(usage.stream().mapToInt(each -> each.bit).sum());
    }
}
