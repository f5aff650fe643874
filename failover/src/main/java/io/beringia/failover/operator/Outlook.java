package io.beringia.failover.operator;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.ServiceSight;
import io.beringia.failover.health.ServiceVerdict;
import io.beringia.failover.health.SiteEvidence;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody must know first who was just woken: what is in trouble, where its clients go, and why. Pure; any thread.
 *
 * @param level the worst of the lines
 * @param lines never empty, the worst first
 */
public record Outlook(Level level, List<Line> lines) {
    /** Evidence comes several times a second. */
    private static final Duration OLD = Duration.ofSeconds(5);

    public Outlook {
        lines = List.copyOf(lines);
    }

    /** In the order in which they matter. */
    public enum Level {
        WELL,
        /** Something is not as usual, and nobody is hurt by it. */
        WATCH,
        /** Nobody here can say. */
        UNKNOWN,
        TROUBLE
    }

    /**
     * One thing that somebody must know.
     *
     * @param subject a region, a site, a service, the mesh, or the candidate that answers
     * @param says goes on from the subject
     * @param since the leader's clock; empty where nobody counts
     */
    public record Line(Level level, String subject, String says, String why, Optional<Instant> since) {
        static Line of(Level level, String subject, String says, String why) {
            return new Line(level, subject, says, why, Optional.empty());
        }
    }

    public static Outlook of(RegionsStatus status) {
        List<Line> lines = new ArrayList<>();
        status.leading()
                .ifPresentOrElse(
                        view -> Stream.of(fence(view), regions(view), orders(view), services(view), Homes.lines(view))
                                .flatMap(part -> part)
                                .forEach(lines::add),
                        () -> lines.add(Line.of(
                                Level.UNKNOWN,
                                "this candidate",
                                "does not lead",
                                "what is decided only the leader shows; what is seen from here stands below")));
        lines.addAll(PathTroubles.of(status.evidence()));
        inputs(status).forEach(lines::add);
        if (lines.isEmpty()) {
            String mesh = status.leading().map(view -> view.plan().mesh()).orElse("mesh");
            lines.add(Line.of(Level.WELL, mesh, "serves in every region", "nothing speaks against any of them"));
        }
        lines.sort(Comparator.comparing(Line::level).reversed());
        return new Outlook(lines.getFirst().level(), lines);
    }

    private static Stream<Line> fence(LeaderView view) {
        return view.fence().holds()
                ? Stream.empty()
                : Stream.of(Line.of(
                        Level.TROUBLE,
                        "the leader",
                        "decides nothing: its lease runs out",
                        "lease left: " + view.fence().left().toMillis() + " ms"));
    }

    /** What keeps the leader from deciding, and whose service is away; of a region that was sent away its own line says so. */
    private static Stream<Line> orders(LeaderView view) {
        return view.plan().overrides().stream().flatMap(order -> switch (order.verb()) {
            case FREEZE ->
                Stream.of(Line.of(Level.WATCH, whom(order), "is frozen: nothing is decided about it", by(order)));
            case DRAIN, EVACUATE ->
                order.service().isEmpty()
                        ? Stream.<Line>empty()
                        : Stream.of(Line.of(Level.WATCH, whom(order), "was sent away from " + where(order), by(order)));
            case RESTORE, PIN, PRACTICE -> Stream.<Line>empty();
        });
    }

    private static String whom(PlanOverride order) {
        return order.service().map(ServiceName::toString).orElseGet(() -> where(order));
    }

    private static String where(PlanOverride order) {
        return order.region().map(RegionId::name).orElse("every region");
    }

    private static String by(PlanOverride order) {
        return "until " + order.expires() + ": " + order.reason() + " (" + order.actor() + ")";
    }

    private static Stream<Line> regions(LeaderView view) {
        return view.plan().regions().stream()
                .map(region -> region(region, view))
                .filter(line -> line.level() != Level.WELL);
    }

    private static Line region(RegionPlan region, LeaderView view) {
        Optional<RegionVerdict> verdict = Optional.ofNullable(view.verdicts().get(region.region()));
        String goes = goes(view.plan(), region.region());
        String why = Stream.of(
                        verdict.map(RegionVerdict::text).stream(),
                        Stream.of(region.reason()),
                        sentAway(view.plan(), region.region()))
                .flatMap(Function.identity())
                .collect(Collectors.joining("; "));
        return switch (region.phase()) {
            case ACTIVE -> serving(region, verdict, why);
            case SUSPECT -> line(Level.WATCH, region, "falls silent; " + goes, why);
            case EVACUATING -> line(Level.TROUBLE, region, "is being evacuated; " + goes, why);
            case EVACUATED -> line(Level.TROUBLE, region, "is evacuated; " + goes, why);
            case DRAINING -> line(Level.WATCH, region, "is being drained; " + goes, why);
            case DRAINED -> line(Level.WATCH, region, "is drained; " + goes, why);
            case PROBATION -> line(Level.WATCH, region, "is on probation; " + goes, why);
            case RAMPING -> line(Level.WATCH, region, "comes back, " + percent(region.ramp()) + " open; " + goes, why);
        };
    }

