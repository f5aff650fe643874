package io.beringia.trust.identity;

import java.util.Base64;

/** Base64 of RFC 4648 section 4 in its one canonical spelling: what a reader accepts is what a writer writes. */
public final class Base64Text {
    private static final int SHOWN_MAX = 100;

    private Base64Text() {}

    public static String of(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    /** Throws {@link IllegalArgumentException} on every other spelling, such as bits behind the last octet. */
    public static byte[] parse(String text) {
        byte[] octets = Base64.getDecoder().decode(text);
        if (!of(octets).equals(text)) {
            throw new IllegalArgumentException("base64: " + text.substring(0, Math.min(text.length(), SHOWN_MAX))
                    + " (expected: its canonical form)");
        }
        return octets;
    }
}
