package io.beringia.failover.bench;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A mesh as its leader sees it: so many regions and a witness, each with two gateways that probe every other region and
 * report as many services as gateways do, and every service in every region. Pure.
 */
record BenchMesh(int regions, int services) {
    static final String NAME = "bench";
    static final SpiffeId LEADER = SpiffeId.parse("spiffe://bench.example/ns/beringia-system/sa/failover");

    /** The one that is lost. */
    static final RegionId EAST = region(0);

    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static final RegionId WITNESS = new RegionId("witness");
    private static final int OBSERVERS = 2;

    /** A gateway reports those services that are asked for most. */
    private static final int REPORTED_MAX = 64;

    private static final int PODS = 10;
    private static final int CLIENTS = 5;
    private static final Duration ROUND_TRIP = Duration.ofMillis(70);

    /** So long it must be silent to be sent away. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private static final Fence FENCE = new Fence(Duration.ofSeconds(2), Duration.ofSeconds(1));

    FailoverPolicy policy() {
        return FailoverPolicy.of(new Sites(all(), List.of(WITNESS)), FailoverTiming.STANDARD);
    }

    TrafficPlan first(SpiffeId leader, Instant now) {
        return PlanRules.first(NAME, policy(), leader, now);
    }

    /** The one that stands. */
    TrafficPlan standing() {
        return PlanRules.stamped(first(LEADER, BEGIN), new PlanVersion(1, 1), LEADER, BEGIN);
    }

    /** What a leader with a lease gathers for one look. */
    Inputs inputs(TrafficPlan plan, FailoverPolicy policy, List<SiteEvidence> evidence, Memory memory, Instant now) {
        return new Inputs(plan, plan.version(), evidence, memory, FENCE, policy, now);
    }

    /** @param answered by each service at each gateway so far */
    List<SiteEvidence> well(long answered) {
        return evidence(Optional.empty(), answered);
    }

    /** The same, but nobody hears {@link #EAST}, nor does it say anything. */
    List<SiteEvidence> withoutEast(long answered) {
        return evidence(Optional.of(EAST), answered);
    }

    private List<SiteEvidence> evidence(Optional<RegionId> lost, long answered) {
        OutcomeCounts counts = new OutcomeCounts(
                Map.of(Outcome.ANSWERED, answered),
                answered,
                0,
                answered,
                answered,
                Collections.nCopies(OutcomeCounts.FIRST_BYTES, answered / OutcomeCounts.FIRST_BYTES));
        return Stream.concat(all().stream(), Stream.of(WITNESS))
                .filter(site -> !lost.equals(Optional.of(site)))
                .map(site -> new SiteEvidence(site(site, lost, counts), Duration.ofMillis(20)))
                .toList();
    }

    private RegionEvidence site(RegionId site, Optional<RegionId> lost, OutcomeCounts counts) {
        boolean isWitness = site.equals(WITNESS);
        List<PathReport> paths = all().stream()
                .filter(target -> !target.equals(site))
                .map(target -> path(target, lost.equals(Optional.of(target))))
                .toList();
        List<OutcomeReport> outcomes = isWitness ? List.of() : outcomes(counts);
        List<ObserverReport> observers = IntStream.range(0, OBSERVERS)
                .mapToObj(i -> new ObserverReport(
                        "gateway-" + i,
                        Duration.ofMillis(100),
                        0,
                        true,
                        paths,
                        List.of(),
                        List.of(),
                        Duration.ofHours(1),
                        outcomes))
                .toList();
        List<Readiness> readiness = IntStream.range(0, isWitness ? 0 : services)
                .mapToObj(i -> new Readiness(service(i), PODS, PODS, new Freshness.Live()))
                .toList();
        return new RegionEvidence(site, observers, List.of(), readiness, Proxies.NONE);
    }

    private List<OutcomeReport> outcomes(OutcomeCounts counts) {
        return IntStream.range(0, Math.min(services, REPORTED_MAX))
                .mapToObj(i -> new OutcomeReport(
                        service(i).hostname(),
                        region(i % regions),
                        region(i % regions) + "/gateway-0",
                        CLIENTS,
                        counts))
                .toList();
    }

    private static PathReport path(RegionId target, boolean isLost) {
        return new PathReport(
                target,
                isLost ? PathState.DOWN : PathState.UP,
                isLost ? SILENCE : Duration.ofMillis(50),
                ROUND_TRIP,
                false);
    }

    private List<RegionId> all() {
        return IntStream.range(0, regions).mapToObj(BenchMesh::region).toList();
    }

    private static RegionId region(int number) {
        return new RegionId("region-" + number);
    }

    private static ServiceName service(int number) {
        return new ServiceName("shop", "web-" + number + ".shop.svc.cluster.local");
    }

    @Override
    public String toString() {
        return regions + " regions, " + services + " services";
    }
}
