package io.beringia.trust.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/**
 * What a signing request contributes: a public key, and the proof that its sender holds the private one. Names that
 * the request asks for are never looked at.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2986">RFC 2986 (PKCS #10)</a>
 */
public record CertificateRequest(PublicKey key) {
    private static final int PEM_CHARACTERS_MAX = 16 * 1024;

    /** Any thread. Throws {@link IllegalArgumentException} on a bad request, proof or kind of key. */
    public static CertificateRequest parse(String pem) {
        if (pem.length() > PEM_CHARACTERS_MAX) {
            throw new IllegalArgumentException("CSR: " + pem.length() + " characters (expected: <= 16384)");
        }
        try {
            PKCS10CertificationRequest request =
                    new PKCS10CertificationRequest(Pem.content(Pem.single(pem, Pem.REQUEST), Pem.REQUEST));
            return new CertificateRequest(provenKey(request));
        } catch (IOException e) {
            throw new IllegalArgumentException("CSR: unreadable (expected: PKCS #10)", e);
        }
    }

    /** Any thread. A request as ztunnel writes it: empty subject, one critical URI name. */
    public static String write(KeyPair pair, String uri) {
        try {
            SignatureKind kind = SignatureKind.of(pair.getPublic());
            ExtensionsGenerator wanted = new ExtensionsGenerator();
            wanted.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
            byte[] der = new PKCS10CertificationRequestBuilder(
                            new X500Name(new RDN[0]),
                            SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wanted.generate())
                    .build(new DraftSigner(kind, octets -> kind.sign(pair.getPrivate(), octets)))
                    .getEncoded();
            return Pem.write(Pem.REQUEST, der);
        } catch (IOException e) {
            throw new IllegalStateException("CSR: cannot be written (expected: DER)", e);
        }
    }

    private static PublicKey provenKey(PKCS10CertificationRequest request) {
        SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
        KeyKind kind = PathSignature.kindOf(info);
        if (!kind.isAllowed()) {
            throw new IllegalArgumentException("CSR: unsupported key (expected: P-256, P-384 or RSA of 2048 to 8192)");
        }
        if (!PathSignature.verifies(request.toASN1Structure())) {
            throw new IllegalArgumentException("CSR: wrong signature (expected: one by its own key, with SHA-2)");
        }
        try {
            return KeyFactory.getInstance(kind == KeyKind.RSA ? "RSA" : "EC")
                    .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("CSR: key unreadable (expected: one that this Java can use)", e);
        }
    }
}
