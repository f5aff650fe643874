package io.beringia.trust;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.workload.WorkloadRefusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters and log sentences of the Workload API. Any thread. */
public final class WorkloadTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");

    private final AtomicLong streams = new AtomicLong();
    private final Counter updates;
    private final Counter signed;
    private final Map<WorkloadRefusal, Counter> refused = new EnumMap<>(WorkloadRefusal.class);

    public WorkloadTelemetry(MeterRegistry meters) {
        meters.gauge("trust.workload.streams", streams);
        updates = meters.counter("trust.workload.updates");
        signed = meters.counter("trust.workload.svids.signed");
        for (WorkloadRefusal refusal : WorkloadRefusal.values()) {
            refused.put(refusal, meters.counter("trust.workload.refused", "reason", refusal.word()));
        }
    }

    /** A workload follows what it may have. */
    public void streamBegan() {
        streams.incrementAndGet();
    }

    public void streamEnded() {
        streams.decrementAndGet();
    }

    /** A workload was sent all that it may have. */
    public void updated() {
        updates.increment();
    }

    /** An SVID was signed, whoever asks for it. */
    public void signed(SpiffeId id) {
        signed.increment();
        LOG.atDebug().addKeyValue("id", id).log("workload's certificate signed");
    }

    /** It is tried again every second, and told again when the reason is another one. */
    public void notSigned(String why) {
        LOG.atError().addKeyValue("reason", why).log("a workload's certificate cannot be signed, the last one stays");
    }

    /** What was signed is given to nobody while peers would refuse it. */
    public void withheld(SpiffeId id, String why) {
        LOG.atError().addKeyValue("id", id).addKeyValue("reason", why).log("a workload's certificate is withheld");
    }

    /** A workload gets nothing; {@code who} is the kernel's word for it. */
    public void refused(WorkloadRefusal why, String who) {
        Counter counter = refused.get(why);
        if (counter != null) {
            counter.increment();
        }
        LOG.atWarn().addKeyValue("reason", why.word()).addKeyValue("peer", who).log("workload refused");
    }
}
