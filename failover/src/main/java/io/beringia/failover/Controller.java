package io.beringia.failover;

import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverRules;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.OperatorRules;
import io.beringia.failover.decision.OperatorRules.Answer;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.SignRules;
import io.beringia.failover.decision.Situation;
import io.beringia.failover.health.RegionRules;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import io.beringia.failover.operator.LeaderView;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.operator.Reply;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
import java.util.function.Consumer;
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
    private final FailoverTelemetry telemetry;
    private final BlockingQueue<Asked> inbox = new ArrayBlockingQueue<>(INBOX_COMMANDS);

    private Optional<Office> office = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private volatile Optional<LeaderView> latest = Optional.empty();

    public Controller(
            Sources sources,
            FailoverPolicy policy,
            Mode mode,
            PlanStore store,
            PlanSeal seal,
            Identity identity,
            FailoverTelemetry telemetry) {
        this.sources = sources;
        this.policy = policy;
        this.mode = mode;
        this.store = store;
        this.seal = seal;
        this.identity = identity;
        this.telemetry = telemetry;
    }

    /**
     * Where everything it looks at comes from; each is read once per look.
     *
     * @param shown told after every look what {@link #latest()} is now; must only post
     * @param clock never steps while the process lives
     */
    public record Sources(
            Supplier<Optional<Term>> term,
            Supplier<List<SiteEvidence>> evidence,
            Consumer<Optional<LeaderView>> shown,
            InstantSource clock,
            LongSupplier nanoTime) {}

    /** For which mesh it decides, and as whom. */
    public record Identity(String mesh, SpiffeId leader) {}

    /** Any thread. Empty while we do not lead. */
    public Optional<LeaderView> latest() {
        return latest;
    }

    /** Any thread. Completes at the next look; at once if the inbox is full. */
    public CompletableFuture<Reply> ask(OperatorCommand command) {
        return post(new Asked.Do(command, new CompletableFuture<>()));
    }

    /** Any thread. The same answer, and nothing is done. */
    public CompletableFuture<Reply> whatIf(OperatorCommand command) {
        return post(new Asked.Imagine(command, new CompletableFuture<>()));
    }

    private CompletableFuture<Reply> post(Asked asked) {
        if (!inbox.offer(asked)) {
            asked.reply().complete(new Reply.Failed("commands waiting: " + INBOX_COMMANDS + " (expected: fewer)"));
        }
        return asked.reply();
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
            asked.reply().complete(reply(asked));
        }
        Optional<Decision> decision = decide();
        if (office.isPresent()) {
            refresh(office.get());
        }
        Optional<LeaderView> view = office.flatMap(now -> decision.map(last -> view(now, last)));
        latest = view;
        sources.shown().accept(view);
    }

    /** Steps until there is none left, or the plan is not certain any more. */
    private Optional<Decision> decide() throws InterruptedException {
        Optional<Decision> last = Optional.empty();
        for (int step = 0; step < STEPS_PER_REGION * policy.sites().regions().size(); step++) {
            if (office.isEmpty()) {
                return Optional.empty();
            }
            Decision decision = step(office.get());
            last = Optional.of(decision);
            if (decision instanceof Decision.Hold) {
                return last;
            }
        }
        return last;
    }

    /** The office of this term: as it is, or taken over with what stands in the store. */
    private Optional<Office> inOffice(Term term) throws InterruptedException {
        Optional<Office> same = office.filter(one -> one.term().epoch() == term.epoch());
        if (same.isPresent()) {
            return Optional.of(same.get().in(term));
        }
        Instant now = sources.clock().instant();
        try {
            Optional<PlanStore.Stored> stored = store.read();
            TrafficPlan plan = stored.map(one -> seal.open(one.plan()))
                    .orElseGet(() -> PlanRules.first(identity.mesh(), policy, identity.leader(), now));
            int version = stored.map(PlanStore.Stored::version).orElse(PlanStore.NO_PLAN);
            return written(new Office(term, plan, version, 0, now, Memory.fresh(now)), plan);
        } catch (IOException | IllegalArgumentException unreadable) {
            inTrouble(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    private Decision step(Office now) throws InterruptedException {
        Situation situation = situation(now);
        Decision decision = FailoverRules.decide(situation);
        office = switch (decision) {
            case Decision.Hold _ -> Optional.of(now.remembering(situation.memory()));
            case Decision.Move move ->
                written(now.remembering(remembered(move, situation)), PlanRules.after(move, situation));
        };
        telemetry.decided(decision, mode, office.isPresent());
        return decision;
    }

    private Memory remembered(Decision.Move move, Situation situation) {
        return move instanceof Decision.Evacuate
                ? situation.memory().evacuated(situation.now(), policy.timing().rateWindow())
                : situation.memory();
    }

    /** Writes the plan once more when something of it has run out: an override, an overlay, its signature. */
    private void refresh(Office now) throws InterruptedException {
        Situation situation = situation(now);
        TrafficPlan fresh = PlanRules.refreshed(situation);
        boolean isOld = !now.signed().plus(seal.renewAfter()).isAfter(situation.now());
        if (situation.fence().holds() && (isOld || !fresh.equals(now.plan()))) {
            office = written(now, fresh);
        }
    }

    private LeaderView view(Office now, Decision decision) {
        Situation situation = situation(now);
        return new LeaderView(
                now.plan(),
                situation.verdicts(),
                FailoverRules.objections(situation),
                decision,
                situation.fence(),
                switch (mode) {
                    case AUTO -> List.of();
                    case DRY_RUN -> List.of(Overlay.DRY_RUN);
                });
    }

    private Reply reply(Asked asked) throws InterruptedException {
        if (office.isEmpty()) {
            return sources.term().get().isPresent() && trouble.isPresent()
                    ? new Reply.Failed("no plan to decide on: " + trouble.get())
                    : new Reply.NoLeader();
        }
        Reply.Answered answered = answered(asked.command(), office.get());
        return switch (asked) {
            case Asked.Imagine _ -> answered;
            case Asked.Do _ when answered.after().equals(answered.before()) -> answered;
            case Asked.Do _
            when mode == Mode.DRY_RUN -> new Reply.Failed("mode: dry-run (expected: auto; nothing is applied before)");
            case Asked.Do _ -> applied(answered, office.get());
        };
    }

    private Reply applied(Reply.Answered answered, Office now) throws InterruptedException {
        office = written(now, answered.after());
        return office.isPresent()
                ? new Reply.Answered(
                        answered.answer(), answered.before(), office.get().plan())
                : new Reply.Failed("plan: not written (expected: still the leader, and ZooKeeper in reach)");
    }

    private Reply.Answered answered(OperatorCommand command, Office now) {
        Situation situation = situation(now);
        Answer answer = OperatorRules.answer(command.asOverride(), situation);
        TrafficPlan after = switch (answer) {
            case Answer.Obeyed obeyed -> noting(command, now.with(PlanRules.after(obeyed.move(), situation)));
            case Answer.Noted _ -> noting(command, now);
            case Answer.Blocked _, Answer.Refused _ -> now.plan();
        };
        return new Reply.Answered(answer, now.plan(), after);
    }

    private TrafficPlan noting(OperatorCommand command, Office now) {
        return PlanRules.noting(command.asOverride(), situation(now));
    }

    private Situation situation(Office now) {
        List<SiteEvidence> evidence = sources.evidence().get();
        Sites sites = policy.sites();
        SortedMap<RegionId, RegionVerdict> verdicts = new TreeMap<>();
        SortedMap<RegionId, Integer> observing = new TreeMap<>();
        for (RegionId region : sites.regions()) {
            verdicts.put(region, RegionRules.judge(region, sites, evidence));
            observing.put(region, RegionRules.observing(region, sites, evidence));
        }
        Instant moment = sources.clock().instant();
        return new Situation(
                now.plan(),
                verdicts,
                observing,
                SignRules.signs(published(now), evidence),
                now.memory().seen(verdicts, moment),
                now.term().fence(sources.nanoTime().getAsLong()),
                policy,
                moment);
    }

    private PlanVersion published(Office now) {
        return switch (mode) {
            case AUTO -> now.plan().version();
            case DRY_RUN -> PlanVersion.NONE;
        };
    }

    /** The office with that plan as the newest; none if it is not certain to be. */
    private Optional<Office> written(Office now, TrafficPlan plan) throws InterruptedException {
        Instant moment = sources.clock().instant();
        TrafficPlan stamped =
                PlanRules.stamped(plan, new PlanVersion(now.term().epoch(), now.seq() + 1), identity.leader(), moment);
        return switch (mode) {
            case DRY_RUN -> Optional.of(now.wrote(stamped, now.version(), moment));
            case AUTO -> stored(now, stamped, moment);
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

    /** A command in the inbox, and where its reply goes. */
    private sealed interface Asked {
        OperatorCommand command();

        CompletableFuture<Reply> reply();

        record Do(OperatorCommand command, CompletableFuture<Reply> reply) implements Asked {}

        record Imagine(OperatorCommand command, CompletableFuture<Reply> reply) implements Asked {}
    }
}
