package io.beringia.failover;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverRules;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.OperatorRules;
import io.beringia.failover.decision.OperatorRules.Answer;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Situation;
import io.beringia.failover.decision.Situation.Signs;
import io.beringia.failover.health.RegionRules;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Observe, judge, decide, write: one step of one region at a time, each one whole fenced plan. Without a term it does
 * nothing, and whatever goes wrong with a write makes it forget the plan and read it anew.
 *
 * <p>Owned by the thread in {@link #run()}; others ask and look at {@link #latest()}.
 */
public final class Controller implements Runnable {
    /** Operators are few; a fuller inbox is somebody's loop. */
    private static final int INBOX_COMMANDS = 64;

    /** At which evidence changes; a decision waits for at most one. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** Every region may make two steps at one moment, as from active over suspect to evacuating. */
    private static final int STEPS_PER_REGION = 2;

    private final Sources sources;
    private final FailoverPolicy policy;
    private final Mode mode;
    private final PlanStore store;
    private final PlanSeal seal;
    private final Identity identity;
    private final BlockingQueue<Asked> inbox = new ArrayBlockingQueue<>(INBOX_COMMANDS);

    private Optional<Office> office = Optional.empty();
    private volatile Optional<View> latest = Optional.empty();

    public Controller(
            Sources sources, FailoverPolicy policy, Mode mode, PlanStore store, PlanSeal seal, Identity identity) {
        this.sources = sources;
        this.policy = policy;
        this.mode = mode;
        this.store = store;
        this.seal = seal;
        this.identity = identity;
    }

    /** Whether decisions are applied. */
    public enum Mode {
        AUTO,
        /** Decides on a plan of its own that nobody reads. */
        DRY_RUN
    }

    /**
     * Where everything it looks at comes from; each is read once per look.
     *
     * @param clock never steps while the process lives
     */
    public record Sources(
            Supplier<Optional<Term>> term,
            Supplier<List<SiteEvidence>> evidence,
            Supplier<SortedMap<RegionId, Signs>> signs,
            InstantSource clock,
            LongSupplier nanoTime) {}

    /** For which mesh it decides, and as whom. */
    public record Identity(String mesh, SpiffeId leader) {}

    /** What it last saw and did, for people. */
    public record View(TrafficPlan plan, SortedMap<RegionId, RegionVerdict> verdicts, Decision decision, Fence fence) {}

    /** Any thread. Empty until we led once. */
    public Optional<View> latest() {
        return latest;
    }

    /** Any thread. Completes at the next look; at once if the inbox is full. */
    public CompletableFuture<Answer> ask(OperatorCommand command) {
        Asked asked = new Asked(command, new CompletableFuture<>());
        if (!inbox.offer(asked)) {
            asked.answer().complete(new Answer.Refused("commands waiting: " + INBOX_COMMANDS + " (expected: fewer)"));
        }
        return asked.answer();
    }

    @Override
    public void run() {
        List<Asked> batch = new ArrayList<>();
        try {
            while (true) {
                Asked first = inbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    inbox.drainTo(batch);
                }
                look(batch);
                batch.clear();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(List<Asked> batch) throws InterruptedException {
        Optional<Term> term = sources.term().get();
        office = term.isEmpty() ? Optional.empty() : inOffice(term.get());
        for (Asked asked : batch) {
            asked.answer().complete(answer(asked.command()));
        }
        for (int step = 0; step < STEPS_PER_REGION * policy.sites().regions().size(); step++) {
            if (office.isEmpty() || !step(office.get())) {
                return;
            }
        }
    }

    /** The office of this term: as it is, or taken over with what stands in the store. */
    private Optional<Office> inOffice(Term term) throws InterruptedException {
        Optional<Office> same = office.filter(one -> one.term().epoch() == term.epoch());
        if (same.isPresent()) {
            return Optional.of(same.get().in(term));
        }
        try {
            Optional<PlanStore.Stored> stored = store.read();
            TrafficPlan plan = stored.map(one -> seal.open(one.plan()))
                    .orElseGet(() -> PlanRules.first(
                            identity.mesh(),
                            policy,
                            identity.leader(),
                            sources.clock().instant()));
            int version = stored.map(PlanStore.Stored::version).orElse(PlanStore.NO_PLAN);
            Office fresh = new Office(
                    term, plan, version, 0, Memory.fresh(sources.clock().instant()));
            return written(fresh, plan);
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private boolean step(Office now) throws InterruptedException {
        Situation situation = situation(now);
        Decision decision = FailoverRules.decide(situation);
        office = switch (decision) {
            case Decision.Hold _ -> Optional.of(now.remembering(situation.memory()));
            case Decision.Move move ->
                written(now.remembering(remembered(move, situation)), PlanRules.after(move, situation));
        };
        latest = Optional.of(new View(office.orElse(now).plan(), situation.verdicts(), decision, situation.fence()));
        return decision instanceof Decision.Move;
    }

    private Memory remembered(Decision.Move move, Situation situation) {
        return move instanceof Decision.Evacuate
                ? situation.memory().evacuated(situation.now(), policy.timing().rateWindow())
                : situation.memory();
    }

    private Answer answer(OperatorCommand command) throws InterruptedException {
        if (office.isEmpty()) {
            return new Answer.Refused("no fenced leader here");
        }
        Situation situation = situation(office.get());
        Answer answer = OperatorRules.answer(command.asOverride(), situation);
        Optional<TrafficPlan> next = switch (answer) {
            case Answer.Obeyed obeyed -> Optional.of(PlanRules.after(obeyed.move(), situation));
            case Answer.Noted _ -> Optional.of(situation.plan());
            case Answer.Blocked _, Answer.Refused _ -> Optional.empty();
        };
        if (next.isEmpty()) {
            return answer;
        }
        Office now = office.get();
        office = written(now, PlanRules.noting(command.asOverride(), situation(now.with(next.get()))));
        return office.isPresent() ? answer : new Answer.Refused("the plan could not be written");
    }

    private Situation situation(Office now) {
        List<SiteEvidence> evidence = sources.evidence().get();
        SortedMap<RegionId, RegionVerdict> verdicts = new TreeMap<>();
        policy.sites()
                .regions()
                .forEach(region -> verdicts.put(region, RegionRules.judge(region, policy.sites(), evidence)));
        return new Situation(
                now.plan(),
                verdicts,
                sources.signs().get(),
                now.memory().seen(verdicts, sources.clock().instant()),
                now.term().fence(sources.nanoTime().getAsLong()),
                policy,
                sources.clock().instant());
    }

    /** The office with that plan as the newest; none if it is not certain to be. */
    private Optional<Office> written(Office now, TrafficPlan plan) throws InterruptedException {
        long seq = now.seq() + 1;
        TrafficPlan stamped = PlanRules.stamped(
                plan,
                new PlanVersion(now.term().epoch(), seq),
                identity.leader(),
                sources.clock().instant());
        if (mode == Mode.DRY_RUN) {
            return Optional.of(now.wrote(stamped, now.version(), seq));
        }
        return switch (store.write(now.term(), seal.seal(stamped), now.version())) {
            case PlanStore.Outcome.Written done -> Optional.of(now.wrote(stamped, done.version(), seq));
            case PlanStore.Outcome.Refused _, PlanStore.Outcome.Unclear _ -> Optional.empty();
        };
    }

    private record Asked(OperatorCommand command, CompletableFuture<Answer> answer) {}

    /** What a leader holds while its term lasts. */
    private record Office(Term term, TrafficPlan plan, int version, long seq, Memory memory) {
        Office in(Term renewed) {
            return new Office(renewed, plan, version, seq, memory);
        }

        Office with(TrafficPlan other) {
            return new Office(term, other, version, seq, memory);
        }

        Office remembering(Memory more) {
            return new Office(term, plan, version, seq, more);
        }

        Office wrote(TrafficPlan written, int at, long with) {
            return new Office(term, written, at, with, memory);
        }
    }
}
