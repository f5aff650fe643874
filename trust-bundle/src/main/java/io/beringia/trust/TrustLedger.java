package io.beringia.trust;

import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.WitnessPeer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The ledger of issuance, and the witness that cosigns ledgers of other regions.
 *
 * @param dir below which both have a folder of their own
 * @param listen where both are served over mutual TLS; empty serves neither
 * @param witnesses of other regions, which cosign ours
 */
public record TrustLedger(Path dir, LedgerMode mode, Optional<InetSocketAddress> listen, List<WitnessPeer> witnesses) {
    public TrustLedger {
        witnesses = List.copyOf(witnesses);
    }

    /** Private to this process: the log of certificates and refusals. */
    Path log() {
        return dir.resolve("issuance");
    }

    Path witness() {
        return dir.resolve("witness");
    }
}
