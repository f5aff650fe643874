package io.beringia.discovery.catalog;

/**
 * Where the inputs of a decision are kept.
 *
 * @param log name of the log
 * @param index of the entry, from 0
 * @param hash the entry's leaf hash, 64 lower-case hex digits (RFC 6962 §2.1 over SHA-256)
 */
public record LedgerRef(String log, long index, String hash) {
    public LedgerRef {
        if (index < 0) {
            throw new IllegalArgumentException("ledger index: " + index + " (expected: at least 0)");
        }
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("ledger hash: \"" + hash + "\" (expected: 64 hex digits)");
        }
    }
}
