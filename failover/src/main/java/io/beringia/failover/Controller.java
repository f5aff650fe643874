package io.beringia.failover;

import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverRules;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Question;
import io.beringia.failover.decision.Situation;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.operator.LeaderView;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.operator.Reply;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * <p>Owned by the thread in {@link #run()}, or by whoever calls {@link #look()}; others ask and read {@link #latest()}.
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
    private final PlanSeal seal;
    private final Situations situations;
    private final PlanWriter writer;
    private final FailoverTelemetry telemetry;
    private final BlockingQueue<Asked> inbox = new ArrayBlockingQueue<>(INBOX_COMMANDS);

    private Optional<Office> office = Optional.empty();
    private volatile Optional<LeaderView> latest = Optional.empty();

    public Controller(
            Sources sources,
            FailoverPolicy policy,
            Mode mode,
            DecisionRecord record,
            PlanStore store,
            PlanSeal seal,
            Identity identity,
            FailoverTelemetry telemetry) {
        this.sources = sources;
        this.policy = policy;
        this.mode = mode;
        this.seal = seal;
        this.situations = new Situations(sources, policy, mode);
        this.writer = new PlanWriter(sources.clock(), policy, mode, record, store, seal, identity, telemetry);
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

    /** One look at everything, for whoever turns the clock himself. Never beside {@link #run()}. */
    public void look() throws InterruptedException {
        List<Asked> batch = new ArrayList<>();
        inbox.drainTo(batch);
        look(batch);
    }

    private void look(List<Asked> batch) throws InterruptedException {
        Optional<Term> term = sources.term().get();
        office = term.isEmpty() ? Optional.empty() : inOffice(term.get());
        for (Asked asked : batch) {
            asked.reply().complete(reply(asked));
        }
        Optional<Seen> seen = decide();
        if (office.isPresent() && seen.isPresent()) {
            refresh(office.get(), seen.get());
        }
        Optional<LeaderView> view = office.flatMap(now -> seen.map(last -> view(now, last)));
        latest = view;
        sources.shown().accept(view);
    }

    /** What one look was judged to be, and what came of it. Judging is most of the work, so it is done once. */
    private record Seen(Inputs inputs, Situation situation, Decision decision) {
        static Seen of(Inputs inputs) {
            Situation situation = inputs.situation();
            return new Seen(inputs, situation, FailoverRules.decide(situation));
        }
    }

    /** Steps until there is none left, or the plan is not certain any more. */
    private Optional<Seen> decide() throws InterruptedException {
        Optional<Seen> last = Optional.empty();
        for (int step = 0; step < STEPS_PER_REGION * policy.sites().regions().size(); step++) {
            if (office.isEmpty()) {
                return Optional.empty();
            }
            Seen seen = step(office.get());
            last = Optional.of(seen);
            if (seen.decision() instanceof Decision.Hold) {
                return last;
            }
        }
        return last;
    }

    /** The office of this term: as it is, or taken over with what stands in the store. */
    private Optional<Office> inOffice(Term term) throws InterruptedException {
        Optional<Office> same = office.filter(one -> one.term().epoch() == term.epoch());
        return same.isPresent() ? Optional.of(same.get().in(term)) : writer.takenOver(term);
    }

    private Seen step(Office now) throws InterruptedException {
        Seen seen = Seen.of(situations.of(now));
        Situation situation = seen.situation();
        office = switch (seen.decision()) {
            case Decision.Hold _ -> Optional.of(now.remembering(situation.memory()));
            case Decision.Move move ->
                decided(
                        seen,
                        now.remembering(remembered(move, situation)),
                        PlanRules.after(move, situation),
                        Cause.of(move));
            case Decision.Steer steer ->
                decided(seen, now.remembering(situation.memory()), PlanRules.after(steer, situation), Cause.of(steer));
            case Decision.Settle settle ->
                decided(
                        seen,
                        now.remembering(situation.memory()),
                        PlanRules.after(settle, situation),
                        Cause.of(settle));
        };
        telemetry.decided(seen.decision(), mode, office.isPresent());
        return seen;
    }

    private Optional<Office> decided(Seen seen, Office now, TrafficPlan plan, Cause cause) throws InterruptedException {
        return writer.written(now, plan, cause, new DecisionBasis(seen.inputs(), new Question.Decide()));
    }

    private Memory remembered(Decision.Move move, Situation situation) {
        return move instanceof Decision.Evacuate
                ? situation.memory().evacuated(situation.now(), policy.timing().rateWindow())
                : situation.memory();
    }

    /** Writes the plan once more when something of it has run out: an override, an overlay, its signature. */
    private void refresh(Office now, Seen seen) throws InterruptedException {
        if (!(seen.decision() instanceof Decision.Hold)) {
            return;
        }
        Inputs inputs = seen.inputs();
        Question question = new Question.Renew();
        TrafficPlan fresh = question.answer(seen.situation());
        boolean isOld = !now.signed().plus(seal.renewAfter()).isAfter(inputs.now());
        if (inputs.fence().holds() && (isOld || !fresh.equals(now.plan()))) {
            office = writer.written(now, fresh, Cause.RENEWAL, new DecisionBasis(inputs, question));
        }
    }

    private LeaderView view(Office now, Seen seen) {
        Situation situation = seen.situation().with(now.plan());
        return new LeaderView(
                now.plan(),
                situation.verdicts(),
                situation.services(),
                FailoverRules.objections(situation),
                FailoverRules.warnings(situation),
                seen.decision(),
                situation.fence(),
                switch (mode) {
                    case AUTO -> List.of();
                    case DRY_RUN -> List.of(Overlay.DRY_RUN);
                });
    }

    private Reply reply(Asked asked) throws InterruptedException {
        if (office.isEmpty()) {
            return sources.term().get().isPresent() && writer.trouble().isPresent()
                    ? new Reply.Failed(
                            "no plan to decide on: " + writer.trouble().get())
                    : new Reply.NoLeader();
        }
        DecisionBasis basis = new DecisionBasis(
                situations.of(office.get()), new Question.Obey(asked.command().asOverride()));
        Reply.Answered answered =
                Reply.Answered.of(asked.command(), basis.inputs().situation());
        return switch (asked) {
            case Asked.Imagine _ -> answered;
            case Asked.Do _ when answered.after().equals(answered.before()) -> answered;
            case Asked.Do _
            when mode == Mode.DRY_RUN -> new Reply.Failed("mode: dry-run (expected: auto; nothing is applied before)");
            case Asked.Do _ -> applied(answered, office.get(), Cause.of(asked.command()), basis);
        };
    }

    private Reply applied(Reply.Answered answered, Office now, Cause cause, DecisionBasis basis)
            throws InterruptedException {
        office = writer.written(now, answered.after(), cause, basis);
        return office.isPresent()
                ? new Reply.Answered(
                        answered.answer(), answered.before(), office.get().plan())
                : new Reply.Failed("plan: not written"
                        + writer.trouble().map(": "::concat).orElse("")
                        + " (expected: still the leader, and ZooKeeper in reach)");
    }

    /** A command in the inbox, and where its reply goes. */
    private sealed interface Asked {
        OperatorCommand command();

        CompletableFuture<Reply> reply();

        record Do(OperatorCommand command, CompletableFuture<Reply> reply) implements Asked {}

        record Imagine(OperatorCommand command, CompletableFuture<Reply> reply) implements Asked {}
    }
}
