package io.beringia.failover;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.ledger.Cosigning;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerServer;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.Traffic;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The ledger of the role failover, running, and what serves it. Any thread. */
final class FailoverLedger implements AutoCloseable {
    static final String NAME = "failover";

    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private DecisionRecord record = DecisionRecord.NONE;

    private FailoverLedger() {}

    /** What it is started with. */
    record Setting(
            Credentials credentials, HttpTls tls, LedgerEvents events, InstantSource clock, LongSupplier nanoTime) {}

    /** Throws {@link RuntimeException} on folders and addresses that cannot be had; nothing is left running then. */
    static FailoverLedger start(FailoverConfig config, Setting setting) {
        FailoverLedger running = new FailoverLedger();
        try {
            config.ledger().ifPresent(it -> running.start(it, prefix(config, setting.credentials()), setting));
            return running;
        } catch (RuntimeException refused) {
            running.close();
            throw refused;
        }
    }

    private static String prefix(FailoverConfig config, Credentials own) {
        return own.svid().id().trustDomain() + "/beringia/" + config.cluster() + "/";
    }

    private void start(RoleLedger config, String prefix, Setting setting) {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .sslContext(setting.tls.client(id -> true))
                .build();
        started.push(client);
        Ledger ledger = Ledger.open(
                config.log(prefix, NAME),
                Optional.of(new Cosigning(config.witnesses(), client, setting.credentials)),
                setting.events,
                () -> Traffic.NONE,
                setting.clock);
        started.push(ledger);
        record = new DecisionLedger(ledger, config.mode(), setting.nanoTime);
        config.listen()
                .ifPresent(address -> started.push(LedgerServer.start(
                        address, Optional.of(setting.tls.server()), Map.of(NAME, ledger.served()), Optional.empty())));
    }

    /** Where the leader says what it is about to write. */
    DecisionRecord record() {
        return record;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            throw new IllegalStateException("ledger: cannot be closed", failed);
        }
    }
}
