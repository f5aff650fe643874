package io.beringia.failover;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.record.DecisionFile;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.WriteResult;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Records a leader's decisions in its ledger, each before anybody obeys it. Owned by the controller's thread. */
final class DecisionLedger implements DecisionRecord {
    /** A sync takes milliseconds. Evidence that a decision waited for longer than this is old. */
    static final Duration SYNC_MAX = Duration.ofSeconds(1);

    /** A log's entries end at 65,535 bytes; the rest is for who, when and why. */
    static final int PAYLOAD_BYTES_MAX = 60 * 1024;

    private static final WriteResult NOTHING = new WriteResult.NotWritten("nothing was asked for yet");

    private final Ledger ledger;
    private final LedgerMode mode;
    private final LongSupplier nanoTime;

    private CompletableFuture<WriteResult> last = CompletableFuture.completedFuture(NOTHING);
    private Optional<Refusal> refusal = Optional.empty();

    DecisionLedger(Ledger ledger, LedgerMode mode, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.mode = mode;
        this.nanoTime = nanoTime;
    }

    private record Refusal(String why, long nanos) {}

    @Override
    public Outcome record(TrafficPlan plan, Cause cause, DecisionBasis basis) throws InterruptedException {
        return switch (mode) {
            case STRICT -> strictly(event(new DecisionFile(basis, plan), cause));
            case DEFAULT -> asFarAsPossible(event(new DecisionFile(basis, plan), cause));
        };
    }

    /** A disk that refuses is asked once a second, however often somebody wants to write. */
    private Outcome strictly(LedgerEvent event) throws InterruptedException {
        Optional<Refusal> recent = refusal.filter(one -> nanoTime.getAsLong() - one.nanos < SYNC_MAX.toNanos());
        if (recent.isPresent()) {
            return new Outcome.Refused(recent.get().why);
        }
        return switch (awaited(append(event))) {
            case WriteResult.Written written -> lasting(written);
            case WriteResult.NotWritten not -> {
                refusal = Optional.of(new Refusal(not.why(), nanoTime.getAsLong()));
                yield new Outcome.Refused(not.why());
            }
        };
    }

    /** While the entry before this one waits for the disk, nobody waits for this one. */
    private Outcome asFarAsPossible(LedgerEvent event) throws InterruptedException {
        boolean isBehind = !last.isDone();
        last = append(event);
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

    /** What it followed from and the plan; where both are too much the plan alone, and in the end only their hash. */
    private static LedgerEvent event(DecisionFile decision, Cause cause) {
        TrafficPlan plan = decision.written();
        byte[] whole = decision.bytes();
        byte[] alone = PlanCodec.unsigned(plan);
        byte[] bytes = fits(whole) || !fits(alone) ? whole : alone;
        LedgerEvent event = LedgerEvent.of(
                        cause.operator().isPresent() ? EntryKind.FAILOVER_OVERRIDE : EntryKind.FAILOVER_DECISION)
                .with(Field.EPOCH, plan.version().epoch())
                .with(Field.DECISION_SEQ, plan.version().seq())
                .with(Field.ACTOR, cause.operator().orElse(plan.leader()).toString())
                .with(Field.REASON, cause.reason())
                .with(Field.PAYLOAD_SHA256, sha256(bytes));
        return fits(bytes) ? event.with(Field.PAYLOAD, bytes) : event;
    }

    private static boolean fits(byte[] bytes) {
        return bytes.length <= PAYLOAD_BYTES_MAX;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing in this Java", impossible);
        }
    }
}
