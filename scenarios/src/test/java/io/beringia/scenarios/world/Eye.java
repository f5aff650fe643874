package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.Observation;
import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.gateway.observe.Look;
import io.beringia.gateway.observe.PathTable.PathView;
import io.beringia.gateway.observe.ProbePlan;
import io.beringia.gateway.observe.ReportRules;
import io.beringia.gateway.observe.Symptoms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/** How one gateway watches another: the real plan of probes and the real rules, over simulated connections. */
final class Eye {
    private static final long REFUSING_MILLIS = 1_000;
    /** A connection that owes answers for so long is given up for a new one. */
    private static final long OWED_MILLIS = 4_000;
    /** No path is suspected sooner. */
    private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();

    private final WorldClock clock;
    private final Look look;
    private final Talk.Peer small;
    private final Talk.Peer large;
    private final LongSupplier numbers;
    private final List<Talk> warm = new ArrayList<>();
    private final List<Fresh> fresh = new ArrayList<>();
    private Standing standing;
    private ProbePlan plan;
    private long nextNanos;
    private long wakesMillis;
    private Symptoms symptoms = Symptoms.NONE;
    private long refusedMillis = Long.MIN_VALUE / 2;

    /** @param large the same peer for packets of full size */
    Eye(WorldClock clock, Look look, Talk.Peer small, Talk.Peer large, LongSupplier numbers, long phaseMillis) {
        this.clock = clock;
        this.look = look;
        this.small = small;
        this.large = large;
        this.numbers = numbers;
        this.standing = Standing.begun(clock.nanos());
        this.plan =
                ProbePlan.begun(clock.nanos(), Duration.ofMillis(phaseMillis).toNanos());
        this.nextNanos = clock.nanos();
        for (int i = 0; i < ProbePlan.WARM_CONNECTIONS; i++) {
            warm.add(opened());
        }
    }

    private record Fresh(Talk talk, boolean isLarge, long endsMillis) {}

    PathState state() {
        return standing.state();
    }

    PathView view() {
        return new PathView(
                standing.state(),
                Duration.ofNanos(standing.roundTrip().smoothedNanos()),
                symptoms.isExpiring(clock.nanos()));
    }

    ReportRules.Seen seen() {
        return new ReportRules.Seen(look, standing, clock.millis() - refusedMillis < REFUSING_MILLIS, troubles());
    }

    List<PathTrouble> troubles() {
        return symptoms.troubles(standing, clock.nanos());
    }

    Look look() {
        return look;
    }

    /** Whether its next tick may need to know that we are not cut off ourselves. */
    boolean isQuiet() {
        long silence = clock.nanos() - standing.heardNanos();
        return standing.state() != PathState.UP || silence > QUIET_NANOS;
    }

    /** Something was done to somebody: nothing that was foreseen holds. */
    void wake() {
        wakesMillis = clock.millis();
    }

    /** Sends what is due, hears what has come. */
    void step() {
        if (clock.millis() < wakesMillis) {
            return;
        }
        if (clock.nanos() - nextNanos >= 0) {
            ProbePlan.Due due = plan.due(standing, clock.nanos());
            plan = due.after();
            nextNanos = due.nextNanos();
            due.probes().forEach(this::send);
        }
        for (int i = 0; i < warm.size(); i++) {
            boolean isOver = hear(warm.get(i).step(clock.millis(), small), true);
            if (warm.get(i).isAcknowledged()) {
                symptoms = symptoms.acknowledged(clock.nanos());
            }
            if (isOver || clock.millis() >= warm.get(i).givenUp(OWED_MILLIS)) {
                warm.set(i, opened());
            }
        }
        for (Iterator<Fresh> all = fresh.iterator(); all.hasNext(); ) {
            Fresh one = all.next();
            hear(one.talk().step(clock.millis(), peer(one)), false);
            if (one.talk().isIdle() || clock.millis() >= one.endsMillis()) {
                all.remove();
                learn(one);
            }
        }
        wakesMillis = wakes();
    }

    private Talk.Peer peer(Fresh one) {
        return one.isLarge() && one.talk().isConnected() ? large : small;
    }

    private void learn(Fresh one) {
        if (one.talk().isIdle()) {
            symptoms = symptoms.proven(small.proven(), clock.nanos());
        }
        if (!one.isLarge() || !one.talk().isConnected()) {
            return;
        }
        symptoms = one.talk().isIdle() ? symptoms.largeThrough() : symptoms.largeLost(standing.state());
        if (symptoms.isDoubtful()) {
            plan = plan.largeNext();
        }
    }

    private long wakes() {
        long now = clock.millis();
        long first = now + Duration.ofNanos(nextNanos - clock.nanos()).toMillis();
        for (Talk talk : warm) {
            first = Math.min(first, Math.min(talk.wakes(now, small), talk.givenUp(OWED_MILLIS)));
        }
        for (Fresh one : fresh) {
            first = Math.min(first, Math.min(one.talk().wakes(now, peer(one)), one.endsMillis()));
        }
        return first;
    }

    void tick(int localHealth, boolean isControlled) {
        see(new Observation.Tick(clock.nanos(), localHealth, isControlled), true);
    }

    private void send(ProbePlan.Probe probe) {
        switch (probe) {
            case ProbePlan.Probe.Warm one -> warm.get(one.connection()).ask(clock.millis());
            case ProbePlan.Probe.Cold cold -> open(cold.words() == ProbePlan.Probe.Cold.LARGE);
            case ProbePlan.Probe.Race _ -> open(false);
        }
    }

    private void open(boolean isLarge) {
        Talk talk = opened();
        talk.ask(clock.millis());
        fresh.add(new Fresh(talk, isLarge, clock.millis() + ProbePlan.COLD_TIMEOUT.toMillis()));
    }

    private Talk opened() {
        return new Talk(numbers.getAsLong(), Talk.ROUND_TRIPS_TO_OPEN);
    }

    /** Whether the connection is over. */
    private boolean hear(Talk.News news, boolean isWarm) {
        return switch (news) {
            case Talk.News.Nothing _ -> false;
            case Talk.News.Answered answer -> {
                long trip = Duration.ofMillis(answer.tripMillis()).toNanos();
                see(new Observation.Success(clock.nanos(), trip), isWarm && answer.isMeasured());
                yield false;
            }
            case Talk.News.Refused refused -> {
                refusedMillis = clock.millis();
                see(new Observation.Refused(clock.nanos(), refused.connection()), false);
                yield true;
            }
        };
    }

    private void see(Observation seen, boolean isMeasured) {
        Standing next = PathRules.next(standing, seen, isMeasured);
        if (next.state() != standing.state()) {
            nextNanos = next.sinceNanos();
            wake();
        }
        standing = next;
    }
}
