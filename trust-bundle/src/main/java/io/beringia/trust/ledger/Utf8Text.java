package io.beringia.trust.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that came as octets: none of it may be other than UTF-8, since what is replaced would be signed as another text. */
final class Utf8Text {
    private Utf8Text() {}

    /** Throws {@link IllegalArgumentException} that says what it should have been. */
    static String parse(String what, byte[] octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + ": not UTF-8 (expected: UTF-8)", e);
        }
    }
}
