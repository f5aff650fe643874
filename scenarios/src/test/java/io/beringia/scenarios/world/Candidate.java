package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.Controller;
import io.beringia.failover.operator.LeaderView;
import io.beringia.failover.zookeeper.Epoch;
import io.beringia.failover.zookeeper.Term;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One who may lead: the real controller, and an election as {@code Leadership} holds it, without its threads. */
final class Candidate {
    private static final Duration SESSION = Duration.ofMillis(Keeper.SESSION_MILLIS);
    private static final long BEAT_MILLIS = Keeper.SESSION_MILLIS / 8;
    private static final long HEAD_START_MILLIS = 1_000;

    private final WorldClock clock;
    private final RegionId site;
    private final boolean isWitness;
    private final Keeper keeper;
    private final LongSupplier accepted;
    private final RegionId witness;
    private Optional<Controller> controller = Optional.empty();
    private Condition process = Condition.RUNS;
    private Optional<Term> term = Optional.empty();
    private Optional<Term> last = Optional.empty();
    private long joinsMillis;
    private boolean mayYield;
    private boolean hasYielded;

    /** @param witness who should lead if it can */
    Candidate(WorldClock clock, RegionId site, RegionId witness, Keeper keeper, LongSupplier accepted) {
        this.clock = clock;
        this.site = site;
        this.isWitness = site.equals(witness);
        this.witness = witness;
        this.keeper = keeper;
        this.accepted = accepted;
        this.joinsMillis = isWitness ? 0 : HEAD_START_MILLIS;
    }

    /** A process begins anew with a controller that remembers nothing. */
    void run(Controller fresh) {
        controller = Optional.of(fresh);
        term = Optional.empty();
    }

    Controller controller() {
        return controller.orElseThrow();
    }

    RegionId site() {
        return site;
    }

    Condition process() {
        return process;
    }

    void become(Condition other) {
        process = other;
    }

    /** What of its lease is left, by its own clock. */
    Optional<Term> term() {
        return term.filter(one -> !one.left(clock.nanos()).isZero());
    }

    /** The term that it was last sure of, whatever became of it. */
    Optional<Term> lastTerm() {
        return last;
    }

    void shown(Optional<LeaderView> view) {
        mayYield = view.isPresent() && view.get().isIdle();
    }

    /** @param isLooking whether the controller is to look now */
    void step(boolean isLooking) throws InterruptedException {
        if (!process.isRunning(clock.millis())) {
            return;
        }
        if (clock.millis() % BEAT_MILLIS == 0) {
            beat();
        }
        if (isLooking) {
            controller().look();
        }
    }

    private void beat() {
        if (!keeper.serves(site)) {
            return;
        }
        keeper.ping(site);
        if (!keeper.isJoined(site)) {
            term = Optional.empty();
            if (clock.millis() >= joinsMillis) {
                keeper.join(site);
            }
            return;
        }
        if (!keeper.isFirst(site)) {
            term = Optional.empty();
        } else if (term.isPresent()) {
            term = term.map(one -> one.renewed(clock.nanos()));
            yieldIfWitnessed();
        } else {
            Epoch next = keeper.elected(accepted.getAsLong());
            term = Optional.of(new Term(next.value(), next.version(), 0, SESSION).renewed(clock.nanos()));
        }
        last = term.isPresent() ? term : last;
    }

    private void yieldIfWitnessed() {
        boolean isWitnessed = keeper.isJoined(witness);
        if (!isWitness && mayYield && isWitnessed && !hasYielded) {
            keeper.leave(site);
            joinsMillis = clock.millis() + HEAD_START_MILLIS;
            term = Optional.empty();
        }
        hasYielded = !isWitness && mayYield && isWitnessed;
    }
}
