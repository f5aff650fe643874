package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Observation;
import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.observe.PathTable.PathView;
import io.beringia.gateway.tls.TlsContexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One path under watch: where it stands, and the connections on which it is asked. Owned by its observer's thread. */
final class Watch {
    /** Warm connections are tried four times a second each: who refuses and is asked says so again within this. */
    private static final long REFUSING_NANOS = Duration.ofSeconds(1).toNanos();

    /** By then its pooled connections have missed a PING, and are closed with what they carried. */
    private static final long UNLISTED_NANOS = Duration.ofSeconds(30).toNanos();

    private final Connections connections;
    private final List<WarmLine> warm = new ArrayList<>();
    private Look look;
    private Standing standing;
    private ProbePlan plan;
    private Optional<Long> refusedNanos = Optional.empty();
    private Optional<Long> unlistedNanos = Optional.empty();
    private Symptoms symptoms = Symptoms.NONE;
    private List<PathTrouble> told = List.of();
    private long nextNanos;

    /** Makes connections to a gateway. */
    @FunctionalInterface
    interface Connections {
        ProbeLine open(Look look, ProbeConnection.Use use);
    }

    Watch(Look look, Connections connections, long nowNanos, long phaseNanos) {
        this.look = look;
        this.connections = connections;
        this.standing = Standing.begun(nowNanos);
        this.plan = ProbePlan.begun(nowNanos, phaseNanos);
        this.nextNanos = nowNanos;
        for (int i = 0; i < ProbePlan.WARM_CONNECTIONS; i++) {
            warm.add(new WarmLine());
        }
    }

    GatewayAddress gateway() {
        return look.gateway();
    }

    /** The same gateway, described anew. */
    void describe(Look newest) {
        look = newest;
        unlistedNanos = Optional.empty();
    }

    /** The catalog knows it no more; tunnels to it may go on. */
    void unlist(long nowNanos) {
        if (unlistedNanos.isEmpty()) {
            unlistedNanos = Optional.of(nowNanos);
        }
    }

    boolean isListed() {
        return unlistedNanos.isEmpty();
    }

    /** Nothing of ours can hang there any more. */
    boolean isOver(long nowNanos) {
        return unlistedNanos
                .filter(at -> isSibling() || state() == PathState.DOWN || nowNanos - at >= UNLISTED_NANOS)
                .isPresent();
    }

    Standing standing() {
        return standing;
    }

    PathState state() {
        return standing.state();
    }

    ReportRules.Seen seen(long nowNanos) {
        return new ReportRules.Seen(
                look,
                standing,
                refusedNanos.filter(at -> nowNanos - at < REFUSING_NANOS).isPresent(),
                symptoms.troubles(standing, nowNanos));
    }

    /** Packets of full size came through, or did not: one loss is followed up sooner than the next would be due. */
    void large(boolean isThrough) {
        symptoms = isThrough ? symptoms.largeThrough() : symptoms.largeLost(standing.state());
        if (symptoms.isDoubtful()) {
            plan = plan.largeNext();
        }
    }

    void acknowledged(long nowNanos) {
        symptoms = symptoms.acknowledged(nowNanos);
    }

    void proven(Duration left, long nowNanos) {
        symptoms = symptoms.proven(left, nowNanos);
    }

    /** Whether there was news of them. */
    boolean tellTroubles(GatewayTelemetry telemetry, long nowNanos) {
        List<PathTrouble> now = symptoms.troubles(standing, nowNanos);
        boolean isNews = !now.equals(told);
        if (isNews) {
            telemetry.troublesChanged(gateway(), told, now);
            told = now;
        }
        return isNews;
    }

    boolean isSibling() {
        return look.isSibling();
    }

    PathView view(long nowNanos) {
        return new PathView(
                standing.state(),
                Duration.ofNanos(standing.roundTrip().smoothedNanos()),
                symptoms.isExpiring(nowNanos));
    }

    void see(Observation seen, boolean isMeasured) {
        switch (seen) {
            case Observation.Success _ -> refusedNanos = Optional.empty();
            case Observation.Refused refused -> refusedNanos = Optional.of(refused.atNanos());
            case Observation.Tick _ -> {}
        }
        judged(PathRules.next(standing, seen, isMeasured));
    }

    /** A new state may want other probes. */
    private void judged(Standing next) {
        if (next.state() != standing.state()) {
            nextNanos = next.sinceNanos();
        }
        standing = next;
    }

    /** Sends what is due. */
    void probe(TlsContexts current, long nowNanos) {
        if (nowNanos - nextNanos < 0) {
            return;
        }
        ProbePlan.Due due = plan.due(standing, nowNanos);
        plan = due.after();
        nextNanos = due.nextNanos();
        due.probes().forEach(probe -> send(probe, current));
    }

    long nextNanos() {
        return nextNanos;
    }

    private void send(ProbePlan.Probe probe, TlsContexts current) {
        switch (probe) {
            case ProbePlan.Probe.Warm one ->
                warm.get(one.connection())
                        .ask(current, look, () -> connections.open(look, new ProbeConnection.Use.Warm()));
            case ProbePlan.Probe.Cold cold -> connections.open(look, new ProbeConnection.Use.Fresh(cold.words()));
            case ProbePlan.Probe.Race _ ->
                connections.open(look, new ProbeConnection.Use.Fresh(ProbePlan.Probe.Cold.SMALL));
        }
    }

    void close() {
        warm.forEach(WarmLine::close);
    }
}
