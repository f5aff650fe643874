package io.beringia.trust;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of this module. Any thread. */
public final class TrustTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");

    private final Counter issued;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);

    public TrustTelemetry(MeterRegistry meters) {
        issued = meters.counter("trust.svids.issued");
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, meters.counter("trust.issuance.refused", "reason", refusal.word()));
        }
    }

    /** A leaf was signed for {@code id}. */
    public void issued(SpiffeId id) {
        issued.increment();
        LOG.atDebug().addKeyValue("id", id).log("certificate issued");
    }

    /** A request was refused; {@code detail} may quote the peer, escaped and cut. */
    public void refused(Refusal refusal, String detail) {
        Counter counter = refused.get(refusal);
        if (counter != null) {
            counter.increment();
        }
        LOG.atWarn()
                .addKeyValue("reason", refusal.word())
                .addKeyValue("detail", detail)
                .log("certificate refused");
    }

    /** Static tokens are accepted: at every start. */
    public void demoStarted(int tokens) {
        LOG.atWarn().addKeyValue("tokens", tokens).log("static tokens are accepted, this is a demo");
    }
}
