package io.beringia.trust.ledger;

import java.nio.file.Path;

/**
 * One log.
 *
 * @param dir of its own, which no other process writes to
 * @param name without the random part that each folder adds: {@code <trust domain>/beringia/<cluster>/<what>}
 */
public record LedgerConfig(Path dir, String name, LedgerMode mode) {
    public LedgerConfig {
        if (!NoteKey.isName(name) || name.startsWith("/") || name.endsWith("/")) {
            throw new IllegalArgumentException(
                    "ledger name: " + Quoted.of(name) + " (expected: such as corp.example/beringia/east-1/issuance)");
        }
    }
}
