package io.beringia.trust.pki;

import java.io.IOException;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;

/**
 * A public key that verifies, read for Bouncy Castle when it is first needed: what it computes for one signature it keeps with
 * the key, so that the next one below the same CA costs less than half. Any thread.
 */
final class IssuerKey {
    private final SubjectPublicKeyInfo info;
    private volatile @Nullable AsymmetricKeyParameter read;

    IssuerKey(SubjectPublicKeyInfo info) {
        this.info = info;
    }

    SubjectPublicKeyInfo info() {
        return info;
    }

    /** Two threads may both read it; either is good. */
    AsymmetricKeyParameter parameters() throws IOException {
        AsymmetricKeyParameter known = read;
        if (known == null) {
            known = PublicKeyFactory.createKey(info);
            read = known;
        }
        return known;
    }
}
