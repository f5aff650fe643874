package io.beringia.failover.console;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.console.Timeline.Entry;
import io.beringia.failover.console.Timeline.Kind;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.SafetyRule;
import io.beringia.failover.operator.LeaderView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happened between two looks of a leader, told from their plans, the oldest first. Pure. */
final class PlanNews {
    private static final int TEN_THOUSANDTHS_PER_PERCENT = 100;

    private final TrafficPlan now;
    private final Instant at;
    private final List<Entry> news = new ArrayList<>();

    private PlanNews(TrafficPlan now, Instant at) {
        this.now = now;
        this.at = at;
    }

    /** Two looks at one plan differ in nothing but what is held back. */
    static List<Entry> between(Optional<LeaderView> before, Optional<LeaderView> after, Instant at) {
        if (after.isEmpty()) {
            return before.map(view -> new PlanNews(view.plan(), at).handedOver())
                    .orElse(List.of());
        }
        PlanNews told = new PlanNews(after.get().plan(), at);
        before.ifPresentOrElse(view -> told.steps(view.plan()), told::takenOver);
        told.held(before.map(LeaderView::decision), after.get().decision());
        return told.news;
    }

    private List<Entry> handedOver() {
        tell(Kind.TERM, "this candidate", "leads no more", "its term ended, or it handed over");
        return news;
    }

    /** What a new leader finds: every region that is not simply there, as it was decided before. */
    private void takenOver() {
        now.regions().stream()
                .filter(region -> region.phase() != RegionPhase.ACTIVE)
                .sorted(Comparator.comparing(RegionPlan::since))
                .forEach(region -> news.add(new Entry(
                        region.since(),
                        now.version().toString(),
                        Kind.REGION,
                        region.region().name(),
                        word(region),
                        region.reason())));
        tell(Kind.TERM, "this candidate", "leads", "a term begins: the plan that stood there, under its epoch");
    }

    private void steps(TrafficPlan before) {
        if (before.version().equals(now.version())) {
            return;
        }
        before.overrides().stream()
                .filter(old ->
                        now.overrides().stream().noneMatch(one -> one.id().equals(old.id())))
                .forEach(old -> tell(Kind.OPERATOR, subject(old), verb(old) + " is over", "expired, or replaced"));
        now.overrides().stream()
                .filter(one -> !before.overrides().contains(one))
                .forEach(one -> tell(
                        Kind.OPERATOR,
                        subject(one),
                        verb(one) + " until " + one.expires(),
                        one.actor() + ": " + one.reason()));
        now.regions().forEach(region -> step(before.region(region.region()), region));
        now.services()
                .forEach(service ->
                        home(service, before.service(service.service()).flatMap(ServicePlan::home)));
        now.services()
                .forEach(service -> service.states()
                        .forEach(state ->
                                step(service.service(), phase(before, service.service(), state.region()), state)));
    }

    /** Where a service with a single writer is served. */
    private void home(ServicePlan service, Optional<ServiceHome> before) {
        String was = before.map(PlanNews::word).orElse("none");
        String is = service.home().map(PlanNews::word).orElse("none");
        if (!was.equals(is)) {
            tell(
                    Kind.SERVICE,
                    service.service().toString(),
                    "home: " + was + " → " + is,
                    service.home().map(ServiceHome::reason).orElse("it has a single writer no more"));
        }
    }

    private static String word(ServiceHome home) {
        return home.region() + " " + home.standing();
    }

    private void step(Optional<RegionPlan> before, RegionPlan region) {
        String was = before.map(PlanNews::word).orElse("unknown");
        if (!was.equals(word(region))) {
            tell(Kind.REGION, region.region().name(), was + " → " + word(region), region.reason());
        }
    }

    private void step(ServiceName service, ServicePlan.Phase was, ServicePlan.State state) {
        if (was != state.phase()) {
            tell(
                    Kind.SERVICE,
                    service.toString(),
                    "in " + state.region() + ": " + was + " → " + state.phase(),
                    state.reason());
        }
    }

    private void held(Optional<Decision> before, Decision after) {
        List<SafetyRule> rules = blocked(Optional.of(after));
        if (!rules.isEmpty() && !rules.equals(blocked(before))) {
            tell(
                    Kind.HELD,
                    "a move",
                    "held by " + rules.stream().distinct().map(Enum::name).collect(Collectors.joining(", ")),
                    after.reason());
        }
    }

    private static List<SafetyRule> blocked(Optional<Decision> decision) {
        return decision.filter(Decision.Hold.class::isInstance)
                .map(Decision.Hold.class::cast)
                .map(Decision.Hold::blocked)
                .orElse(List.of());
    }

    private static ServicePlan.Phase phase(TrafficPlan plan, ServiceName service, RegionId region) {
        return plan.service(service)
                .flatMap(one -> one.state(region))
                .map(ServicePlan.State::phase)
                .orElse(ServicePlan.Phase.HEALTHY);
    }

    private static String word(RegionPlan region) {
        return region.ramp() == 0
                ? region.phase().name()
                : region.phase() + " " + region.ramp() / TEN_THOUSANDTHS_PER_PERCENT + " %";
    }

    private static String subject(PlanOverride override) {
        String where = override.region().map(RegionId::name).orElse("every region");
        return override.service().map(service -> service + " in " + where).orElse(where);
    }

    private static String verb(PlanOverride override) {
        return override.verb().name();
    }

    private void tell(Kind kind, String subject, String what, String why) {
        news.add(new Entry(at, now.version().toString(), kind, subject, what, why));
    }
}
