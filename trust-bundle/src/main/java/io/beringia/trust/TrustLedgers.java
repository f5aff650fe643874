package io.beringia.trust;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.issuance.IssuanceLedger;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.ledger.Cosigning;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerServer;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.Traffic;
import io.beringia.trust.ledger.Witness;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/** The ledgers of the role trust, running: its own, its witness, and what serves both. Any thread. */
final class TrustLedgers implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final String ISSUANCE = "issuance";
    private static final String WITNESS = "witness";

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private IssuanceRecord record = IssuanceRecord.NONE;

    private TrustLedgers() {}

    /** Throws {@link RuntimeException} on folders and addresses that cannot be had; nothing is left running then. */
    static TrustLedgers start(Optional<RoleLedger> config, Issuer issuer, MeterRegistry meters, InstantSource clock) {
        TrustLedgers ledgers = new TrustLedgers();
        try {
            config.ifPresent(it -> ledgers.start(it, issuer, meters, clock));
            return ledgers;
        } catch (RuntimeException refused) {
            ledgers.close();
            throw refused;
        }
    }

    private void start(RoleLedger config, Issuer issuer, MeterRegistry meters, InstantSource clock) {
        Credentials own = issuer.own();
        String cluster = issuer.cluster()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "ledger: the intermediate names no cluster (expected: L in its subject, by which logs are named)"));
        String names = issuer.authority().trustDomain() + "/beringia/" + cluster + "/";
        HttpTls tls = new HttpTls(own, new SpiffeVerifier(), clock);
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .sslContext(tls.client(id -> true))
                .build();
        started.push(client);
        Ledger ledger = Ledger.open(
                config.log(names, ISSUANCE),
                Optional.of(new Cosigning(config.witnesses(), client, own)),
                new LedgerTelemetry(meters, ISSUANCE, config.witnessNames()),
                () -> Traffic.NONE,
                clock);
        started.push(ledger);
        record = new IssuanceLedger(ledger, config.mode(), issuer.authority().root(), clock);
        config.listen().ifPresent(address -> {
            Witness witness = Witness.open(config.folder(WITNESS), names + WITNESS, own, new SpiffeVerifier(), clock);
            started.push(witness);
            started.push(LedgerServer.start(
                    address, Optional.of(tls.server()), Map.of(ISSUANCE, ledger.served()), Optional.of(witness)));
        });
    }

    /** Where the issuance server says what it does. */
    IssuanceRecord record() {
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
