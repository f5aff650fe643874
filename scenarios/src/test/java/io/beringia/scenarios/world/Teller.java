package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.operator.LeaderView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts into words, for the timeline, where paths, leader and plan stand. */
final class Teller {
    private final Timeline timeline;
    private final boolean isPractising;
    private long epoch;
    private PlanVersion told = PlanVersion.NONE;

    Teller(Timeline timeline, boolean isPractising) {
        this.timeline = timeline;
        this.isPractising = isPractising;
    }

    void tellPaths(Site site) {
        site.gateways().forEach(this::tellTroubles);
        String own = site.region().name();
        Map<RegionId, PathState> best = new TreeMap<>();
        Map<String, PathState> each = new TreeMap<>();
        for (Gateway gateway : site.gateways()) {
            if (gateway.isRunning() && !gateway.isIsolated()) {
                for (Eye eye : gateway.eyes()) {
                    RegionId region = eye.look().gateway().region();
                    best.merge(region, eye.state(), Teller::better);
                    each.merge(region + "/" + eye.look().gateway().name(), eye.state(), Teller::better);
                }
            }
        }
        each.forEach((target, state) -> timeline.tellState("path " + own + " > " + target, state.name()));
        best.remove(site.region());
        best.forEach((target, state) -> timeline.tellState("path " + own + " > " + target, state.name()));
    }

    private void tellTroubles(Gateway gateway) {
        for (Eye eye : gateway.eyes()) {
            String way = gateway.region() + "/" + gateway.name() + " > "
                    + eye.look().gateway().region() + "/" + eye.look().gateway().name();
            timeline.tellState("trouble " + way, eye.troubles().toString());
        }
    }

    private static PathState better(PathState one, PathState other) {
        List<PathState> order = List.of(PathState.UP, PathState.PROBATION, PathState.SUSPECT, PathState.DOWN);
        return order.indexOf(one) <= order.indexOf(other) ? one : other;
    }

    void tellLeader(LeaderView view) {
        if (isPractising) {
            view.plan()
                    .regions()
                    .forEach(region -> timeline.tellState(
                            "practice " + region.region(), region.phase().name()));
        }
        view.verdicts()
                .forEach((region, verdict) -> timeline.tellState(
                        "verdict " + region, verdict.getClass().getSimpleName()));
        view.services()
                .forEach((service, sight) -> sight.regions()
                        .forEach((region, one) -> timeline.tellState(
                                "sight " + service.namespace() + " " + region,
                                one.verdict().getClass().getSimpleName())));
        timeline.tellState(
                "hold",
                view.decision() instanceof Decision.Hold hold && !hold.blocked().isEmpty()
                        ? hold.blocked().toString()
                        : "nothing");
    }

    /** Nothing where it is the one of the last time. */
    void tellPlan(TrafficPlan plan) {
        if (plan.version().equals(told)) {
            return;
        }
        if (Long.compareUnsigned(plan.version().epoch(), epoch) < 0) {
            timeline.tell("epoch falls");
        }
        epoch = plan.version().epoch();
        told = plan.version();
        timeline.tellState(
                "overrides",
                plan.overrides().stream().map(one -> one.id()).toList().toString());
        for (RegionPlan region : plan.regions()) {
            timeline.tellState(
                    "region " + region.region(),
                    region.phase()
                            + (region.ramp() == 0 ? "" : " " + region.ramp())
                            + (region.overlays().isEmpty() ? "" : " " + region.overlays()));
        }
        plan.services()
                .forEach(service -> service.states()
                        .forEach(state -> timeline.tellState(
                                "service " + service.service().namespace() + " " + state.region(),
                                state.phase().name())));
        plan.services()
                .forEach(service -> service.home()
                        .ifPresent(home -> timeline.tellState(
                                "home " + service.service().namespace(), home.region() + " " + home.standing())));
        plan.defaults()
                .forEach(row ->
                        timeline.tellState("row " + row.source(), row.shares().toString()));
    }
}
