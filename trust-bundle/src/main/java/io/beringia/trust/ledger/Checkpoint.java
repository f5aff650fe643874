package io.beringia.trust.ledger;

import java.util.regex.Pattern;

/** What a log is at one moment: C2SP tlog-checkpoint, without extension lines, which nobody could audit. */
public record Checkpoint(String origin, long size, Hash root) {
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final int LINES = 3;

    public Checkpoint {
        if (!NoteKey.isName(origin)) {
            throw new IllegalArgumentException("origin: " + Quoted.of(origin) + " (expected: a key's name)");
        }
        if (size < 0 || size == 0 && !root.equals(MerkleTree.EMPTY)) {
            throw new IllegalArgumentException(
                    "checkpoint: size " + size + ", root " + root + " (expected: 0 with the root of an empty tree)");
        }
    }

    /** The inverse of {@link #text()}. */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES + 1 || !lines[LINES].isEmpty()) {
            throw new IllegalArgumentException("checkpoint: " + (lines.length - 1)
                    + " lines (expected: origin, size and root, each with its end)");
        }
        return new Checkpoint(lines[0], decimal("checkpoint size", lines[1]), Hash.parse(lines[2]));
    }

    /** A number as these formats have it: no sign, no zeros in front. */
    static long decimal(String what, String text) {
        try {
            if (DECIMAL.matcher(text).matches()) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException tooLarge) {
            // said below
        }
        throw new IllegalArgumentException(what + ": " + Quoted.of(text) + " (expected: a decimal number)");
    }

    public String text() {
        return origin + "\n" + size + "\n" + root + "\n";
    }
}
