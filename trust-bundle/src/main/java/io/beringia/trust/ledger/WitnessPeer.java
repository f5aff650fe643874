package io.beringia.trust.ledger;

import java.net.URI;

/**
 * A witness of another region.
 *
 * @param name for metrics and logs
 * @param prefix below which it takes checkpoints
 */
public record WitnessPeer(String name, URI prefix, NoteKey key) {
    public WitnessPeer {
        if (key.type() != NoteKey.Type.COSIGNATURE) {
            throw new IllegalArgumentException(
                    "witness " + Quoted.of(name) + ": key of type " + key.type() + " (expected: COSIGNATURE)");
        }
        if (!prefix.toString().endsWith("/")) {
            prefix = URI.create(prefix + "/");
        }
    }
}
