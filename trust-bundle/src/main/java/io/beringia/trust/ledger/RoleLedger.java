package io.beringia.trust.ledger;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a role is told about the log that it writes.
 *
 * @param dir below which every log has a folder of its own, so that roles of one process may share it
 * @param listen where it is served over mutual TLS; empty serves nothing
 * @param witnesses of other regions, which cosign it
 */
public record RoleLedger(Path dir, LedgerMode mode, Optional<InetSocketAddress> listen, List<WitnessPeer> witnesses) {
    public RoleLedger {
        witnesses = List.copyOf(witnesses);
    }

    /** Private to this process. */
    public Path folder(String log) {
        return dir.resolve(log);
    }

    /** The log of that name; {@code prefix} is {@code <trust domain>/beringia/<cluster>/}. */
    public LedgerConfig log(String prefix, String log) {
        return new LedgerConfig(folder(log), prefix + log, mode);
    }

    /** As metrics name them. */
    public List<String> witnessNames() {
        return witnesses.stream().map(WitnessPeer::name).toList();
    }
}
