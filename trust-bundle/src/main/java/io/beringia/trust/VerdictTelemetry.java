package io.beringia.trust;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustBundles;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another verifier, counts what it says, and tells of whom virtual name constraints would refuse: each once. Any thread.
 */
public final class VerdictTelemetry implements PeerVerifier {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");

    /** Whoever makes up names below his issuer fills no log; the meter counts him. */
    private static final int TOLD_MAX = 256;

    private final PeerVerifier inner;
    private final MeterRegistry meters;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isSilent = new AtomicBoolean();

    public VerdictTelemetry(PeerVerifier inner, MeterRegistry meters) {
        this.inner = inner;
        this.meters = meters;
        meters.counter("trust.verify", "outcome", "verified", "reason", "none");
    }

    @Override
    public PeerVerdict verify(List<byte[]> chain, PeerRole role, TrustBundles bundles, Instant now) {
        PeerVerdict verdict = inner.verify(chain, role, bundles, now);
        switch (verdict) {
            case Rejected refused -> count("rejected", refused.reason().word());
            case Verified peer ->
                peer.observed()
                        .ifPresentOrElse(
                                why -> {
                                    count("observed", why.reason().word());
                                    tell(why);
                                },
                                () -> count("verified", "none"));
        }
        return verdict;
    }

    private void count(String outcome, String reason) {
        meters.counter("trust.verify", "outcome", outcome, "reason", reason).increment();
    }

    private void tell(Rejected why) {
        if (told.size() >= TOLD_MAX) {
            tellSilence();
        } else if (told.add(why.detail())) {
            LOG.atWarn()
                    .addKeyValue("reason", why.reason().word())
                    .addKeyValue("detail", why.detail())
                    .log("a peer is believed that virtual name constraints would refuse");
        }
    }

    private void tellSilence() {
        if (!isSilent.getAndSet(true)) {
            LOG.atWarn()
                    .addKeyValue("told", TOLD_MAX)
                    .log(
                            "peers whom virtual name constraints would refuse are told no more, only counted by trust.verify");
        }
    }
}
