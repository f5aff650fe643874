package io.beringia.trust.ledger;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Writes one log: batches as they come, a heartbeat and a checkpoint a second, few files of the tree at a time. Owned by
 * the ledger's thread, which calls {@link #write} and {@link #turn} in turn and never waits in either but for the disk.
 */
final class LedgerWriter {
    private static final int BOOT_BYTES = 16;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** So many waiting tiles call for one more file in each turn: the fuller the groups, the more tiles they fill. */
    private static final int TILES_PER_STEP = 32;

    /** A witness that takes longer costs every checkpoint this, and is served without. */
    private static final long COSIGN_MAX = 3 * SECOND;

    /** How often somebody looks whether witnesses answered. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private final TiledLog log;
    private final LedgerMode mode;
    private final LedgerEvents events;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Supplier<Traffic> traffic;
    private final Cosigners cosigners;

    /** Events that found no room or no disk since the last heartbeat that was written. */
    private final AtomicLong lost;

    private final String name;
    private final List<Pending> held = new ArrayList<>();
    private final long[] decided = new long[Decision.COUNT];
    private StreamHead head;
    private Traffic reported = Traffic.NONE;
    private Optional<SignedNote> asked = Optional.empty();
    private long askedAt;
    private boolean failing;
    private long nextHeartbeat;
    private long nextCheckpoint;
    private long nextWrite;
    private long nextStep;

    private LedgerWriter(TiledLog log, StreamHead head, NoteKey key, Setting setting) {
        this.log = log;
        this.head = head;
        this.name = key.name();
        this.mode = setting.mode();
        this.events = setting.events();
        this.clock = setting.clock();
        this.ticker = setting.ticker();
        this.traffic = setting.traffic();
        this.cosigners = setting.cosigners();
        this.lost = setting.lost();
        long now = ticker.getAsLong();
        nextHeartbeat = now + SECOND;
        nextCheckpoint = now;
        nextWrite = now;
        nextStep = now;
    }

    /** What a writer is given. */
    record Setting(
            LedgerMode mode,
            LedgerEvents events,
            InstantSource clock,
            LongSupplier ticker,
            Supplier<Traffic> traffic,
            Cosigners cosigners,
            AtomicLong lost) {}

    /** One event on its way, and who waits for it. */
    record Pending(LedgerEvent event, long timeNanos, Consumer<WriteResult> whenDone) {
        static Pending of(LedgerEvent event, InstantSource clock, Consumer<WriteResult> whenDone) {
            Instant now = clock.instant();
            return new Pending(event, now.getEpochSecond() * SECOND + now.getNano(), whenDone);
        }
    }

    /** Goes on where the last writer ended and says so in the first entry; throws where that cannot be written. */
    static LedgerWriter boot(LedgerDisk disk, NoteSigner signer, SecureRandom random, Setting setting)
            throws IOException {
        TiledLog log = TiledLog.open(disk, signer);
        byte[] boot = new byte[BOOT_BYTES];
        random.nextBytes(boot);
        StreamHead head = StreamHead.first(LogKey.writer(signer.key()), boot);
        LedgerWriter writer = new LedgerWriter(log, head, signer.key(), setting);
        Pending first = Pending.of(booted(log.last()), setting.clock(), result -> {});
        writer.append(List.of(first));
        return writer;
    }

    private static LedgerEvent booted(Optional<byte[]> last) {
        LedgerEvent event = LedgerEvent.of(EntryKind.BOOT);
        if (last.isEmpty()) {
            return event;
        }
        LedgerEntry entry = LedgerEntry.parse(last.get());
        return event.with(Field.PREVIOUS_BOOT, entry.boot())
                .with(Field.PREVIOUS_SEQ, entry.seq())
                .with(Field.PREVIOUS_LEAF, MerkleTree.leaf(last.get()).octets());
    }

    /** One group, one sync. */
    void write(List<Pending> batch) {
        held.addAll(batch);
        if (held.isEmpty() || ticker.getAsLong() < nextWrite) {
            return;
        }
        try {
            List<Pending> all = List.copyOf(held);
            append(all);
            held.clear();
            if (failing) {
                failing = false;
                events.recovered();
            }
        } catch (IOException e) {
            onFailure("write-ahead log: " + e.getMessage());
        }
    }

    /** Whether events wait for the disk: take no more, they wait in the queue. */
    boolean isHolding() {
        return !held.isEmpty();
    }

    /** Tries at once what waits for the disk; whether nothing waits any more. */
    boolean takesMore() {
        nextWrite = ticker.getAsLong();
        write(List.of());
        return !isHolding();
    }

    private void append(List<Pending> batch) throws IOException {
        long began = ticker.getAsLong();
        long index = log.size();
        List<Pending> fitting = new ArrayList<>(batch.size());
        List<Leaf> leaves = new ArrayList<>(batch.size());
        StreamHead next = head;
        for (Pending pending : batch) {
            Optional<Leaf> leaf = encode(next, pending);
            if (leaf.isPresent()) {
                fitting.add(pending);
                leaves.add(leaf.get());
                next = next.after(leaf.get().hash());
            }
        }
        log.append(leaves);
        head = next;
        events.written(leaves.size(), Duration.ofNanos(ticker.getAsLong() - began));
        for (int i = 0; i < leaves.size(); i++) {
            count(fitting.get(i).event());
            tell(
                    fitting.get(i),
                    new WriteResult.Written(name, index + i, leaves.get(i).hash()));
        }
    }

