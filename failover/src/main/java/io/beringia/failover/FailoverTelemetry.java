package io.beringia.failover;

import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.console.ConsoleServer;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.health.ServiceVerdict;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.operator.Homes;
import io.beringia.failover.operator.LeaderView;
import io.beringia.failover.operator.OperatorApi;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of failover, but those of the election. Any thread. */
public final class FailoverTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.failover");

    private static final double MILLIS_PER_SECOND = 1_000;

    private final MeterRegistry meters;

    public FailoverTelemetry(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Begins to show what the leader sees; a follower shows zeroes. */
    void watch(List<RegionId> regions, Supplier<Optional<LeaderView>> view) {
        gauge("failover.leading", view, one -> 1);
        gauge("failover.epoch", view, one -> one.plan().version().epoch());
        gauge("failover.plan.seq", view, one -> one.plan().version().seq());
        gauge("failover.lease.left.seconds", view, one -> seconds(one.fence().left()));
        gauge(
                "failover.services.faulty",
                view,
                one -> faulty(one, List.of(ServiceVerdict.Gray.class, ServiceVerdict.Slow.class)));
        gauge(
                "failover.services.faulty.everywhere",
                view,
                one -> faulty(one, List.of(ServiceVerdict.ApplicationFault.class)));
        gauge(
                "failover.homes.closed",
                view,
                one -> Homes.of(one).stream().filter(home -> !home.isServed()).count());
        for (RegionId region : regions) {
            for (RegionPhase phase : RegionPhase.values()) {
                Gauge.builder(
                                "failover.region.phase",
                                view,
                                it -> ofRegion(it, region, one -> one.phase() == phase ? 1 : 0))
                        .tag("region", region.name())
                        .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                        .strongReference(true)
                        .register(meters);
            }
            Gauge.builder("failover.region.penalty", view, it -> ofRegion(it, region, RegionPlan::penalty))
                    .tag("region", region.name())
                    .strongReference(true)
                    .register(meters);
        }
    }

    /** Begins to show how old the evidence of a site is, infinitely where there is none, and what troubles it sees. */
    void watchSite(RegionId site, Supplier<List<SiteEvidence>> evidence) {
        Gauge.builder(
                        "failover.evidence.age.seconds",
                        evidence,
                        all -> all.get().stream()
                                .filter(one -> one.evidence().site().equals(site))
                                .mapToDouble(one -> seconds(one.held()))
                                .findFirst()
                                .orElse(Double.POSITIVE_INFINITY))
                .tag("site", site.name())
                .strongReference(true)
                .register(meters);
        for (PathTrouble trouble : PathTrouble.values()) {
            Gauge.builder("failover.paths.troubled", evidence, all -> troubled(site, trouble, all.get()))
                    .tag("site", site.name())
                    .tag("trouble", trouble.name().toLowerCase(Locale.ROOT))
                    .strongReference(true)
                    .register(meters);
        }
    }

    /** Gateways elsewhere, to which some observer of the site sees the way in that trouble. */
    private static long troubled(RegionId site, PathTrouble trouble, List<SiteEvidence> evidence) {
        return evidence.stream()
                .filter(one -> one.evidence().site().equals(site))
                .flatMap(one -> one.evidence().observers().stream())
                .flatMap(observer -> observer.paths().stream())
                .flatMap(path -> path.troubles().stream())
                .filter(one -> one.trouble() == trouble)
                .map(GatewayTrouble::gateway)
                .distinct()
                .count();
    }

    public void started(FailoverConfig config) {
        LOG.atInfo()
                .addKeyValue("site", config.site())
                .addKeyValue("mode", config.mode().word())
                .addKeyValue("api", config.operatorApi())
                .addKeyValue(
                        "console",
                        config.console().map(it -> it.listen().toString()).orElse("none"))
                .log("candidate for leadership started");
        config.notes().forEach(warning -> LOG.atWarn().log(warning));
    }

    void decided(Decision decision, Mode mode, boolean isWritten) {
        switch (decision) {
            case Decision.Hold hold ->
                hold.blocked().forEach(rule -> count("failover.moves.blocked", "rule", rule.name()));
            case Decision.Move move -> moved(move, mode, isWritten);
            case Decision.Steer steer -> steered(steer, mode, isWritten);
            case Decision.Settle settle -> settled(settle, mode, isWritten);
        }
    }

    private void settled(Decision.Settle settle, Mode mode, boolean isWritten) {
        count("failover.homes.settled", "outcome", outcome(mode, isWritten));
        LOG.atInfo()
                .addKeyValue("dst.service", settle.service())
                .addKeyValue("move", settle.text())
                .addKeyValue("reason", settle.reason())
                .addKeyValue("outcome", outcome(mode, isWritten))
                .log("home of a service with a single writer");
    }

    private void steered(Decision.Steer steer, Mode mode, boolean isWritten) {
        count(
                "failover.services.steered",
                "region",
                steer.region().name(),
                "to",
                steer.to().name().toLowerCase(Locale.ROOT),
                "outcome",
                outcome(mode, isWritten));
        LOG.atInfo()
                .addKeyValue("dst.service", steer.service())
                .addKeyValue("move", steer.text())
                .addKeyValue("reason", steer.reason())
                .addKeyValue("outcome", outcome(mode, isWritten))
                .log("service is steered");
    }

    private void moved(Decision.Move move, Mode mode, boolean isWritten) {
        count(
                "failover.moves",
                "region",
                move.region().name(),
                "to",
                move.to().phase().name().toLowerCase(Locale.ROOT),
                "outcome",
                outcome(mode, isWritten));
        LOG.atInfo()
                .addKeyValue("move", move.text())
                .addKeyValue("reason", move.reason())
                .addKeyValue("outcome", outcome(mode, isWritten))
                .log("region moves");
    }

    private static String outcome(Mode mode, boolean isWritten) {
        return switch (mode) {
            case DRY_RUN -> "dry_run";
            case AUTO -> isWritten ? "written" : "not_written";
        };
    }

    void written(PlanVersion version, int bytes) {
        count("failover.plan.writes");
        meters.summary("failover.plan.bytes").record(bytes);
        LOG.atDebug().addKeyValue("plan", version).addKeyValue("bytes", bytes).log("plan written");
    }

    /** A plan is written although its entry does not last yet. */
    void unrecorded(PlanVersion version, String why) {
        count("failover.decisions.unrecorded");
        LOG.atError()
                .addKeyValue("plan", version)
                .addKeyValue("reason", why)
                .log("decision is not in the ledger, the plan is written without");
    }

    /** The plan cannot be read, opened, recorded or written: nothing is decided, the last one stays. */
    void planTrouble(String why) {
        count("failover.plan.troubles");
        LOG.atWarn().addKeyValue("reason", why).log("no plan to decide on: the last good one stays in force");
    }

    /** Somebody asked the API for something. */
    void asked(String verb, String outcome, String caller) {
        count("failover.operator.requests", "verb", verb, "outcome", outcome);
        LOG.atInfo()
                .addKeyValue("verb", verb)
                .addKeyValue("outcome", outcome)
                .addKeyValue("src.identity", caller)
                .log("operator answered");
    }

    /** Begins to show how many commands wait for the leader. */
    void watchApi(OperatorApi api) {
        Gauge.builder("failover.operator.waiting", api, OperatorApi::waiting)
                .strongReference(true)
                .register(meters);
    }

    /** Begins to show how many watch the console. */
    void watchConsole(ConsoleServer console) {
        Gauge.builder("failover.console.watching", console, ConsoleServer::watching)
                .strongReference(true)
                .register(meters);
    }

    /** What its console tells. */
    ConsoleServer.Listener console() {
        return new ConsoleServer.Listener() {
            @Override
            public void onAnswered(int status, String caller) {
                count("failover.console.requests", "status", Integer.toString(status));
                LOG.atDebug()
                        .addKeyValue("status", status)
                        .addKeyValue("src.identity", caller)
                        .log("console answered");
            }

            @Override
            public void onDropped() {
                count("failover.console.dropped");
            }
        };
    }

    /** A stream of evidence is gone; it is opened again. */
    void feedLost(String replica, String why) {
        count("failover.evidence.lost", "replica", replica);
        LOG.atDebug().addKeyValue("replica", replica).addKeyValue("reason", why).log("evidence lost");
    }

    private void gauge(String name, Supplier<Optional<LeaderView>> view, ToDoubleFunction<LeaderView> value) {
        Gauge.builder(name, view, it -> it.get().map(value::applyAsDouble).orElse(0.0))
                .strongReference(true)
                .register(meters);
    }

    private static double ofRegion(
            Supplier<Optional<LeaderView>> view, RegionId region, ToDoubleFunction<RegionPlan> value) {
        return view.get()
                .flatMap(one -> one.plan().region(region))
                .map(value::applyAsDouble)
                .orElse(0.0);
    }

    private static double faulty(LeaderView view, List<Class<? extends ServiceVerdict>> verdicts) {
        return view.services().values().stream()
                .filter(sight -> sight.regions().values().stream()
                        .anyMatch(one -> verdicts.contains(one.verdict().getClass())))
                .count();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS_PER_SECOND;
    }

    private void count(String name, String... tags) {
        meters.counter(name, tags).increment();
    }
}
