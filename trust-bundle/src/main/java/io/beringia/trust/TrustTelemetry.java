package io.beringia.trust;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.issuance.Refusal;
import io.beringia.trust.pki.NativeKeys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of this module. Any thread. */
public final class TrustTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");

    private final Counter issued;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Timer requests;
    private final Counter rootsRefused;
    private final Counter rootsAlarms;
    private final AtomicLong nativeKeys = new AtomicLong();
    private final AtomicLong demo = new AtomicLong();
    private final AtomicLong generation = new AtomicLong();
    private final AtomicLong watchers = new AtomicLong();
    private final AtomicLong laggards = new AtomicLong();

    private final AtomicReference<Supplier<Instant>> intermediateEnd = new AtomicReference<>(() -> Instant.EPOCH);
    private final AtomicReference<Instant> rootsEnd = new AtomicReference<>(Instant.EPOCH);

    /** {@code clock} tells how much is left of a certificate, whenever somebody reads the meters. */
    public TrustTelemetry(MeterRegistry meters, InstantSource clock) {
        issued = meters.counter("trust.svids.issued");
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, meters.counter("trust.issuance.refused", "reason", refusal.word()));
        }
        requests = meters.timer("trust.issuance.seconds");
        rootsRefused = meters.counter("trust.bundle.refused");
        rootsAlarms = meters.counter("trust.bundle.overlaps");
        meters.gauge("trust.signatures.native", nativeKeys);
        meters.gauge("trust.issuance.demo", demo);
        meters.gauge("trust.bundle.generation", generation);
        meters.gauge("trust.bundle.watchers", watchers);
        meters.gauge("trust.bundle.laggards", laggards);
        meters.gauge(
                "trust.intermediate.expiry.seconds",
                intermediateEnd,
                end -> left(Objects.requireNonNull(end.get()).get(), clock));
        meters.gauge("trust.root.expiry.seconds", rootsEnd, end -> left(Objects.requireNonNull(end.get()), clock));
    }

    /** Who makes signatures in this process from now on, and why not BoringSSL where it does not. */
    public void signaturesBy(String who) {
        nativeKeys.set(NativeKeys.isLoaded() ? 1 : 0);
        LOG.atInfo().addKeyValue("by", who).log("signatures are made");
    }

    /** An issuance server begins to sign with whatever {@code signer} is at the time; {@code tokens} static ones are accepted. */
    public void started(Supplier<X509Certificate> signer, TrustBundles bundles, int tokens) {
        intermediateEnd.set(() -> signer.get().getNotAfter().toInstant());
        published(bundles);
        demo.set(tokens > 0 ? 1 : 0);
        if (tokens > 0) {
            LOG.atWarn().addKeyValue("tokens", tokens).log("static tokens are accepted, this is a demo");
        }
    }

    /** Other roots were published to everybody. */
    public void rootsPublished(TrustBundles bundles) {
        published(bundles);
        LOG.atInfo()
                .addKeyValue("generation", bundles.generation())
                .addKeyValue("domains", bundles.roots().size())
                .log("roots published");
    }

    /** What lies in the file of roots cannot be published. */
    public void rootsKept(String why) {
        rootsRefused.increment();
        LOG.atError().addKeyValue("reason", why).log("roots refused, the last good ones stay");
    }

    /** A foreign trust domain shows a root that is not its own alone. */
    public void rootsAlarmed(String why) {
        rootsAlarms.increment();
        LOG.atError().addKeyValue("reason", why).log("foreign roots overlap");
    }

    /** A caller follows the roots. */
    public void watchBegan() {
        watchers.incrementAndGet();
    }

    public void watchEnded() {
        watchers.decrementAndGet();
    }

    /** {@code change} more callers follow, but do not yet use the newest roots. */
    public void lagging(int change) {
        laggards.addAndGet(change);
    }

    /** A certificate is asked for; run the answer when the request is done, whatever became of it. */
    public Runnable requestBegan() {
        Timer.Sample sample = Timer.start();
        return () -> sample.stop(requests);
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

    private void published(TrustBundles bundles) {
        generation.set(bundles.generation());
        bundles.roots().values().stream()
                .flatMap(List::stream)
                .map(root -> root.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .ifPresent(rootsEnd::set);
    }

    private static double left(Instant end, InstantSource clock) {
        return Duration.between(clock.instant(), end).toSeconds();
    }
}
