package io.beringia.trust.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a witness signs: a checkpoint, and when it saw that. C2SP tlog-cosignature, Ed25519. */
final class Cosignature {
    private static final int SIGNATURE_BYTES = 64;

    private Cosignature() {}

    static byte[] message(String checkpoint, long seconds) {
        return ("cosignature/v1\ntime " + seconds + "\n" + checkpoint).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] write(long seconds, byte[] signature) {
        return ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array();
    }

    static boolean verifies(NoteKey key, String checkpoint, byte[] stamped) {
        if (stamped.length != Long.BYTES + SIGNATURE_BYTES) {
            return false;
        }
        ByteBuffer rest = ByteBuffer.wrap(stamped);
        long seconds = rest.getLong();
        byte[] signature = new byte[SIGNATURE_BYTES];
        rest.get(signature);
        return seconds >= 0 && key.verifies(message(checkpoint, seconds), signature);
    }
}
