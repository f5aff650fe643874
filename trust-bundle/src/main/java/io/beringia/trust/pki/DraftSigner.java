package io.beringia.trust.pki;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;

/** Collects the octets that Bouncy Castle's builders write and has them signed once. Owned by one builder call. */
final class DraftSigner implements ContentSigner {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final SignatureKind kind;
    private final UnaryOperator<byte[]> signing;

    DraftSigner(SignatureKind kind, UnaryOperator<byte[]> signing) {
        this.kind = kind;
        this.signing = signing;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return kind.identifier();
    }

    @Override
    public OutputStream getOutputStream() {
        return octets;
    }

    @Override
    public byte[] getSignature() {
        return signing.apply(octets.toByteArray());
    }
}
