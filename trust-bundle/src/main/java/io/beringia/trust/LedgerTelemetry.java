package io.beringia.trust;

import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.LedgerEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of one ledger. Any thread. */
public final class LedgerTelemetry implements LedgerEvents {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust.ledger");

    private final String log;
    private final Counter entries;
    private final Counter lost;
    private final Timer syncs;
    private final AtomicLong checkpoint = new AtomicLong();
    private final AtomicLong failing = new AtomicLong();
    private final AtomicBoolean losing = new AtomicBoolean();
    private final Map<String, AtomicLong> lagNanos;
    private final Map<String, AtomicBoolean> away = new ConcurrentHashMap<>();

    /** {@code witnesses} are those of our configuration. */
    public LedgerTelemetry(MeterRegistry meters, String log, List<String> witnesses) {
        this.log = log;
        entries = meters.counter("ledger.entries", "log", log);
        lost = meters.counter("ledger.lost", "log", log);
        syncs = meters.timer("ledger.sync.seconds", "log", log);
        meters.gauge("ledger.checkpoint.size", List.of(Tag.of("log", log)), checkpoint);
        meters.gauge("ledger.failing", List.of(Tag.of("log", log)), failing);
        lagNanos = new ConcurrentHashMap<>();
        for (String witness : witnesses) {
            AtomicLong lag = new AtomicLong();
            lagNanos.put(witness, lag);
            meters.gauge(
                    "ledger.witness.lag.seconds",
                    List.of(Tag.of("log", log), Tag.of("witness", witness)),
                    lag,
                    nanos -> nanos.get() / 1e9);
        }
    }

    @Override
    public void written(int count, Duration sync) {
        entries.increment(count);
        syncs.record(sync);
        losing.set(false);
    }

    @Override
    public void published(long size) {
        checkpoint.set(size);
    }

    @Override
    public void lost(EntryKind kind, String why) {
        lost.increment();
        if (losing.compareAndSet(false, true)) {
            LOG.atError()
                    .addKeyValue("log", log)
                    .addKeyValue("kind", kind)
                    .addKeyValue("reason", why)
                    .log("an event is not in the ledger, the next heartbeat counts it");
        }
    }

    @Override
    public void failing(String why) {
        if (failing.getAndSet(1) == 0) {
            LOG.atError().addKeyValue("log", log).addKeyValue("reason", why).log("ledger cannot be written");
        }
    }

    @Override
    public void recovered() {
        failing.set(0);
        LOG.atInfo().addKeyValue("log", log).log("ledger is written again");
    }

    @Override
    public void witnessed(String witness, Duration lag) {
        AtomicLong known = lagNanos.get(witness);
        if (known != null) {
            known.set(lag.toNanos());
        }
        if (isAway(witness).compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("log", log).addKeyValue("witness", witness).log("witness cosigns again");
        }
    }

    @Override
    public void witnessAway(String witness, String why) {
        if (isAway(witness).compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("log", log)
                    .addKeyValue("witness", witness)
                    .addKeyValue("reason", why)
                    .log("witness does not cosign");
        }
    }

    private AtomicBoolean isAway(String witness) {
        return away.computeIfAbsent(witness, any -> new AtomicBoolean());
    }
}
