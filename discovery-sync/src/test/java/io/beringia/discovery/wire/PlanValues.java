package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;

/** Plans and evidence by chance, the same for the same seed. */
final class PlanValues {
    private static final int FEW = 4;
    private static final TrustDomain DOMAIN = new TrustDomain("mesh.example");

    private final Random random;

    PlanValues(long seed) {
        this.random = new Random(seed);
    }

    TrafficPlan plan(SpiffeId leader) {
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                "mesh",
                new PlanVersion(random.nextLong(), random.nextLong()),
                leader,
                instant(),
                few(this::region),
                few(this::row),
                few(this::service),
                few(this::override),
                pick("", "ab".repeat(32)),
                random.nextBoolean()
                        ? Optional.of(new LedgerRef("failover", random.nextInt(1_000_000), "0c".repeat(32)))
                        : Optional.empty());
    }

    RegionEvidence evidence() {
        return new RegionEvidence(
                regionId(1),
                few(this::report),
                few(i -> new RegionEvidence.Heartbeat(regionId(i), duration())),
                few(i -> new RegionEvidence.Readiness(
                        serviceName(i),
                        i,
                        i + random.nextInt(9),
                        freshness(),
                        random.nextBoolean() ? "" : "g" + i,
                        pick(Writers.values()))),
                new RegionEvidence.Proxies(
                        new PlanVersion(random.nextLong(), random.nextLong()),
                        random.nextInt(1_000),
                        random.nextInt(1_000)));
    }

    RegionEvidence.ObserverReport report(int i) {
        return new RegionEvidence.ObserverReport(
                "gw-" + i,
                duration(),
                random.nextInt(RegionEvidence.ObserverReport.LOCAL_HEALTH_MAX + 1),
                random.nextBoolean(),
                few(r -> new RegionEvidence.PathReport(
                        regionId(r),
                        pick(PathState.values()),
                        duration(),
                        duration(),
                        random.nextBoolean(),
                        few(g -> new RegionEvidence.GatewayTrouble("c/gw-" + g, pick(PathTrouble.values()))))),
                few(g -> new RegionEvidence.SiblingReport("gateway-" + g, pick(PathState.values()))),
                few(r -> new RegionEvidence.TunnelReport(regionId(r), r, r + random.nextLong(1L << 40))),
                duration(),
                few(s ->
                        new OutcomeReport("s" + s + ".shop", regionId(s), "c/gw-" + s, random.nextInt(9), outcomes())));
    }

    private OutcomeCounts outcomes() {
        OutcomeCounts counts = OutcomeCounts.ofTunnel(
                random.nextBoolean(), random.nextInt(99), random.nextInt(99), Optional.of(duration()));
        for (Outcome how : Outcome.values()) {
            counts = random.nextBoolean() ? counts : counts.plus(OutcomeCounts.of(how));
        }
        return counts;
    }

    private RegionPlan region(int i) {
        RegionPhase phase = pick(RegionPhase.values());
        return new RegionPlan(
                regionId(i),
                phase,
                phase == RegionPhase.RAMPING ? 1 + random.nextInt(Shares.WHOLE) : 0,
                few(o -> pick(Overlay.values())),
                instant(),
                pick("", "quorum"),
                random.nextInt(RegionPlan.PENALTY_MAX + 1),
                instant());
    }

    private SourceShares row(int i) {
        int first = random.nextInt(Shares.WHOLE + 1);
        return new SourceShares(
                regionId(i),
                Shares.of(new Shares.Share(regionId(0), first), new Shares.Share(regionId(1), Shares.WHOLE - first)));
    }

    private ServicePlan service(int i) {
        return new ServicePlan(
                serviceName(i),
                few(this::row),
                few(r -> new ServicePlan.State(
                        regionId(r),
                        pick(ServicePlan.Phase.values()),
                        instant(),
                        "because",
                        random.nextInt(RegionPlan.PENALTY_MAX + 1),
                        instant())),
                1 + random.nextInt(Shares.WHOLE),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new ServiceHome(
                                regionId(i), pick(ServiceHome.Standing.values()), instant(), "because")));
    }

    private PlanOverride override(int i) {
        return new PlanOverride(
                "override-" + i,
                pick(PlanOverride.Verb.values()),
                random.nextBoolean() ? Optional.of(regionId(i)) : Optional.empty(),
                random.nextBoolean() ? Optional.of(serviceName(i)) : Optional.empty(),
                SpiffeId.ofWorkload(DOMAIN, "ops", "anna"),
                "drill",
                instant(),
                few(r -> "RULE_" + r));
    }

    private Freshness freshness() {
        return switch (random.nextInt(3)) {
            case 0 -> new Freshness.Live();
            case 1 -> new Freshness.Stale(duration());
            default -> new Freshness.Unknown();
        };
    }

    private static RegionId regionId(int i) {
        return new RegionId("r" + i);
    }

    private static ServiceName serviceName(int i) {
        return new ServiceName("demo", "echo-" + i + ".demo.svc.cluster.local");
    }

    private Duration duration() {
        return Duration.ofNanos(random.nextLong(1L << (1 + random.nextInt(50))));
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> List<T> few(IntFunction<T> make) {
        List<T> made = new ArrayList<>();
        int count = random.nextInt(FEW + 1);
        for (int i = 0; i < count; i++) {
            made.add(make.apply(i));
        }
        return made;
    }
}
