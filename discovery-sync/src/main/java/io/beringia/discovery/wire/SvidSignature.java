package io.beringia.discovery.wire;

import io.beringia.trust.identity.X509Svid;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECKey;

/** Signatures by the key of an SVID. The key alone says with which algorithm, so nobody can ask for a weaker one. Any thread. */
public final class SvidSignature {
    private static final int BITS_OF_SHA_256 = 256;

    private SvidSignature() {}

    /** Over all that remains. Throws where the key is of no kind that we sign with. */
    public static byte[] sign(X509Svid signer, ByteBuffer bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm(signer.leaf().getPublicKey()));
        signature.initSign(signer.key());
        signature.update(bytes);
        return signature.sign();
    }

    /** Whether the key of that leaf, in DER, made the signature over all that remains. Every doubt is a no. */
    public static boolean isBy(byte[] leaf, ByteBuffer bytes, byte[] made) {
        try {
            PublicKey key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(leaf))
                    .getPublicKey();
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initVerify(key);
            signature.update(bytes);
            return signature.verify(made);
        } catch (GeneralSecurityException unable) {
            return false;
        }
    }

    private static String algorithm(Key key) throws GeneralSecurityException {
        return switch (key.getAlgorithm()) {
            case "EC" ->
                key instanceof ECKey curve && bits(curve) > BITS_OF_SHA_256 ? "SHA384withECDSA" : "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default ->
                throw new GeneralSecurityException("key: " + key.getAlgorithm() + " (expected: EC, RSA or Ed25519)");
        };
    }

    private static int bits(ECKey curve) {
        return curve.getParams().getCurve().getField().getFieldSize();
    }
}
