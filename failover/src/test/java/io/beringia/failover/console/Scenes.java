package io.beringia.failover.console;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
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
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Guard;
import io.beringia.failover.decision.SafetyRule;
import io.beringia.failover.health.Attempts;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.ServiceSight;
import io.beringia.failover.health.ServiceVerdict;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.operator.LeaderView;
import io.beringia.failover.operator.RegionsStatus;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a leader at the witness may see of two regions, on good nights and on bad ones. */
public final class Scenes {
    static final RegionId EAST = new RegionId("us-east");
    static final RegionId WEST = new RegionId("us-west");
    private static final RegionId WITNESS = new RegionId("witness");
    static final Instant NOW = Instant.parse("2026-03-01T03:12:40Z");

    /** What somebody would write who wants to be markup. */
    static final String HOSTILE = "<img src=x onerror=document.title='owned'>\"'&";

    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://example.org/ns/beringia-system/sa/failover");
    private static final SpiffeId ALICE = SpiffeId.parse("spiffe://example.org/ns/ops/sa/alice");
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");

    private Scenes() {}

    /** Everything serves. */
    public static ConsoleView calm() {
        return picture(calmly(), List.of(), evidence(PathState.UP, 40), Optional.empty());
    }

    /** One region fell silent and was sent away; what it says is old, and somebody has not followed yet. */
    public static ConsoleView lost() {
        List<LeaderView> story = List.of(
                calmly(),
                view(1, RegionPhase.SUSPECT, 160, "silent to us-west, witness", Shares.all(EAST), failing()),
                view(2, RegionPhase.EVACUATING, 157, "down for us-west, witness", Shares.all(WEST), failing()),
                view(3, RegionPhase.EVACUATED, 101, "empty or at its deadline", Shares.all(WEST), failing()));
        Timeline told = Timeline.EMPTY;
        for (LeaderView view : story) {
            told = told.after(Optional.of(view), view.plan().decidedAt());
        }
        return picture(story.getLast(), told.entries(), evidence(PathState.DOWN, 42_000), Optional.of(DRILL));
    }

    private static final RunningDrill DRILL = new RunningDrill(
            "black-hole",
            "a region that answers nobody loses its traffic within 4 s",
            "lost",
            "us-east drops everything",
            "2026-03-01T03:09:58Z");

    /** It comes back, a service fails beside it, and an operator holds the rest. */
    public static ConsoleView returning() {
        LeaderView view = with(
                view(9, RegionPhase.RAMPING, 31, "step held", shares(2_500, 7_500), new RegionVerdict.Healthy()),
                Map.of(CART, gray()),
                List.of(new ServicePlan(
                        CART,
                        List.of(),
                        List.of(new ServicePlan.State(
                                WEST,
                                ServicePlan.Phase.DEGRADED,
                                NOW.minusSeconds(66),
                                "gray: fails too often",
                                1_000,
                                NOW)),
                        Shares.WHOLE)),
                List.of(
                        order(
                                PlanOverride.Verb.FREEZE,
                                WEST,
                                Optional.empty(),
                                "ticket 4711: change of the core router"),
                        order(PlanOverride.Verb.EVACUATE, WEST, Optional.of(CART), "a bad release")));
        return picture(view, told(view), evidence(PathState.PROBATION, 60), Optional.empty());
    }

    /** A region that an operator has drained. */
    public static ConsoleView ordered() {
        LeaderView view = with(
                view(
                        5,
                        RegionPhase.DRAINED,
                        600,
                        "empty or at its deadline",
                        Shares.all(WEST),
                        new RegionVerdict.Healthy()),
                Map.of(),
                List.of(),
                List.of(order(PlanOverride.Verb.DRAIN, EAST, Optional.empty(), "new core router")));
        return picture(view, told(view), evidence(PathState.UP, 40), Optional.empty());
    }

    /** All serves, and one process does not answer. */
    public static ConsoleView stuck() {
        List<GatewayTrouble> troubles = List.of(new GatewayTrouble("west-1/gateway-1", PathTrouble.STUCK));
        List<SiteEvidence> evidence = Stream.of(EAST, WEST, WITNESS)
                .map(site -> site(site, "observer", PathState.UP, 40, new PlanVersion(7, 0), 0, troubles))
                .toList();
        return picture(calmly(), List.of(), evidence, Optional.empty());
    }

