package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What failover decided, whole: there is never a partial plan. Whoever obeys one accepts only a greater
 * {@link #version()}. Lists stand in order of their keys, each key once, so equal plans are equal values.
 *
 * @param format of this value; a reader that does not know it keeps its last plan
 * @param leader who decided and signed it
 * @param decidedAt wall clock, for people only
 * @param defaults row of every service that has none of its own, by source
 * @param services only those that deviate
 * @param configDigest what the leader was configured with, as SHA-256 in hex; empty while nobody computed it
 * @param ledger where the decision is recorded; empty while the log could not be written
 */
public record TrafficPlan(
        int format,
        String mesh,
        PlanVersion version,
        SpiffeId leader,
        Instant decidedAt,
        List<RegionPlan> regions,
        List<SourceShares> defaults,
        List<ServicePlan> services,
        List<PlanOverride> overrides,
        String configDigest,
        Optional<LedgerRef> ledger) {
    /** The only format so far. */
    public static final int FORMAT = 1;

    public TrafficPlan {
        if (format != FORMAT) {
            throw new IllegalArgumentException("plan format: " + format + " (expected: " + FORMAT + ")");
        }
        regions = keyed("region", regions, RegionPlan::region);
        defaults = keyed("default row", defaults, SourceShares::source);
        services = keyed("service", services, ServicePlan::service);
        overrides = keyed("override", overrides, PlanOverride::id);
    }

    /** What the plan says of that region, if it knows it. */
    public Optional<RegionPlan> region(RegionId region) {
        return regions.stream().filter(one -> one.region().equals(region)).findFirst();
    }

    /** Where a data plane may send; a region that the plan does not know is as free as without a plan. */
    public RegionStatus status(RegionId region) {
        return region(region).map(one -> one.phase().status()).orElse(RegionStatus.ACTIVE);
    }

    /** What the plan says of that service, if it deviates; they are in order, and each service asks. */
    public Optional<ServicePlan> service(ServiceName service) {
        ServicePlan asked = new ServicePlan(service, List.of(), List.of(), Shares.WHOLE);
        int at = Collections.binarySearch(services, asked, Comparator.comparing(ServicePlan::service));
        return at < 0 ? Optional.empty() : Optional.of(services.get(at));
    }

    /** The row that applies: the service's own, else the default; empty if the plan knows no such source. */
    public Optional<Shares> row(ServiceName service, RegionId source) {
        return service(service).flatMap(one -> one.row(source)).or(() -> defaultRow(source));
    }

    /** The row of services without their own. */
    public Optional<Shares> defaultRow(RegionId source) {
        return defaults.stream()
                .filter(row -> row.source().equals(source))
                .map(SourceShares::shares)
                .findFirst();
    }

    static <T, K extends Comparable<K>> List<T> keyed(String what, List<T> values, Function<T, K> key) {
        List<T> sorted = values.stream().sorted(Comparator.comparing(key)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (key.apply(sorted.get(i - 1)).equals(key.apply(sorted.get(i)))) {
                throw new IllegalArgumentException(
                        what + ": " + key.apply(sorted.get(i)) + " twice (expected: each once)");
            }
        }
        return sorted;
    }

    @Override
    public String toString() {
        return "TrafficPlan[" + mesh + " " + version + " by " + leader + ", " + regions.size() + " regions, "
                + services.size() + " services]";
    }
}
