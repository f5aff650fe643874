package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.trust.identity.Credentials;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a gateway reports of itself beside what it sees. All of it is asked from the observer's thread; none of it may wait. */
public record Own(
        Supplier<List<TunnelReport>> tunnels,
        Supplier<Duration> credentialsLeft,
        Supplier<List<OutcomeReport>> outcomes) {
    /**
     * How long a gateway can still prove itself: as long as each certificate of its chain, and the last of the roots that
     * are accepted of its trust domain.
     */
    public static Duration left(Credentials credentials, InstantSource clock) {
        Instant roots = ends(credentials
                        .bundles()
                        .rootsOf(credentials.svid().id().trustDomain())
                        .stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
        Instant end = Stream.concat(ends(credentials.svid().chain().stream()), Stream.of(roots))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MIN);
        Instant now = clock.instant();
        return end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO;
    }

    private static Stream<Instant> ends(Stream<X509Certificate> certificates) {
        return certificates.map(one -> one.getNotAfter().toInstant());
    }
}
