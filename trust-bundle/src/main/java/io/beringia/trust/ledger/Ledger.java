package io.beringia.trust.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The door to one log: events go in, entries last. Any thread, bounded; one thread of its own writes. */
public final class Ledger implements AutoCloseable {
    /** Six seconds of the load that we promise to carry; fuller, an event is lost and counted. */
    private static final int EVENTS_MAX = 65_536;

    /** One sync for at most so many. */
    private static final int GROUP_MAX = 512;

    /** How long a group may wait for more of it, where nobody waits for the first. */
    private static final long WINDOW_NANOS = Duration.ofMillis(5).toNanos();

    /** The longest that nobody looks whether the ledger is to end. */
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private final LedgerMode mode;
    private final NoteKey key;
    private final LedgerDisk disk;
    private final LedgerWriter writer;
    private final LedgerEvents events;
    private final InstantSource clock;
    private final AtomicLong lost;
    private final BlockingQueue<LedgerWriter.Pending> queue = new ArrayBlockingQueue<>(EVENTS_MAX);
    private final Cosigners cosigners;
    private final Path dir;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean ended;

    private Ledger(
            LedgerConfig config, NoteKey key, LedgerDisk disk, LedgerWriter writer, LedgerWriter.Setting setting) {
        this.cosigners = setting.cosigners();
        this.mode = config.mode();
        this.dir = config.dir();
        this.key = key;
        this.disk = disk;
        this.writer = writer;
        this.events = setting.events();
        this.clock = setting.clock();
        this.lost = setting.lost();
        this.thread = Thread.ofPlatform().name("ledger").unstarted(this::run);
    }

    /** Nobody cosigns it. */
    public static Ledger open(
            LedgerConfig config, LedgerEvents events, Supplier<Traffic> traffic, InstantSource clock) {
        return open(config, Optional.empty(), events, traffic, clock);
    }

    /** Throws {@link UncheckedIOException} on a disk that fails or a log that cannot be continued. */
    public static Ledger open(
            LedgerConfig config,
            Optional<Cosigning> cosigning,
            LedgerEvents events,
            Supplier<Traffic> traffic,
            InstantSource clock) {
        try {
            LedgerDisk disk = FolderDisk.open(config.dir());
            try {
                return open(disk, config, cosigning, events, traffic, clock);
            } catch (IOException | RuntimeException refused) {
                disk.close();
                throw refused;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("ledger " + config.dir() + ": " + e.getMessage(), e);
        }
    }

    private static Ledger open(
            LedgerDisk disk,
            LedgerConfig config,
            Optional<Cosigning> cosigning,
            LedgerEvents events,
            Supplier<Traffic> traffic,
            InstantSource clock)
            throws IOException {
        SecureRandom random = new SecureRandom();
        NoteSigner signer = LogKey.open(disk, config.name(), NoteKey.Type.NOTE, random);
        Cosigners cosigners = cosigning
                .<Cosigners>map(it -> Witnesses.start(it, signer.key(), TiledLog.served(config.dir()), events))
                .orElse(Cosigners.NONE);
        LedgerWriter.Setting setting = new LedgerWriter.Setting(
                config.mode(), events, clock, System::nanoTime, traffic, cosigners, new AtomicLong());
        try {
            LedgerWriter writer = LedgerWriter.boot(disk, signer, random, setting);
            Ledger ledger = new Ledger(config, signer.key(), disk, writer, setting);
            ledger.thread.start();
            return ledger;
        } catch (IOException | RuntimeException refused) {
            cosigners.close();
            throw refused;
        }
    }

    /** What it serves. Any thread. */
    public LogSource served() {
        return TiledLog.served(dir);
    }

    /** By which its checkpoints are verified. */
    public NoteKey key() {
        return key;
    }

    /** Nobody waits for it. */
    public void append(LedgerEvent event) {
        append(event, result -> {});
    }

    /** Tells {@code whenDone} once, on the ledger's thread or this one: it must only post to an owner of its own. */
    public void append(LedgerEvent event, Consumer<WriteResult> whenDone) {
        String why = closing ? "the ledger has ended" : EVENTS_MAX + " events wait for the disk";
        if (closing || !queue.offer(LedgerWriter.Pending.of(event, clock, whenDone))) {
            lost.incrementAndGet();
            events.lost(event.kind(), why);
            whenDone.accept(new WriteResult.NotWritten(why));
        } else if (ended) {
            refuseRest();
        }
    }

    /** Waits until it lasts; empty where it does not within {@code longest}, although it may later on. */
    public Optional<WriteResult.Written> write(LedgerEvent event, Duration longest) {
        CompletableFuture<WriteResult> done = new CompletableFuture<>();
        append(event, done::complete);
        try {
            return done.get(longest.toMillis(), TimeUnit.MILLISECONDS) instanceof WriteResult.Written written
                    ? Optional.of(written)
                    : Optional.empty();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException notInTime) {
            return Optional.empty();
        }
    }

    private void run() {
        List<LedgerWriter.Pending> group = new ArrayList<>();
        try {
            while (!closing || !queue.isEmpty() && writer.takesMore()) {
                gather(group);
                writer.write(group);
                group.clear();
                writer.turn();
            }
            writer.close();
        } catch (InterruptedException | IOException | RuntimeException failed) {
            closing = true;
            events.failing("ledger ends: " + failed);
        } finally {
            ended = true;
            refuseRest();
        }
    }

    private void gather(List<LedgerWriter.Pending> group) throws InterruptedException {
        long wait = Math.min(LOOK_NANOS, writer.idle().toNanos());
        if (writer.isHolding()) {
            TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
            return;
        }
        LedgerWriter.Pending first = queue.poll(wait, TimeUnit.NANOSECONDS);
        if (first == null) {
            return;
        }
        group.add(first);
        if (mode == LedgerMode.DEFAULT && queue.size() < GROUP_MAX) {
            // Once for all that come meanwhile: to be woken by each costs more than to write it.
            TimeUnit.NANOSECONDS.sleep(WINDOW_NANOS);
        }
        queue.drainTo(group, GROUP_MAX - group.size());
    }

    private void refuseRest() {
        List<LedgerWriter.Pending> rest = new ArrayList<>();
        queue.drainTo(rest);
        rest.forEach(pending -> {
            events.lost(pending.event().kind(), "the ledger has ended");
            pending.whenDone().accept(new WriteResult.NotWritten("the ledger has ended"));
        });
    }

    /** Writes what is there, says that this was meant, and publishes all of it. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_MAX);
            cosigners.close();
            disk.close();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
