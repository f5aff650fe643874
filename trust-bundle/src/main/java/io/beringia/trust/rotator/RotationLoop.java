package io.beringia.trust.rotator;

import io.beringia.trust.RotationTelemetry;
import io.beringia.trust.authority.SigningSlots;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.rotation.Decision;
import io.beringia.trust.rotation.Missing;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.RotationRules;
import io.beringia.trust.rotator.RotationOrder.Author;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Drives a rotation, or has it driven by another cluster that leads: looks, asks the rules, stores what they allow, has it on record, and then does it; again and again,
 * for what it did may not have come about. After a crash at any of these it goes on from what is stored: a phase is an
 * order, and to obey it twice is to obey it once. The platform thread {@code rotation} owns all of it; other threads give
 * orders through {@link #order} and {@link #call}, and read {@link #status}.
 */
final class RotationLoop implements AutoCloseable {
    /** Clients have new roots within a second; nothing of a rotation is in more of a hurry. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** Operators are people; more orders at once are a mistake. */
    private static final int ORDERS_MAX = 16;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private final RotationStore store;
    private final RotationNotes notes;
    private final Mesh mesh;
    private final Clusters clusters;
    private final IntermediateSwap swap;
    private final RotationRules rules;
    private final OrderRules orders;
    private final RotationTelemetry telemetry;
    private final InstantSource clock;
    private final BlockingQueue<Optional<Asked>> queue = new ArrayBlockingQueue<>(ORDERS_MAX);
    private final AtomicReference<RotationStatus> status;
    private final Thread thread = Thread.ofPlatform().name("rotation").unstarted(this::run);
    private Optional<RotationState> stored;
    private RotationState state;
    private Sight sight;
    private RotationEvidence seen;
    private IntermediateSwap.Due due;
    private Awaited awaited = Awaited.NOTHING;
    private Optional<EntryKind> entry = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private Optional<String> lastRefused = Optional.empty();
    private volatile boolean closing;

    /** {@code stored} is what the store holds, {@code state} where the rotation stands, which is on record already. */
    RotationLoop(
            RotationStore store,
            RotationNotes notes,
            Mesh mesh,
            Clusters clusters,
            IntermediateSwap swap,
            RotationRules rules,
            Optional<RotationState> stored,
            RotationState state,
            RotationTelemetry telemetry,
            InstantSource clock)
            throws IOException {
        this.store = store;
        this.notes = notes;
        this.mesh = mesh;
        this.clusters = clusters;
        this.swap = swap;
        this.rules = rules;
        this.orders = new OrderRules(rules);
        this.stored = stored;
        this.state = state;
        this.telemetry = telemetry;
        this.clock = clock;
        Instant now = clock.instant();
        this.sight = mesh.look(state, now);
        this.seen = clusters.join(sight, state, now);
        this.due = swap.due(now);
        this.status = new AtomicReference<>(newest());
    }

    void start() {
        thread.start();
    }

    /** Where it stood at the last look. Any thread. */
    RotationStatus status() {
        return Objects.requireNonNull(status.get());
    }

    /** Any thread. The answer comes within seconds, or when the loop ends. */
    CompletableFuture<RotationReply> order(RotationOrder order, Author author) {
        CompletableFuture<RotationReply> reply = new CompletableFuture<>();
        put(new Asked.Given(order, author, reply));
        return reply;
    }

    /** Any thread. {@code cluster} has proved that it is the caller's; the answer comes as that to an order. */
    CompletableFuture<PeerReply> call(PeerCall call, String cluster) {
        CompletableFuture<PeerReply> reply = new CompletableFuture<>();
        put(new Asked.Called(call, cluster, reply));
        return reply;
    }

    private void put(Asked asked) {
        if (closing || !queue.offer(Optional.of(asked))) {
            asked.fail(closing ? "the role ends" : ORDERS_MAX + " orders at once (expected: fewer)");
        }
    }

    /** Ends after what is being done. */
    @Override
    public void close() {
        closing = true;
        queue.offer(Optional.empty());
        try {
            thread.join(CLOSE_MAX);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        queue.forEach(asked -> asked.ifPresent(it -> it.fail("the role ends")));
    }

    private void run() {
        try {
            while (!closing) {
                Optional<Asked> asked = queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                turn(asked == null ? Optional.empty() : asked);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look, and one step at most. Nobody's mistake ends the loop: the next turn tries again. */
    private void turn(Optional<Asked> asked) {
        try {
            catchUp();
            look();
            Optional<String> refused = takeOver();
            Instant now = FenceRules.after(state.phase(), clock.instant());
            if (asked.isPresent()) {
                answer(asked.get(), now);
            } else {
                goOn(now);
            }
            swap(now);
            trouble = refused;
        } catch (IOException | RuntimeException failed) {
            String why = String.valueOf(failed.getMessage());
            if (!trouble.equals(Optional.of(why))) {
                telemetry.troubled(why);
            }
            trouble = Optional.of(why);
            asked.ifPresent(it -> it.fail(why));
        }
        clusters.tell(state);
        status.set(newest());
        telemetry.looked(status());
    }

    private void look() throws IOException {
        Instant now = clock.instant();
        sight = mesh.look(state, now);
        seen = clusters.join(sight, state, now);
    }

    /** Whoever follows asks no gate: it sees its own cluster alone. */
    private RotationStatus newest() {
        boolean isAsked = clusters.seat(state).role() != LeadRules.Role.FOLLOWS;
        return waiting(isAsked ? RotationStatus.missing(rules.next(state.phase(), seen, clock.instant())) : List.of());
    }

    private RotationStatus waiting(List<Missing> missing) {
        Instant now = clock.instant();
        awaited = awaited.then(missing, now);
        return new RotationStatus(state, seen, awaited, trouble, now, clusters.seat(state), clusters.heard(), due);
    }

    /** What is stored is put on record and then done, as often as it takes. */
    private void catchUp() throws IOException {
        if (entry.isPresent()
                && notes.write(entry.get(), state, seen.toString()).isPresent()) {
            entry = Optional.empty();
        }
        if (entry.isPresent()) {
            throw new IOException("rotation: the ledger takes no entry (expected: a disk that works)");
        }
        mesh.obey(state.phase());
    }

    /** Once every cluster has promised itself to us: from where the newest of them stands; what is wrong with that, if anything. */
    private Optional<String> takeOver() throws IOException {
        Optional<RotationState> newest = clusters.confirmed(state);
        if (newest.isPresent()) {
            PeerCall order = new PeerCall.Order(newest.get());
            switch (FenceRules.judge(state, sight.candidate(), order, clusters.own())) {
                case FenceRules.Agreed _ -> clusters.lead(state.lead());
                case FenceRules.Follow(RotationState next) -> move(next);
                case FenceRules.Refused(PeerRefusal why, String detail) -> {
                    return Optional.of("lead: " + why.word() + ", " + detail);
                }
            }
        }
        return Optional.empty();
    }

    /** Of the cluster's own intermediate, while no root changes: that brings another one along. */
    private void swap(Instant now) throws IOException {
        due = swap.due(now);
        if (due.step() == SigningSlots.Step.ACTIVATE && state.phase() instanceof Stable) {
            notes.signs(swap.laidOut(), state);
            telemetry.swapped(swap.activate().certificate().getNotAfter().toInstant());
            due = swap.due(now);
            look();
        }
    }

    private void goOn(Instant now) throws IOException {
        boolean isOurs = switch (clusters.seat(state).role()) {
            case ALONE, LEADS -> !state.isByHand();
            case CLAIMS, FOLLOWS -> false;
        };
        if (isOurs && rules.next(state.phase(), seen, now) instanceof Decision.Advance(var to, var _)) {
            move(state.on(to));
        }
    }

    private void answer(Asked asked, Instant now) throws IOException {
        switch (asked) {
            case Asked.Given given -> answer(given, now);
            case Asked.Called called -> answer(called);
        }
    }

    private void answer(Asked.Given given, Instant now) throws IOException {
        OrderRules.Answer answer = orders.judge(state, given.order(), given.author(), clusters.seat(state), seen, now);
        telemetry.ordered(given.order().verb(), given.author().id(), answer instanceof OrderRules.Obeyed);
        RotationReply reply = switch (answer) {
            case OrderRules.Obeyed(RotationState next) -> {
                move(next);
                yield new RotationReply.Done(newest());
            }
            case OrderRules.Held(Decision.Hold by) -> new RotationReply.Blocked(waiting(by.missing()));
            case OrderRules.Refused(String why) -> {
                notes.refused(given.author().id(), clusters.own(), given.order().verb(), why, state);
                yield new RotationReply.Refused(why);
            }
        };
        clusters.hurry();
        given.reply().complete(reply);
    }

    private void answer(Asked.Called called) throws IOException {
        PeerReply reply = switch (FenceRules.judge(state, sight.candidate(), called.call(), called.cluster())) {
            case FenceRules.Agreed _ -> report();
            case FenceRules.Follow(RotationState next) -> {
                move(next);
                yield report();
            }
            case FenceRules.Refused(PeerRefusal why, String detail) -> {
                refused(called.cluster(), why.word(), detail);
                yield new PeerReply.Refused(why, detail, state.lead());
            }
        };
        called.reply().complete(reply);
    }

    private PeerReply report() {
        return new PeerReply.Agreed(new PeerReport(clusters.own(), clock.instant(), state, sight));
    }

    private void refused(String cluster, String word, String detail) {
        Optional<String> why = Optional.of(cluster + " " + word + " " + detail);
        boolean isNews = !lastRefused.equals(why);
        lastRefused = why;
        telemetry.peerRefused(cluster, word, detail, isNews);
        if (isNews) {
            notes.refused("trust role", cluster, word, detail, state);
        }
    }

    /** Stored first: whatever else of it is missing after a crash follows from that. */
    private void move(RotationState next) throws IOException {
        if (FenceRules.isBeginning(state.phase(), next.phase()) && next.phase() instanceof Changing changing) {
            mesh.keep(changing);
        }
        store.replace(stored, next);
        boolean isStep = !next.phase().equals(state.phase());
        boolean isPromise = !next.lead().equals(state.lead());
        stored = Optional.of(next);
        state = next;
        entry = Optional.of(isStep || isPromise ? EntryKind.ROTATION_TRANSITION : EntryKind.OVERRIDE);
        if (isStep) {
            telemetry.moved(next.phase(), next.by());
        }
        catchUp();
        look();
    }
}
