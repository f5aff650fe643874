package io.beringia.failover;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Question;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Reads the plan when an office is taken over, and writes each next one; or only says what it would have written. Owned
 * by the controller's thread.
 */
final class PlanWriter {
    private final InstantSource clock;
    private final FailoverPolicy policy;
    private final Mode mode;
    private final DecisionRecord record;
    private final PlanStore store;
    private final PlanSeal seal;
    private final Controller.Identity identity;
    private final FailoverTelemetry telemetry;

    private Optional<String> trouble = Optional.empty();

    PlanWriter(
            InstantSource clock,
            FailoverPolicy policy,
            Mode mode,
            DecisionRecord record,
            PlanStore store,
            PlanSeal seal,
            Controller.Identity identity,
            FailoverTelemetry telemetry) {
        this.clock = clock;
        this.policy = policy;
        this.mode = mode;
        this.record = record;
        this.store = store;
        this.seal = seal;
        this.identity = identity;
        this.telemetry = telemetry;
    }

    /** Why there was no plan the last time; empty since one was written. */
    Optional<String> trouble() {
        return trouble;
    }

    /** The office of a new term: with the plan that stands in the store, written again under our own epoch. */
    Optional<Office> takenOver(Term term) throws InterruptedException {
        Instant now = clock.instant();
        try {
            Optional<PlanStore.Stored> stored = store.read();
            TrafficPlan plan = stored.map(one -> seal.open(one.plan()))
                    .orElseGet(() -> PlanRules.first(identity.mesh(), policy, identity.leader(), now));
            int version = stored.map(PlanStore.Stored::version).orElse(PlanStore.NO_PLAN);
            Office office = new Office(term, plan, version, counted(plan, term), now, Memory.fresh(now));
            return written(office, plan, Cause.TERM, new DecisionBasis(begun(office, now), new Question.TakeOver()));
        } catch (IOException | IllegalArgumentException unreadable) {
            inTrouble(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    /** Nobody has looked at anything yet. */
    private Inputs begun(Office office, Instant now) {
        return new Inputs(office.plan(), office.plan().version(), List.of(), office.memory(), Fence.NONE, policy, now);
    }

    /** A term that forgot its plan goes on counting where it was: consumers refuse whatever does not rise. */
    private static long counted(TrafficPlan plan, Term term) {
        return plan.version().epoch() == term.epoch() ? plan.version().seq() : 0;
    }

    /** The office with that plan as the newest; none if it is not certain to be. */
    Optional<Office> written(Office now, TrafficPlan plan, Cause cause, DecisionBasis basis)
            throws InterruptedException {
        Instant moment = clock.instant();
        TrafficPlan stamped =
                PlanRules.stamped(plan, new PlanVersion(now.term().epoch(), now.seq() + 1), identity.leader(), moment);
        return switch (mode) {
            case DRY_RUN -> Optional.of(now.wrote(stamped, now.version(), moment));
            case AUTO -> recorded(now, stamped, cause, basis, moment);
        };
    }

    /** The entry lasts before the plan stands anywhere: a crash leaves an entry without a plan, and never the reverse. */
    private Optional<Office> recorded(Office now, TrafficPlan stamped, Cause cause, DecisionBasis basis, Instant moment)
            throws InterruptedException {
        return switch (record.record(stamped, cause, basis)) {
            case DecisionRecord.Outcome.Lasting(LedgerRef where) ->
                stored(now, PlanRules.recorded(stamped, where), moment);
            case DecisionRecord.Outcome.Missing(String why) -> {
                telemetry.unrecorded(stamped.version(), why);
                yield stored(now, stamped, moment);
            }
            case DecisionRecord.Outcome.Unwanted() -> stored(now, stamped, moment);
            case DecisionRecord.Outcome.Refused(String why) -> {
                inTrouble("ledger: " + why + " (expected: an entry before its plan, as ledger.mode strict asks)");
                yield Optional.empty();
            }
        };
    }

    private Optional<Office> stored(Office now, TrafficPlan stamped, Instant moment) throws InterruptedException {
        byte[] sealed;
        try {
            sealed = seal.seal(stamped);
        } catch (IllegalArgumentException unsealable) {
            inTrouble(String.valueOf(unsealable.getMessage()));
            return Optional.empty();
        }
        return switch (store.write(now.term(), sealed, now.version())) {
            case PlanStore.Outcome.Written done -> {
                trouble = Optional.empty();
                telemetry.written(stamped.version(), sealed.length);
                yield Optional.of(now.wrote(stamped, done.version(), moment));
            }
            case PlanStore.Outcome.Refused no -> {
                inTrouble(no.why());
                yield Optional.empty();
            }
            case PlanStore.Outcome.Unclear unclear -> {
                inTrouble(unclear.why());
                yield Optional.empty();
            }
        };
    }

    /** Said once, however often it is tried. */
    private void inTrouble(String why) {
        if (!trouble.equals(Optional.of(why))) {
            telemetry.planTrouble(why);
        }
        trouble = Optional.of(why);
    }
}
