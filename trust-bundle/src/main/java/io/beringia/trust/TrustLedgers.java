package io.beringia.trust;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.issuance.IssuanceLedger;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.RunningLedger;
import io.beringia.trust.ledger.Witness;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;

/** The ledgers of the role trust, running: its own, its witness, and what serves both. Any thread. */
record TrustLedgers(Optional<RunningLedger> running, IssuanceRecord record) implements AutoCloseable {
    private static final String ISSUANCE = "issuance";
    private static final String WITNESS = "witness";

    /** Throws {@link RuntimeException} on folders and addresses that cannot be had; nothing is left running then. */
    static TrustLedgers start(Optional<RoleLedger> config, Issuer issuer, MeterRegistry meters, InstantSource clock) {
        return config.map(it -> start(it, issuer, meters, clock))
                .orElseGet(() -> new TrustLedgers(Optional.empty(), IssuanceRecord.NONE));
    }

    private static TrustLedgers start(RoleLedger config, Issuer issuer, MeterRegistry meters, InstantSource clock) {
        Credentials own = issuer.own();
        String cluster = issuer.cluster()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "ledger: the intermediate names no cluster (expected: L in its subject, by which logs are named)"));
        HttpTls tls = new HttpTls(own, new SpiffeVerifier(), clock);
        RunningLedger running = RunningLedger.startWithWitness(
                config,
                new RunningLedger.Name(issuer.authority().trustDomain().toString(), cluster, ISSUANCE),
                new RunningLedger.Identity(own, tls.client(id -> true), tls.server()),
                prefix -> Witness.open(config.folder(WITNESS), prefix + WITNESS, own, new SpiffeVerifier(), clock),
                new LedgerTelemetry(meters, ISSUANCE, config.witnessNames()),
                clock);
        return new TrustLedgers(Optional.of(running), new IssuanceLedger(running.ledger(), config.mode(), clock));
    }

    @Override
    public void close() {
        running.ifPresent(RunningLedger::close);
    }
}