    /** Services with a single writer: one is where it should be, one is left behind, one on its way, one nowhere. */
    public static ConsoleView homes() {
        LeaderView view = with(
                view(6, RegionPhase.EVACUATED, 600, "down for us-west, witness", Shares.all(WEST), failing()),
                Map.of(new ServiceName("shop", "new"), new ServiceSight(new TreeMap<>(), Writers.SINGLE)),
                List.of(
                        at(new ServiceName("shop", "bill"), EAST, ServiceHome.Standing.OPEN),
                        at(CART, WEST, ServiceHome.Standing.OPEN),
                        at(new ServiceName("shop", "stock"), WEST, ServiceHome.Standing.AWAITED)),
                List.of());
        return picture(view, told(view), evidence(PathState.UP, 40), Optional.empty());
    }

    private static ServicePlan at(ServiceName service, RegionId region, ServiceHome.Standing standing) {
        ServiceHome home = new ServiceHome(region, standing, NOW.minusSeconds(9), "operator: test");
        return new ServicePlan(service, List.of(), List.of(), Shares.WHOLE, Optional.of(home));
    }

    /** Whatever others may name is markup. */
    static ConsoleView hostile() {
        ServiceName evil = new ServiceName(HOSTILE.replace('/', '|'), "h\"><script>document.title='owned'<|script>");
        LeaderView view = with(
                view(4, RegionPhase.EVACUATED, 60, HOSTILE, Shares.all(WEST), failing()),
                Map.of(evil, gray()),
                List.of(),
                List.of(order(PlanOverride.Verb.DRAIN, EAST, Optional.of(evil), HOSTILE)));
        return picture(
                view,
                told(view),
                List.of(site(
                        EAST,
                        HOSTILE,
                        PathState.DOWN,
                        40,
                        new PlanVersion(7, 4),
                        3,
                        List.of(new GatewayTrouble(HOSTILE, PathTrouble.MTU)))),
                Optional.of(new RunningDrill(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)));
    }

    /** A candidate that leads nothing. */
    static ConsoleView following() {
        return new ConsoleView(
                NOW,
                new RegionsStatus(
                        WEST, "auto", List.of(), Optional.empty(), evidence(PathState.UP, 40), List.of(WITNESS)),
                List.of(),
                Optional.empty());
    }

    static LeaderView calmly() {
        return view(0, RegionPhase.ACTIVE, 4_000, "start", Shares.all(EAST), new RegionVerdict.Healthy());
    }

    static LeaderView view(
            int seq, RegionPhase east, int sinceSeconds, String reason, Shares ofEast, RegionVerdict verdict) {
        Instant since = NOW.minusSeconds(sinceSeconds);
        int ramp = east == RegionPhase.RAMPING ? 2_500 : 0;
        TrafficPlan plan = new TrafficPlan(
                TrafficPlan.FORMAT,
                "demo",
                new PlanVersion(7, seq),
                LEADER,
                since,
                List.of(
                        new RegionPlan(EAST, east, ramp, List.of(), since, reason, seq == 0 ? 0 : 2_000, since),
                        RegionPlan.active(WEST, NOW.minusSeconds(86_400))),
                List.of(new SourceShares(EAST, ofEast), new SourceShares(WEST, Shares.all(WEST))),
                List.of(),
                List.of(),
                "",
                Optional.empty());
        return new LeaderView(
                plan,
                new TreeMap<>(Map.of(EAST, verdict, WEST, new RegionVerdict.Healthy())),
                new TreeMap<>(),
                new TreeMap<>(Map.of(
                        WEST,
                        east == RegionPhase.ACTIVE
                                ? List.of()
                                : List.of(
                                        new Guard.Verdict.Blocked(SafetyRule.ATLEAST_ONE, "no other region serves")))),
                new TreeMap<>(),
                new Decision.Hold("nothing to do", List.of()),
                new Fence(Duration.ofMillis(1_830), Duration.ofMillis(500)),
                List.of());
    }

    private static List<Timeline.Entry> told(LeaderView view) {
        return Timeline.EMPTY
                .after(Optional.of(calmly()), NOW.minusSeconds(4_000))
                .after(Optional.of(view), NOW.minusSeconds(60))
                .entries();
    }

