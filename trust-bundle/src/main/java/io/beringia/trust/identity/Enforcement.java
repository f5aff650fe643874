package io.beringia.trust.identity;

import java.util.Locale;

/** What becomes of a peer that only a {@link VirtualConstraints virtual name constraint} speaks against. */
public enum Enforcement {
    /** It is believed, and told of: what would break is seen before it does. */
    OBSERVE,
    /** It is refused. */
    ENFORCE;

    /** The inverse of {@link #toString()}; throws {@link IllegalArgumentException} on anything else. */
    public static Enforcement parse(String text) {
        return switch (text) {
            case "observe" -> OBSERVE;
            case "enforce" -> ENFORCE;
            default ->
                throw new IllegalArgumentException("\"" + Excerpt.of(text) + "\" (expected: observe or enforce)");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
