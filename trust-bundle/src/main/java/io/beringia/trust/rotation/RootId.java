package io.beringia.trust.rotation;

import java.util.regex.Pattern;

/** A root certificate by what cannot be mistaken: the SHA-256 of its DER, 64 digits of lower-case hex. */
public record RootId(String sha256) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final int SHOWN = 12;

    public RootId {
        if (!HEX.matcher(sha256).matches()) {
            throw new IllegalArgumentException("root: " + sha256.length() + " characters (expected: 64 of 0-9, a-f)");
        }
    }

    /** Written out: asked for at every look at every data plane, and what a record generates costs many times more. */
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof RootId root && sha256.equals(root.sha256);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }

    /** Its beginning, for people. */
    @Override
    public String toString() {
        return sha256.substring(0, SHOWN);
    }
}
