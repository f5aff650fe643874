package io.beringia.trust.ledger;

/** A foreign text as it may stand in a message: in quotes, other than printable ASCII escaped, cut at 100. */
final class Quoted {
    private static final int LENGTH_MAX = 100;

    private Quoted() {}

    static String of(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.chars().limit(LENGTH_MAX).forEach(c -> append(shown, c));
        return shown.append(text.length() > LENGTH_MAX ? "...\"" : "\"").toString();
    }

    private static void append(StringBuilder shown, int c) {
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            shown.append((char) c);
        } else {
            shown.append(String.format("\\u%04x", c));
        }
    }
}
