package io.beringia.trust.rotator;

import io.beringia.trust.RotationTelemetry;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.rotation.Decision;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.RotationRules;
import io.beringia.trust.rotator.RotationOrder.Author;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Drives a rotation: looks, asks the rules, stores what they allow, has it on record, and then does it; again and again,
 * for what it did may not have come about. After a crash at any of these it goes on from what is stored: a phase is an
 * order, and to obey it twice is to obey it once. The platform thread {@code rotation} owns all of it; other threads give
 * orders through {@link #order} and read {@link #status}.
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
    private final RotationRules rules;
    private final OrderRules orders;
    private final RotationTelemetry telemetry;
    private final InstantSource clock;
    private final BlockingQueue<Optional<Given>> queue = new ArrayBlockingQueue<>(ORDERS_MAX);
    private final AtomicReference<RotationStatus> status;
    private final Thread thread = Thread.ofPlatform().name("rotation").unstarted(this::run);
    private Optional<RotationState> stored;
    private RotationState state;
    private RotationEvidence seen;
    private Optional<EntryKind> entry = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private volatile boolean closing;

    /** An order on its way, and who waits for it. */
    private record Given(RotationOrder order, Author author, CompletableFuture<RotationReply> reply) {}

    /** {@code stored} is what the store holds, {@code state} where the rotation stands, which is on record already. */
    RotationLoop(
            RotationStore store,
            RotationNotes notes,
            Mesh mesh,
            RotationRules rules,
            Optional<RotationState> stored,
            RotationState state,
            RotationTelemetry telemetry,
            InstantSource clock)
            throws IOException {
        this.store = store;
        this.notes = notes;
        this.mesh = mesh;
        this.rules = rules;
        this.orders = new OrderRules(rules);
        this.stored = stored;
        this.state = state;
        this.telemetry = telemetry;
        this.clock = clock;
        this.seen = mesh.look(state, clock.instant());
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
        if (closing || !queue.offer(Optional.of(new Given(order, author, reply)))) {
            reply.complete(new RotationReply.Failed(
                    closing ? "the role ends" : ORDERS_MAX + " orders at once (expected: fewer)"));
        }
        return reply;
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
        queue.forEach(given -> given.ifPresent(it -> it.reply().complete(new RotationReply.Failed("the role ends"))));
    }

    private void run() {
        try {
            while (!closing) {
                Optional<Given> given = queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                turn(given == null ? Optional.empty() : given);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look, and one step at most. Nobody's mistake ends the loop: the next turn tries again. */
    private void turn(Optional<Given> given) {
        try {
            catchUp();
            Instant now = clock.instant();
            seen = mesh.look(state, now);
            if (given.isPresent()) {
                answer(given.get(), now);
            } else {
                goOn(now);
            }
            trouble = Optional.empty();
        } catch (IOException | RuntimeException failed) {
            String why = String.valueOf(failed.getMessage());
            if (!trouble.equals(Optional.of(why))) {
                telemetry.troubled(why);
            }
            trouble = Optional.of(why);
            given.ifPresent(it -> it.reply().complete(new RotationReply.Failed(why)));
        }
        status.set(newest());
        telemetry.looked(status());
    }

    private RotationStatus newest() {
        Instant now = clock.instant();
        return new RotationStatus(
                state, seen, RotationStatus.missing(rules.next(state.phase(), seen, now)), trouble, now);
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

    private void goOn(Instant now) throws IOException {
        if (!state.isByHand() && rules.next(state.phase(), seen, now) instanceof Decision.Advance(var to, var _)) {
            move(state.on(to));
        }
    }

    private void answer(Given given, Instant now) throws IOException {
        OrderRules.Answer answer = orders.judge(state, given.order(), given.author(), seen, now);
        telemetry.ordered(given.order().verb(), given.author().id(), answer instanceof OrderRules.Obeyed);
        RotationReply reply = switch (answer) {
            case OrderRules.Obeyed(RotationState next) -> {
                move(next);
                yield new RotationReply.Done(newest());
            }
            case OrderRules.Held(Decision.Hold by) -> new RotationReply.Blocked(newest(), by.missing());
            case OrderRules.Refused(String why) -> new RotationReply.Refused(why);
        };
        given.reply().complete(reply);
    }

    /** Stored first: whatever else of it is missing after a crash follows from that. */
    private void move(RotationState next) throws IOException {
        if (state.phase() instanceof Stable && next.phase() instanceof Changing changing) {
            mesh.keep(changing);
        }
        store.replace(stored, next);
        boolean isStep = !next.phase().equals(state.phase());
        stored = Optional.of(next);
        state = next;
        entry = Optional.of(isStep ? EntryKind.ROTATION_TRANSITION : EntryKind.OVERRIDE);
        if (isStep) {
            telemetry.moved(next.phase(), next.by());
        }
        catchUp();
        seen = mesh.look(state, clock.instant());
    }
}
