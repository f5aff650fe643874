package io.beringia.trust.identity;

/** A foreign text as it may stand in a message: control and non-ASCII characters escaped, cut at 256. */
public final class Excerpt {
    private static final int LENGTH_MAX = 256;

    private Excerpt() {}

    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars().limit(LENGTH_MAX).forEach(c -> append(shown, c));
        return text.length() > LENGTH_MAX ? shown.append("...").toString() : shown.toString();
    }

    private static void append(StringBuilder shown, int c) {
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            shown.append((char) c);
        } else {
            shown.append(String.format("\\u%04x", c));
        }
    }
}