    private static Stream<String> sentAway(TrafficPlan plan, RegionId region) {
        return plan.overrides().stream()
                .filter(order -> order.verb() == PlanOverride.Verb.EVACUATE || order.verb() == PlanOverride.Verb.DRAIN)
                .filter(order -> order.region().equals(Optional.of(region))
                        && order.service().isEmpty())
                .map(order -> "ordered " + by(order));
    }

    private static Line serving(RegionPlan region, Optional<RegionVerdict> verdict, String why) {
        return switch (verdict.orElseGet(RegionVerdict.Healthy::new)) {
            case RegionVerdict.Healthy _ -> line(Level.WELL, region, "serves", why);
            case RegionVerdict.Reached _ -> line(Level.WATCH, region, "serves, and is not reached by all", why);
            case RegionVerdict.Suspected _ -> line(Level.WATCH, region, "serves, and falls silent", why);
            case RegionVerdict.Vetoed _ -> line(Level.WATCH, region, "serves, and the ways to it are cut", why);
            case RegionVerdict.Unknown _ -> line(Level.WATCH, region, "serves, and too few can see it", why);
            case RegionVerdict.Failing _ ->
                line(Level.TROUBLE, region, "is gone, and its clients are still sent there", why);
        };
    }

    private static Line line(Level level, RegionPlan region, String says, String why) {
        return new Line(level, region.region().name(), says, why, Optional.of(region.since()));
    }

    private static Stream<Line> services(LeaderView view) {
        return view.services().entrySet().stream().flatMap(one -> service(one.getKey(), one.getValue()).stream());
    }

    /** The first fault of it: one that is everywhere is the same in every region. */
    private static Optional<Line> service(ServiceName service, ServiceSight sight) {
        return sight.regions().entrySet().stream()
                .flatMap(one -> fault(service, one).stream())
                .max(Comparator.comparing(Line::level));
    }

    private static Optional<Line> fault(ServiceName service, Map.Entry<RegionId, ServiceSight.InRegion> in) {
        ServiceVerdict verdict = in.getValue().verdict();
        String region = in.getKey().name();
        return switch (verdict) {
            case ServiceVerdict.Unknown _, ServiceVerdict.Well _ -> Optional.empty();
            case ServiceVerdict.Gray _ ->
                Optional.of(Line.of(Level.WATCH, service.toString(), "fails in " + region, verdict.text()));
            case ServiceVerdict.Slow _ ->
                Optional.of(Line.of(Level.WATCH, service.toString(), "is slow in " + region, verdict.text()));
            case ServiceVerdict.Disputed _ ->
                Optional.of(Line.of(
                        Level.WATCH, service.toString(), "is reached in " + region + " by some alone", verdict.text()));
            case ServiceVerdict.ApplicationFault _ ->
                Optional.of(Line.of(
                        Level.TROUBLE, service.toString(), "fails everywhere, so nothing moves", verdict.text()));
        };
    }

    private static Stream<Line> inputs(RegionsStatus status) {
        Stream<Line> unheard = status.unheard().stream()
                .map(site ->
                        Line.of(Level.WATCH, site.name(), "tells nothing", "never heard since this candidate began"));
        Stream<Line> old = status.evidence().stream()
                .filter(site -> site.held().compareTo(OLD) > 0)
                .map(Outlook::old);
        return Stream.concat(unheard, old);
    }

    private static Line old(SiteEvidence site) {
        return Line.of(
                Level.WATCH,
                site.evidence().site().name(),
                "tells nothing any more",
                "its newest evidence is " + site.held().toSeconds() + " s old");
    }

    /** Where the clients of a region are sent. */
    private static String goes(TrafficPlan plan, RegionId source) {
        return plan.defaultRow(source)
                .map(row -> "its clients go to "
                        + row.parts().stream()
                                .map(part -> part.region() + " (" + percent(part.tenThousandths()) + ")")
                                .collect(Collectors.joining(", ")))
                .orElse("nothing is said of its clients");
    }

    private static String percent(int tenThousandths) {
        return BigDecimal.valueOf(tenThousandths)
                        .movePointLeft(2)
                        .stripTrailingZeros()
                        .toPlainString() + " %";
    }
}
