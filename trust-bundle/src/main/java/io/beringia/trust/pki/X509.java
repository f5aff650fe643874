package io.beringia.trust.pki;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** The JDK's certificates from bytes and back. */
public final class X509 {
    private X509() {}

    /** Any thread. Throws {@link IllegalArgumentException} on everything else than one certificate. */
    public static X509Certificate read(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificate: unreadable (expected: X.509 in DER)", e);
        }
    }

    /** Any thread. The DER of each, in their order, as a TLS peer would send it. */
    public static List<byte[]> encoded(List<X509Certificate> chain) {
        return chain.stream().map(X509::encoded).toList();
    }

    /** Any thread. */
    public static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate: has no encoding (expected: DER)", e);
        }
    }
}
