package io.beringia.trust;

import io.beringia.trust.client.RevocationWatch;
import io.beringia.trust.identity.Enforcement;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters and log sentences about whom a process trusts no more. Any thread. */
public final class RevocationTelemetry implements Consumer<RevocationWatch.News> {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");

    private final AtomicLong generation;
    private final AtomicLong lists;
    private final AtomicLong denied;
    private final AtomicLong overdue;
    private final AtomicLong issuers;
    private final AtomicLong enforced;
    private final Counter refused;

    public RevocationTelemetry(MeterRegistry meters) {
        generation = gauge(meters, "trust.revocation.generation");
        lists = gauge(meters, "trust.revocation.lists");
        denied = gauge(meters, "trust.revocation.denied");
        overdue = gauge(meters, "trust.revocation.overdue");
        issuers = gauge(meters, "trust.constraints.issuers");
        enforced = gauge(meters, "trust.constraints.enforced");
        refused = meters.counter("trust.revocation.refused");
    }

    private static AtomicLong gauge(MeterRegistry meters, String name) {
        return Objects.requireNonNull(meters.gauge(name, new AtomicLong()));
    }

    @Override
    public void accept(RevocationWatch.News news) {
        switch (news) {
            case RevocationWatch.News.InForce(Revocations now) -> inForce(now);
            case RevocationWatch.News.Kept(String why) -> {
                refused.increment();
                LOG.atError().addKeyValue("reason", why).log("revocations refused, the last good ones stay");
            }
            case RevocationWatch.News.Overdue(List<RevocationList> late) -> {
                overdue.set(late.size());
                late.forEach(list -> LOG.atError()
                        .addKeyValue("list", list.name())
                        .addKeyValue("since", list.nextUpdate())
                        .log("a revocation list is overdue: what it takes back stays so, of others it says nothing"));
            }
        }
    }

    private void inForce(Revocations now) {
        generation.set(now.generation());
        lists.set(now.lists().size());
        denied.set(now.denylist().size());
        issuers.set(now.constraints().size());
        enforced.set(now.constraints().enforcement() == Enforcement.ENFORCE ? 1 : 0);
        if (!now.refuseNobody()) {
            LOG.atInfo()
                    .addKeyValue("generation", now.generation())
                    .addKeyValue("lists", now.lists().size())
                    .addKeyValue("denied", now.denylist().size())
                    .addKeyValue("constraints", now.constraints().enforcement())
                    .addKeyValue("issuers", now.constraints().size())
                    .addKeyValue(
                            "until",
                            now.lists().stream()
                                    .map(RevocationList::nextUpdate)
                                    .min(Instant::compareTo)
                                    .map(Instant::toString)
                                    .orElse("none"))
                    .log("revocations in force");
        }
    }
}
