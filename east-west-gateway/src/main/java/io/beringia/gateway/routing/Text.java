package io.beringia.gateway.routing;

/** A foreign text as it may stand in a log: control and non-ASCII characters escaped, cut at 256. */
public final class Text {
    private static final int LENGTH_MAX = 256;

    private Text() {}

    /** In quotes. */
    static String shown(String text) {
        return '"' + bare(text) + '"';
    }

    /** Without quotes around it, and with none in it that are not escaped. */
    public static String bare(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars().limit(LENGTH_MAX).forEach(c -> append(shown, c));
        return shown.append(text.length() > LENGTH_MAX ? "..." : "").toString();
    }

    private static void append(StringBuilder shown, int c) {
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            shown.append((char) c);
        } else {
            shown.append(String.format("\\u%04x", c));
        }
    }
}
