package io.beringia.trust.bench;

import static io.beringia.trust.bench.TrustBenchMain.JDK;
import static io.beringia.trust.bench.TrustBenchMain.OURS;

import io.beringia.trust.bench.TrustBenchMain.Sample;
import io.beringia.trust.bench.TrustBenchMain.Scale;
import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Connections recorded as a gateway records them, in a ledger on the disk of the bench's folder. */
final class LedgerBench {
    private static final int PER_SECOND = 10_000;
    private static final int PER_MILLI = PER_SECOND / 1_000;

    /** Half of what the ledger's queue holds, so that nothing is lost however fast they come. */
    private static final int WAITING_MAX = 32_768;

    private static final int OCTETS = 16;

    /** About an entry with its frame. */
    private static final int ENTRY_BYTES = 256;

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final double MILLIS = 1e6;

    private final Path directory;
    private final Scale scale;

    LedgerBench(Path directory, Scale scale) {
        this.directory = directory;
        this.scale = scale;
    }

    List<Sample> take() throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        try (Ledger ledger = open(LedgerMode.DEFAULT)) {
            int records = scale.seconds() * PER_SECOND;
            recorded(ledger, records, false);
            for (int round = 0; round < scale.rounds(); round++) {
                double flatOut = recorded(ledger, records, false);
                samples.add(ours("records, as fast as they last", "1/s", false, ">= 10000", records / flatOut));
            }
            double before = Processor.secondsOf("ledger");
            double steadily = recorded(ledger, records, true);
            double share = 100 * (Processor.secondsOf("ledger") - before) / steadily;
            samples.add(ours("records, at a steady rate", "1/s", false, "10000", records / steadily));
            samples.add(ours("share of a core at that rate", "%", true, "<= 5", share));
        }
        return samples;
    }

    /** From the first until all last, in seconds. */
    private static double recorded(Ledger ledger, int records, boolean isPaced) throws InterruptedException {
        Semaphore places = new Semaphore(WAITING_MAX);
        LedgerEvent event = connection();
        long start = System.nanoTime();
        for (int i = 0; i < records; i++) {
            places.acquire();
            ledger.append(event, _ -> places.release());
            if (isPaced && i % PER_MILLI == 0) {
                long due = start + TimeUnit.MILLISECONDS.toNanos(i / PER_MILLI);
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            }
        }
        places.acquire(WAITING_MAX);
        return (System.nanoTime() - start) / 1e9;
    }

    /** What an entry adds for whoever waits until it lasts; beside it the disk's own share, a write and a sync. */
    List<Sample> strict() throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        Path file = directory.resolve("appended");
        try (Ledger ledger = open(LedgerMode.STRICT);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int round = -1; round < scale.rounds(); round++) {
                List<Long> ours = new ArrayList<>();
                List<Long> theirs = new ArrayList<>();
                for (int i = 0; i < scale.synced(); i++) {
                    ours.add(written(ledger));
                    theirs.add(appended(channel));
                }
                if (round >= 0) {
                    samples.addAll(waits(OURS, ours));
                    samples.addAll(waits(JDK, theirs));
                }
            }
        }
        return samples;
    }

    private static List<Sample> waits(String who, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return List.of(
                new Sample("strict entry, p50", "ms", true, "", who, part(sorted, 0.5)),
                new Sample("strict entry, p99", "ms", true, "<= 3", who, part(sorted, 0.99)));
    }

    private static double part(List<Long> sorted, double part) {
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1) / MILLIS;
    }

    private static long written(Ledger ledger) {
        long start = System.nanoTime();
        if (ledger.write(connection(), LONGEST).isEmpty()) {
            throw new IllegalStateException("ledger: no entry within " + LONGEST + " (expected: one)");
        }
        return System.nanoTime() - start;
    }

    private static long appended(FileChannel channel) throws IOException {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(ENTRY_BYTES));
        channel.force(false);
        return System.nanoTime() - start;
    }

    private Ledger open(LedgerMode mode) throws IOException {
        Path folder = Files.createTempDirectory(directory, "ledger-");
        return Ledger.open(
                new LedgerConfig(folder, "bench.example/beringia/bench/connections", mode),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
    }

    private static LedgerEvent connection() {
        return LedgerEvent.of(EntryKind.CONNECTION)
                .with(Decision.ALLOW)
                .with(Field.SOURCE_ID, BenchMesh.id(1).toString())
                .with(Field.DESTINATION_ID, BenchMesh.id(2).toString())
                .with(Field.SOURCE_LEAF, new byte[OCTETS])
                .with(Field.SOURCE_ROOT, new byte[OCTETS])
                .with(Field.GENERATION, 1)
                .with(Field.AUTHORITY, "cart.shop.svc.cluster.local:80")
                .with(Field.CONNECTION, new byte[OCTETS]);
    }

    private static Sample ours(String figure, String unit, boolean isLessBetter, String goal, double value) {
        return new Sample(figure, unit, isLessBetter, goal, OURS, value);
    }
}
