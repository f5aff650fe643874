package io.beringia.trust;

import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.TrustDomain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Meters and log sentences about foreign trust domains, whose names are from the configuration. Any thread. */
final class FederationTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.trust");
    private static final String DOMAIN = "domain";

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Map<TrustDomain, Instant> answered;

    /** {@code answered}: every domain that is followed, and when its bundle was taken. */
    FederationTelemetry(MeterRegistry meters, Map<TrustDomain, Instant> answered, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
        this.answered = new ConcurrentHashMap<>(answered);
        answered.keySet().forEach(this::register);
    }

    private void register(TrustDomain domain) {
        for (Fetch.Outcome outcome : Fetch.Outcome.values()) {
            count(domain, outcome, 0);
        }
        meters.gauge("trust.bundle.age.seconds", Tags.of(DOMAIN, domain.name()), domain, this::age);
    }

    private double age(TrustDomain domain) {
        return Duration.between(Objects.requireNonNull(answered.get(domain)), clock.instant())
                .toSeconds();
    }

    private void count(TrustDomain domain, Fetch.Outcome outcome, int by) {
        meters.counter("trust.bundle.fetches", DOMAIN, domain.name(), "outcome", outcome.word())
                .increment(by);
    }

    /** A foreign trust domain was asked for its bundle. */
    void fetched(Fetch fetch) {
        count(fetch.trustDomain(), fetch.outcome(), 1);
        switch (fetch.outcome()) {
            case SAME -> answered(fetch);
            case TAKEN -> {
                answered(fetch);
                about(LOG.atInfo(), fetch).log("other roots of a foreign trust domain");
            }
            case WITHDRAWN -> {
                answered(fetch);
                about(LOG.atError(), fetch).log("a foreign trust domain has withdrawn every root");
            }
            case REFUSED -> about(LOG.atError(), fetch).log("bundle refused, the last good one stays");
            case FAILED -> about(LOG.atWarn(), fetch).log("bundle not fetched, the last good one stays");
        }
    }

    private void answered(Fetch fetch) {
        answered.put(fetch.trustDomain(), clock.instant());
    }

    private static LoggingEventBuilder about(LoggingEventBuilder log, Fetch fetch) {
        return log.addKeyValue(DOMAIN, fetch.trustDomain())
                .addKeyValue("sequence", fetch.sequence().map(String::valueOf).orElse("none"))
                .addKeyValue("reason", fetch.detail());
    }
}
