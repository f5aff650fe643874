package io.beringia.gateway;

import io.beringia.gateway.journal.LedgerJournal;
import io.beringia.gateway.journal.TunnelJournal;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.RunningLedger;
import io.beringia.trust.ledger.Traffic;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ledger of the role gateway, running. Any thread.
 *
 * @param journal where event loops say what becomes of each CONNECT
 */
record GatewayLedger(Optional<RunningLedger> running, TunnelJournal journal) implements AutoCloseable {
    static final String NAME = "connections";
    static final GatewayLedger NONE = new GatewayLedger(Optional.empty(), TunnelJournal.NONE);

    /** Throws {@link RuntimeException} on folders and addresses that cannot be had; nothing is left running then. */
    static GatewayLedger start(
            RoleLedger config, String cluster, HttpTls tls, LedgerEvents events, Supplier<Traffic> traffic) {
        RunningLedger running = RunningLedger.start(
                config,
                new RunningLedger.Name(
                        tls.credentials().svid().id().trustDomain().toString(), cluster, NAME),
                new RunningLedger.Identity(tls.credentials(), tls.client(id -> true), tls.server()),
                events,
                traffic,
                tls.clock());
        return new GatewayLedger(Optional.of(running), new LedgerJournal(running.ledger()::append, config.mode()));
    }

    @Override
    public void close() {
        running.ifPresent(RunningLedger::close);
    }
}
