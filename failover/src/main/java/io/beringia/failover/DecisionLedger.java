package io.beringia.failover;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.record.DecisionFile;
import io.beringia.failover.record.DecisionParts;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Records a leader's decisions in its ledger, each before anybody obeys it. Owned by the controller's thread. */
public final class DecisionLedger implements DecisionRecord {
    /** A sync takes milliseconds. Evidence that a decision waited for longer than this is old. */
    static final Duration SYNC_MAX = Duration.ofSeconds(1);

    private static final WriteResult NOTHING = new WriteResult.NotWritten("nothing was asked for yet");

    private final Ledger ledger;
    private final LedgerMode mode;
    private final LongSupplier nanoTime;

    private CompletableFuture<WriteResult> last = CompletableFuture.completedFuture(NOTHING);
    private Optional<Refusal> refusal = Optional.empty();

    public DecisionLedger(Ledger ledger, LedgerMode mode, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.mode = mode;
        this.nanoTime = nanoTime;
    }

    private record Refusal(String why, long nanos) {}

    @Override
    public Outcome record(TrafficPlan plan, Cause cause, DecisionBasis basis) throws InterruptedException {
        List<LedgerEvent> events = events(new DecisionFile(basis, plan), cause);
        return switch (mode) {
            case STRICT -> strictly(events);
            case DEFAULT -> asFarAsPossible(events);
        };
    }

    /** A disk that refuses is asked once a second, however often somebody wants to write. */
    private Outcome strictly(List<LedgerEvent> events) throws InterruptedException {
        Optional<Refusal> recent = refusal.filter(one -> nanoTime.getAsLong() - one.nanos < SYNC_MAX.toNanos());
        if (recent.isPresent()) {
            return new Outcome.Refused(recent.get().why);
        }
        return switch (awaited(append(events))) {
            case WriteResult.Written written -> lasting(written);
            case WriteResult.NotWritten not -> {
                refusal = Optional.of(new Refusal(not.why(), nanoTime.getAsLong()));
                yield new Outcome.Refused(not.why());
            }
        };
    }

    /** While the entry before this one waits for the disk, nobody waits for this one. */
    private Outcome asFarAsPossible(List<LedgerEvent> events) throws InterruptedException {
        boolean isBehind = !last.isDone();
        last = append(events);
        if (isBehind) {
            return new Outcome.Missing("entries wait for the disk");
        }
        return switch (awaited(last)) {
            case WriteResult.Written written -> lasting(written);
            case WriteResult.NotWritten not -> new Outcome.Missing(not.why());
        };
    }

    private static Outcome lasting(WriteResult.Written written) {
        return new Outcome.Lasting(
                new LedgerRef(written.log(), written.index(), written.leaf().hex()));
    }

    /** Written is the last of them, once all are. */
    private CompletableFuture<WriteResult> append(List<LedgerEvent> events) {
        return events.stream()
                .map(this::append)
                .reduce(CompletableFuture.completedFuture(NOTHING), DecisionLedger::both);
    }

    private static CompletableFuture<WriteResult> both(
            CompletableFuture<WriteResult> before, CompletableFuture<WriteResult> after) {
        return before.thenCombine(
                after, (one, other) -> one instanceof WriteResult.Written || one.equals(NOTHING) ? other : one);
    }

    private CompletableFuture<WriteResult> append(LedgerEvent event) {
        CompletableFuture<WriteResult> done = new CompletableFuture<>();
        ledger.append(event, done::complete);
        return done;
    }

    private static WriteResult awaited(CompletableFuture<WriteResult> done) throws InterruptedException {
        try {
            return done.get(SYNC_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            return new WriteResult.NotWritten("the disk took longer than " + SYNC_MAX.toSeconds() + " s");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("ledger: a result that nobody completes like this", impossible);
        }
    }

    /** One where it fits; else the last says who, when and why, and what stands before it is the same decision's. */
    private static List<LedgerEvent> events(DecisionFile decision, Cause cause) {
        TrafficPlan plan = decision.written();
        EntryKind kind = cause.operator().isPresent() ? EntryKind.FAILOVER_OVERRIDE : EntryKind.FAILOVER_DECISION;
        List<byte[]> parts = DecisionParts.of(decision);
        byte[] sha256 = DecisionParts.sha256(parts.isEmpty() ? decision.bytes() : DecisionParts.concatenated(parts));
        List<LedgerEvent> events = parts.stream()
                .map(part ->
                        LedgerEvent.of(kind).with(Field.PAYLOAD_SHA256, sha256).with(Field.PAYLOAD, part))
                .collect(Collectors.toCollection(ArrayList::new));
        LedgerEvent last =
                parts.isEmpty() ? LedgerEvent.of(kind).with(Field.PAYLOAD_SHA256, sha256) : events.removeLast();
        events.add(last.with(Field.EPOCH, plan.version().epoch())
                .with(Field.DECISION_SEQ, plan.version().seq())
                .with(Field.ACTOR, cause.operator().orElse(plan.leader()).toString())
                .with(Field.REASON, cause.reason()));
        return events;
    }
}