    private Optional<Leaf> encode(StreamHead next, Pending pending) {
        try {
            return Optional.of(Leaf.of(next.encode(pending.event(), pending.timeNanos())));
        } catch (IllegalArgumentException tooLong) {
            lose(pending, String.valueOf(tooLong.getMessage()));
            return Optional.empty();
        }
    }

    private void count(LedgerEvent event) {
        if (event.kind() == EntryKind.HEARTBEAT) {
            return;
        }
        event.value(Field.DECISION)
                .map(value -> ((CborValue.Whole) value).value())
                .filter(decision -> decision < decided.length)
                .ifPresent(decision -> decided[decision.intValue()]++);
    }

    private void onFailure(String why) {
        failing = true;
        events.failing(why);
        if (mode == LedgerMode.STRICT) {
            held.forEach(pending -> lose(pending, why));
            held.clear();
        } else {
            nextWrite = ticker.getAsLong() + SECOND;
        }
    }

    private void lose(Pending pending, String why) {
        if (pending.event().kind() != EntryKind.HEARTBEAT) {
            lost.incrementAndGet();
            events.lost(pending.event().kind(), why);
        }
        tell(pending, new WriteResult.NotWritten(why));
    }

    /** Whoever fails at being told must not end the ledger of all others. */
    private void tell(Pending pending, WriteResult result) {
        try {
            pending.whenDone().accept(result);
        } catch (RuntimeException theirs) {
            events.failing("whoever appended " + pending.event().kind() + " failed: " + theirs);
        }
    }

    /** What is due now. */
    void turn() {
        long now = ticker.getAsLong();
        if (now - nextHeartbeat >= 0 && !isHolding()) {
            nextHeartbeat = now + SECOND;
            heartbeat();
        }
        if (now - nextCheckpoint >= 0 && log.canSign()) {
            nextCheckpoint = now + SECOND;
            log.sign();
        }
        for (int i = 0; i <= log.unwrittenTiles() / TILES_PER_STEP && log.hasSteps() && now - nextStep >= 0; i++) {
            step();
        }
        log.awaiting().ifPresent(note -> serve(note, now));
    }

    /** As soon as every witness answered, or the slowest has had its time. */
    private void serve(SignedNote note, long now) {
        if (!asked.equals(Optional.of(note))) {
            asked = Optional.of(note);
            askedAt = now;
            cosigners.ask(note);
        }
        if (cosigners.haveAnswered(note) || now - askedAt >= COSIGN_MAX) {
            log.publish(cosigners.lines(note));
        }
    }

    /** How long until {@link #turn} has something to do, at most. */
    Duration idle() {
        long now = ticker.getAsLong();
        if (log.awaiting().isPresent()) {
            return LOOK;
        }
        long due = log.hasSteps() ? Math.max(now, nextStep) : Math.max(now, nextCheckpoint);
        return Duration.ofNanos(Math.max(0, Math.min(due, nextHeartbeat) - now));
    }

    private void heartbeat() {
        long missed = lost.getAndSet(0);
        long[] counted = decided.clone();
        Traffic now = traffic.get();
        LedgerEvent event = LedgerEvent.of(EntryKind.HEARTBEAT)
                .with(Field.COUNTERS, counters(now))
                .with(Field.LOST, missed);
        write(List.of(Pending.of(event, clock, result -> {
            if (result instanceof WriteResult.Written) {
                reported = now;
                for (int i = 0; i < counted.length; i++) {
                    decided[i] -= counted[i];
                }
            } else {
                lost.addAndGet(missed);
            }
        })));
    }

    private List<Long> counters(Traffic now) {
        return List.of(
                now.accepted() - reported.accepted(),
                now.failed() - reported.failed(),
                decided[Decision.ALLOW.number()],
                decided[Decision.DENY.number()],
                decided[Decision.CLOSE.number()],
                now.active());
    }

    private void step() {
        long before = log.publishedSize();
        try {
            log.step();
        } catch (IOException e) {
            nextStep = ticker.getAsLong() + SECOND;
            events.failing("tiles: " + e.getMessage());
        }
        if (log.publishedSize() != before) {
            events.published(log.publishedSize());
        }
    }

    /**
     * What was counted and lost since the last heartbeat, the last entry, and a checkpoint of everything; what the disk
     * does not take now stays in the write-ahead log.
     */
    void close() throws IOException {
        if (takesMore()) {
            heartbeat();
        }
        write(List.of(Pending.of(LedgerEvent.of(EntryKind.SHUTDOWN), clock, result -> {})));
        held.forEach(pending -> lose(pending, "the ledger has ended"));
        held.clear();
        try {
            publish();
            if (log.canSign()) {
                log.sign();
                publish();
            }
        } finally {
            log.close();
        }
    }

    private void publish() throws IOException {
        while (log.hasSteps() || log.awaiting().isPresent()) {
            if (log.hasSteps()) {
                log.step();
            } else {
                log.awaiting().ifPresent(note -> serve(note, ticker.getAsLong()));
                LockSupport.parkNanos(log.hasSteps() ? 0 : LOOK.toNanos());
            }
        }
    }
}
