package io.beringia.failover.decision;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceHome.Standing;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Damping.Penalty;
import io.beringia.failover.decision.Decision.Evacuate;
import io.beringia.failover.decision.Decision.Move;
import io.beringia.failover.decision.Decision.Settle;
import io.beringia.failover.decision.Decision.Steer;
import io.beringia.failover.decision.WeightRules.Capacity;
import io.beringia.failover.decision.WeightRules.Demand;
import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** From one plan to the next: always the whole of it. */
public final class PlanRules {
    private PlanRules() {}

    /** The plan of a mesh that never had one: every region serves its own clients. */
    public static TrafficPlan first(String mesh, FailoverPolicy policy, SpiffeId leader, Instant now) {
        List<RegionPlan> regions = policy.sites().regions().stream()
                .map(region -> RegionPlan.active(region, now))
                .toList();
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                mesh,
                PlanVersion.NONE,
                leader,
                now,
                regions,
                rows(regions, List.of(), policy),
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }

    /** After one step of one region. The version stays: whoever writes it knows the next. */
    public static TrafficPlan after(Move move, Situation now) {
        List<RegionPlan> regions = now.plan().regions().stream()
                .map(region -> region.region().equals(move.region()) ? moved(region, move, now) : region)
                .toList();
        return with(now, regions, now.overrides());
    }

    /** After one step of one service in one region: a fall is remembered for a while. */
    public static TrafficPlan after(Steer steer, Situation now) {
        ServicePlan before = service(steer.service(), now);
        List<ServicePlan.State> states = new ArrayList<>(before.states());
        states.removeIf(state -> state.region().equals(steer.region()));
        states.add(steered(steer, before.state(steer.region()), now));
        return with(now, new ServicePlan(steer.service(), before.rows(), states, before.admission(), before.home()));
    }

    /** After one step of the home of one service. */
    public static TrafficPlan after(Settle settle, Situation now) {
        ServicePlan before = service(settle.service(), now);
        return with(
                now,
                before.with(
                        switch (settle) {
                            case Decision.Appoint appoint -> home(appoint.to(), appoint.standing(), settle, now);
                            case Decision.Open open -> home(open.home(), Standing.OPEN, settle, now);
                            case Decision.Release _ -> Optional.empty();
                        }));
    }

    private static Optional<ServiceHome> home(RegionId region, Standing standing, Settle settle, Situation now) {
        return Optional.of(new ServiceHome(region, standing, now.now(), settle.reason()));
    }

    private static ServicePlan service(ServiceName name, Situation now) {
        return now.plan().service(name).orElseGet(() -> new ServicePlan(name, List.of(), List.of(), Shares.WHOLE));
    }

    /** With that service instead of what was said of it. */
    private static TrafficPlan with(Situation now, ServicePlan service) {
        List<ServicePlan> services = new ArrayList<>(now.plan().services());
        services.removeIf(one -> one.service().equals(service.service()));
        services.add(service);
        return with(now, now.plan().regions(), services, now.overrides());
    }

    private static ServicePlan.State steered(Steer steer, Optional<ServicePlan.State> before, Situation now) {
        Penalty was =
                before.map(it -> new Penalty(it.penalty(), it.penaltyAt())).orElse(new Penalty(0, now.now()));
        Penalty is = steer.isExit()
                ? was.raised(Damping.of(steer.to()), now.now(), now.policy().timing())
                : was;
        return new ServicePlan.State(steer.region(), steer.to(), now.now(), steer.reason(), is.points(), is.at());
    }

    /**
     * With one more override, which replaces an older one of the same id, or one that wanted the region elsewhere; those
     * that have expired are gone.
     */
    public static TrafficPlan noting(PlanOverride override, Situation now) {
        List<PlanOverride> overrides = new ArrayList<>(now.overrides());
        overrides.removeIf(
                one -> one.id().equals(override.id()) || isMove(one) && isMove(override) && isSame(one, override));
        overrides.add(override);
        return with(now, now.plan().regions(), overrides);
    }

    private static boolean isMove(PlanOverride override) {
        return switch (override.verb()) {
            case DRAIN, EVACUATE, RESTORE -> true;
            case PIN, FREEZE, PRACTICE -> false;
        };
    }

    private static boolean isSame(PlanOverride one, PlanOverride other) {
        return one.region().equals(other.region()) && one.service().equals(other.service());
    }

    /**
     * The same plan as it should stand now: without overrides that have expired, with the overlays that follow from the
     * rest, and with every region of the mesh. Equal to the plan where nothing of it is out of date.
     */
    public static TrafficPlan refreshed(Situation now) {
        Stream<RegionPlan> added = now.policy().sites().regions().stream()
                .filter(region -> now.plan().region(region).isEmpty())
                .map(region -> RegionPlan.active(region, now.now()));
        List<RegionPlan> regions = Stream.concat(now.plan().regions().stream(), added)
                .map(region -> region.withOverlays(overlays(region, now)))
                .toList();
        return with(now, regions, remembered(now), now.overrides());
    }

