package io.beringia.trust.identity;

import java.util.Locale;

/** What becomes of a certificate of which no revocation list says anything that can be believed today. */
public enum CrlPolicy {
    /** It is accepted, as Istio's ztunnel does; a list that fails us raises an alarm. */
    OPEN,
    /** It is refused: no list, no trust. */
    STRICT;

    /** The inverse of {@link #toString()}; throws {@link IllegalArgumentException} on anything else. */
    public static CrlPolicy parse(String text) {
        return switch (text) {
            case "open" -> OPEN;
            case "strict" -> STRICT;
            default -> throw new IllegalArgumentException("\"" + Excerpt.of(text) + "\" (expected: open or strict)");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