    private static LeaderView with(
            LeaderView view,
            Map<ServiceName, ServiceSight> sights,
            List<ServicePlan> services,
            List<PlanOverride> overrides) {
        TrafficPlan plan = view.plan();
        TrafficPlan more = new TrafficPlan(
                plan.format(),
                plan.mesh(),
                plan.version(),
                plan.leader(),
                plan.decidedAt(),
                plan.regions(),
                plan.defaults(),
                services,
                overrides,
                plan.configDigest(),
                plan.ledger());
        return new LeaderView(
                more,
                view.verdicts(),
                new TreeMap<>(sights),
                view.objections(),
                view.warnings(),
                view.decision(),
                view.fence(),
                view.everywhere());
    }

    private static RegionVerdict failing() {
        return new RegionVerdict.Failing(List.of(WEST, WITNESS), false);
    }

    private static ServiceSight gray() {
        return new ServiceSight(new TreeMap<>(Map.of(
                WEST,
                new ServiceSight.InRegion(
                        new ServiceVerdict.Gray(List.of(EAST), new Attempts(120, 37)), Optional.of(NOW), true, true))));
    }

    private static Shares shares(int east, int west) {
        return Shares.of(new Shares.Share(EAST, east), new Shares.Share(WEST, west));
    }

    private static PlanOverride order(
            PlanOverride.Verb verb, RegionId region, Optional<ServiceName> service, String reason) {
        return new PlanOverride(
                verb + "/" + region + service,
                verb,
                Optional.of(region),
                service,
                ALICE,
                reason,
                NOW.plusSeconds(3_000),
                List.of("CAPACITY"));
    }

    private static ConsoleView picture(
            LeaderView view, List<Timeline.Entry> timeline, List<SiteEvidence> evidence, Optional<RunningDrill> drill) {
        return new ConsoleView(
                NOW,
                new RegionsStatus(
                        WITNESS,
                        "auto",
                        List.of("timing divided by 60: for labs only"),
                        Optional.of(view),
                        evidence,
                        List.of()),
                timeline,
                drill);
    }

    /** @param east how others see the way to it */
    private static List<SiteEvidence> evidence(PathState east, long eastAgeMillis) {
        List<SiteEvidence> all = new ArrayList<>();
        all.add(site(EAST, "gateway-0", PathState.UP, eastAgeMillis, new PlanVersion(7, 1), 0));
        all.add(site(WEST, "gateway-0", east, 90, new PlanVersion(7, 3), east == PathState.UP ? 0 : 2));
        all.add(site(WITNESS, "observer", east, 120, new PlanVersion(7, 3), 0));
        return all;
    }

    private static SiteEvidence site(
            RegionId site, String observer, PathState east, long heldMillis, PlanVersion accepted, int behind) {
        return site(site, observer, east, heldMillis, accepted, behind, List.of());
    }

    /** @param west of the ways to it */
    private static SiteEvidence site(
            RegionId site,
            String observer,
            PathState east,
            long heldMillis,
            PlanVersion accepted,
            int behind,
            List<GatewayTrouble> west) {
        List<PathReport> paths = new ArrayList<>();
        if (!site.equals(EAST)) {
            boolean isUp = east == PathState.UP;
            paths.add(
                    new PathReport(EAST, east, Duration.ofMillis(isUp ? 120 : 162_000), Duration.ofMillis(71), false));
        }
        if (!site.equals(WEST)) {
            paths.add(new PathReport(WEST, PathState.UP, Duration.ofMillis(90), Duration.ofMillis(70), false, west));
        }
        ObserverReport report = new ObserverReport(
                observer,
                Duration.ofMillis(80),
                0,
                true,
                paths,
                List.of(),
                site.equals(WITNESS) ? List.of() : List.of(new TunnelReport(WEST, 412, 9_000)),
                Duration.ofHours(20));
        return new SiteEvidence(
                new RegionEvidence(
                        site,
                        List.of(report),
                        List.of(new Heartbeat(site.equals(WEST) ? WITNESS : WEST, Duration.ofMillis(300))),
                        List.of(),
                        new Proxies(accepted, 12, 12 - behind)),
                Duration.ofMillis(heldMillis));
    }
}
