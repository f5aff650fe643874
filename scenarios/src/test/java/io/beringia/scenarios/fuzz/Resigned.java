package io.beringia.scenarios.fuzz;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;

/**
 * What X.509 and PKCS #10 have in common, a body, an algorithm and a signature in one sequence: the body is bent and then
 * signed again, so that a reader gets past the signature. ECDSA with SHA-256 alone.
 */
public final class Resigned {
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;

    private Resigned() {}

    public static byte[] bent(Choices choices, byte[] signed, PrivateKey key) {
        ByteBuffer whole = ByteBuffer.wrap(signed);
        enter(whole);
        byte[] body = choices.bent(element(signed, whole));
        byte[] algorithm = element(signed, whole);
        byte[] signature = signature(body, key);
        byte[] bits = ByteBuffer.allocate(1 + signature.length)
                .put((byte) 0)
                .put(signature)
                .array();
        byte[] last = encoded(BIT_STRING, bits);
        return encoded(
                SEQUENCE,
                ByteBuffer.allocate(body.length + algorithm.length + last.length)
                        .put(body)
                        .put(algorithm)
                        .put(last)
                        .array());
    }

    private static byte[] signature(byte[] body, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(body);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("key: does not sign (expected: P-256)", impossible);
        }
    }

    private static int enter(ByteBuffer der) {
        der.get();
        int length = der.get() & 0xff;
        int octets = length < 0x80 ? 0 : length & 0x7f;
        for (length = octets == 0 ? length : 0; octets > 0; octets--) {
            length = length << 8 | der.get() & 0xff;
        }
        return length;
    }

    private static byte[] element(byte[] signed, ByteBuffer der) {
        int from = der.position();
        int length = enter(der);
        der.position(der.position() + length);
        return Arrays.copyOfRange(signed, from, der.position());
    }

    private static byte[] encoded(int tag, byte[] content) {
        ByteBuffer der = ByteBuffer.allocate(4 + content.length).put((byte) tag);
        if (content.length >= 0x100) {
            der.put((byte) 0x82).putShort((short) content.length);
        } else if (content.length >= 0x80) {
            der.put((byte) 0x81).put((byte) content.length);
        } else {
            der.put((byte) content.length);
        }
        der.put(content);
        return Arrays.copyOf(der.array(), der.position());
    }
}
