package io.beringia.trust.ledger;

import java.util.Base64;

/** Base64 of RFC 4648 section 4 in its one canonical spelling: what a reader accepts is what a writer writes. */
final class Base64Text {
    private Base64Text() {}

    static String of(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    /** Throws {@link IllegalArgumentException} on every other spelling, such as bits behind the last octet. */
    static byte[] parse(String text) {
        byte[] octets = Base64.getDecoder().decode(text);
        if (!of(octets).equals(text)) {
            throw new IllegalArgumentException("base64: " + Quoted.of(text) + " (expected: its canonical form)");
        }
        return octets;
    }
}
