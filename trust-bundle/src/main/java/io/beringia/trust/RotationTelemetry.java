package io.beringia.trust;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotator.RotationStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Meters and log sentences of a root rotation. Any thread. */
public final class RotationTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");

    private static final int LATE = 2;

    private final AtomicLong phase = new AtomicLong();
    private final AtomicLong laggards = new AtomicLong();
    private final AtomicLong troubles = new AtomicLong();
    private final AtomicLong silent = new AtomicLong();
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong emergency = new AtomicLong();
    private final AtomicLong due = new AtomicLong();
    private final Counter steps;
    private final Counter missed;
    private final Counter refused;

    public RotationTelemetry(MeterRegistry meters) {
        meters.gauge("trust.rotation.phase", phase);
        meters.gauge("trust.rotation.laggards", laggards);
        meters.gauge("trust.rotation.troubled", troubles);
        meters.gauge("trust.rotation.peers.silent", silent);
        meters.gauge("trust.rotation.epoch", epoch);
        meters.gauge("trust.rotation.emergency", emergency);
        meters.gauge("trust.intermediate.due", due);
        refused = meters.counter("trust.rotation.refused");
        steps = meters.counter("trust.rotation.steps");
        missed = meters.counter("trust.rotation.probes.missed");
    }

    /** Another phase is stored. */
    public void moved(RotationPhase to, String by) {
        steps.increment();
        LOG.atInfo()
                .addKeyValue("phase", to.word())
                .addKeyValue("generation", to.generation())
                .addKeyValue("by", by)
                .log("root rotation goes on");
    }

    /** What was seen a moment ago. */
    public void looked(RotationStatus status) {
        phase.set(number(status.phase()));
        laggards.set(status.laggards());
        troubles.set(status.trouble().isPresent() ? 1 : 0);
        silent.set(status.silent());
        epoch.set(status.epoch());
        emergency.set(status.isEmergency() ? 1 : 0);
        if (due.getAndSet(status.intermediateDue()) < LATE && due.get() == LATE) {
            LOG.atError().log("the intermediate ends soon, and no next one is laid out");
        }
    }

    /** Another intermediate signs, under the same root. */
    public void swapped(Instant until) {
        LOG.atInfo().addKeyValue("until", until).log("another intermediate signs");
    }

    /** Nothing can go on, whatever the gates say; it is tried again every second. */
    public void troubled(String why) {
        LOG.atError().addKeyValue("reason", why).log("root rotation cannot go on");
    }

    /** An operator gave an order. */
    public void ordered(String verb, String by, boolean isObeyed) {
        LOG.atInfo()
                .addKeyValue("verb", verb)
                .addKeyValue("by", by)
                .addKeyValue("obeyed", isObeyed)
                .log("order of a root rotation");
    }

    /** Nobody answered a probe, or not who should. */
    public void probeMissed(SpiffeId target, String why) {
        missed.increment();
        LOG.atDebug().addKeyValue("id", target).addKeyValue("reason", why).log("probe missed");
    }

    /** The trust role of another cluster does not report, or not what can be used; told once while that lasts. */
    public void peerMissed(String cluster, String why, boolean isNews) {
        LOG.atLevel(isNews ? Level.WARN : Level.DEBUG)
                .addKeyValue("cluster", cluster)
                .addKeyValue("reason", why)
                .log("another cluster does not report to a root rotation");
    }

    /** The trust role of another cluster wanted what is not done here; told once while that lasts. */
    public void peerRefused(String cluster, String word, String why, boolean isNews) {
        refused.increment();
        LOG.atLevel(isNews ? Level.WARN : Level.DEBUG)
                .addKeyValue("cluster", cluster)
                .addKeyValue("refusal", word)
                .addKeyValue("reason", why)
                .log("order of another cluster refused");
    }

    /** In the order in which they come; those of the way back are last. */
    private static int number(RotationPhase phase) {
        return switch (phase) {
            case RotationPhase.Stable _ -> 0;
            case RotationPhase.Prepared _ -> 1;
            case RotationPhase.Publishing _ -> 2;
            case RotationPhase.Published _ -> 3;
            case RotationPhase.Canary _ -> 4;
            case RotationPhase.Activating _ -> 5;
            case RotationPhase.Active _ -> 6;
            case RotationPhase.Draining _ -> 7;
            case RotationPhase.Retiring _ -> 8;
            case RotationPhase.Retired _ -> 9;
            case RotationPhase.RollingBack _ -> 10;
            case RotationPhase.Withdrawing _ -> 11;
        };
    }
}
