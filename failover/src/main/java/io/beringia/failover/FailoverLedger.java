package io.beringia.failover;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.RunningLedger;
import io.beringia.trust.ledger.Traffic;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The ledger of the role failover, running. Any thread.
 *
 * @param record where the leader says what it is about to write
 */
record FailoverLedger(Optional<RunningLedger> running, DecisionRecord record) implements AutoCloseable {
    static final String NAME = "failover";

    /** What it is started with. */
    record Setting(HttpTls tls, LedgerEvents events, LongSupplier nanoTime) {}

    /** Throws {@link RuntimeException} on folders and addresses that cannot be had; nothing is left running then. */
    static FailoverLedger start(FailoverConfig config, Setting setting) {
        return config.ledger()
                .map(it -> start(it, config.cluster().name(), setting))
                .orElseGet(() -> new FailoverLedger(Optional.empty(), DecisionRecord.NONE));
    }

    private static FailoverLedger start(RoleLedger config, String cluster, Setting setting) {
        HttpTls tls = setting.tls;
        RunningLedger running = RunningLedger.start(
                config,
                new RunningLedger.Name(
                        tls.credentials().svid().id().trustDomain().toString(), cluster, NAME),
                new RunningLedger.Identity(tls.credentials(), tls.client(id -> true), tls.server()),
                setting.events,
                () -> Traffic.NONE,
                tls.clock());
        return new FailoverLedger(
                Optional.of(running), new DecisionLedger(running.ledger(), config.mode(), setting.nanoTime));
    }

    @Override
    public void close() {
        running.ifPresent(RunningLedger::close);
    }
}