    /** A service that is well, and whose falls have faded, is not spoken of. */
    private static List<ServicePlan> remembered(Situation now) {
        return now.plan().services().stream()
                .map(one -> new ServicePlan(
                        one.service(),
                        one.rows(),
                        one.states().stream()
                                .filter(state -> isRemembered(state, now))
                                .toList(),
                        one.admission(),
                        one.home()))
                .filter(one -> !one.states().isEmpty()
                        || !one.rows().isEmpty()
                        || one.admission() < Shares.WHOLE
                        || one.home().isPresent())
                .toList();
    }

    private static boolean isRemembered(ServicePlan.State state, Situation now) {
        return state.phase() != ServicePlan.Phase.HEALTHY
                || Damping.points(state, now.now(), now.policy().timing().penaltyHalfLife()) > 0;
    }

    /** The same plan in another's name, as it is to be recorded, signed and written. */
    public static TrafficPlan stamped(TrafficPlan plan, PlanVersion version, SpiffeId leader, Instant decidedAt) {
        return new TrafficPlan(
                plan.format(),
                plan.mesh(),
                version,
                leader,
                decidedAt,
                plan.regions(),
                plan.defaults(),
                plan.services(),
                plan.overrides(),
                plan.configDigest(),
                Optional.empty());
    }

    /** The same plan, which says where it is recorded. */
    public static TrafficPlan recorded(TrafficPlan plan, LedgerRef where) {
        return new TrafficPlan(
                plan.format(),
                plan.mesh(),
                plan.version(),
                plan.leader(),
                plan.decidedAt(),
                plan.regions(),
                plan.defaults(),
                plan.services(),
                plan.overrides(),
                plan.configDigest(),
                Optional.of(where));
    }

    private static TrafficPlan with(Situation now, List<RegionPlan> regions, List<PlanOverride> overrides) {
        return with(now, regions, now.plan().services(), overrides);
    }

    private static TrafficPlan with(
            Situation now, List<RegionPlan> regions, List<ServicePlan> services, List<PlanOverride> overrides) {
        TrafficPlan plan = now.plan();
        return new TrafficPlan(
                plan.format(),
                plan.mesh(),
                plan.version(),
                plan.leader(),
                plan.decidedAt(),
                regions,
                rows(regions, pinned(plan, overrides), now.policy()),
                services,
                overrides,
                plan.configDigest(),
                plan.ledger());
    }

    private static RegionPlan moved(RegionPlan region, Move move, Situation now) {
        FailoverTiming timing = now.policy().timing();
        boolean isCounted = move instanceof Evacuate && !Damping.isEcho(region, now.now(), timing);
        RegionPlan next = new RegionPlan(
                region.region(),
                move.to().phase(),
                move.to().ramp(),
                region.overlays(),
                now.now(),
                move.reason(),
                isCounted ? Damping.raised(region, Damping.EVACUATION, now.now(), timing) : region.penalty(),
                isCounted ? now.now() : region.penaltyAt());
        return next.withOverlays(overlays(next, now));
    }

    private static Set<Overlay> overlays(RegionPlan region, Situation now) {
        Set<Overlay> overlays = EnumSet.noneOf(Overlay.class);
        overlays.addAll(region.overlays());
        set(overlays, Overlay.FROZEN, now.isFrozen(region.region()));
        set(overlays, Overlay.PINNED, now.isPinned(region.region()));
        int points = Damping.points(region, now.now(), now.policy().timing().penaltyHalfLife());
        boolean wasSuppressed = overlays.contains(Overlay.SUPPRESSED);
        set(overlays, Overlay.SUPPRESSED, Damping.isSuppressed(points, wasSuppressed));
        return overlays;
    }

    private static void set(Set<Overlay> overlays, Overlay overlay, boolean isOn) {
        if (isOn) {
            overlays.add(overlay);
        } else {
            overlays.remove(overlay);
        }
    }

    private static List<SourceShares> pinned(TrafficPlan plan, List<PlanOverride> overrides) {
        return plan.defaults().stream()
                .filter(row -> overrides.stream()
                        .anyMatch(one -> one.verb() == PlanOverride.Verb.PIN && one.covers(row.source())))
                .toList();
    }

    /** A row for every region with traffic: as pinned, else by what each region may be given. */
    private static List<SourceShares> rows(List<RegionPlan> regions, List<SourceShares> pinned, FailoverPolicy policy) {
        List<Capacity> capacities = regions.stream().map(PlanRules::capacity).toList();
        List<SourceShares> rows = new ArrayList<>(pinned);
        for (RegionId source : policy.sites().regions()) {
            if (pinned.stream().noneMatch(row -> row.source().equals(source))) {
                Demand demand = new Demand(source, Shares.WHOLE, policy.tiersOf(source));
                rows.add(
                        WeightRules.rows(List.of(demand), capacities).getFirst().asSourceShares());
            }
        }
        return rows;
    }

    /** Nobody declared capacities: each region could take everything, and panic never reopens one that is away. */
    private static Capacity capacity(RegionPlan region) {
        int open = RegionState.of(region).open();
        return new Capacity(region.region(), open, open);
    }
}
