package io.beringia.trust.ledger;

import java.util.Arrays;

/** Octets that may be a record: it is refused, or written again as the same octets, so that one content has one hash. */
public final class RecordsFuzz {
    private RecordsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        LedgerEntry entry;
        try {
            entry = LedgerEntry.parse(input);
        } catch (IllegalArgumentException refused) {
            return;
        }
        if (!Arrays.equals(entry.bytes(), input)) {
            throw new IllegalStateException("entry: " + entry + " (expected: the octets that were read)");
        }
        if (entry.toString().chars().anyMatch(c -> c < ' ' || c >= 0x7f && c < 0xa0)) {
            throw new IllegalStateException("shown: " + entry + " (expected: one line, without control characters)");
        }
    }
}
