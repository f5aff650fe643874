package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.attack.Measured.Round;
import io.beringia.scenarios.attack.Measured.Window;
import io.beringia.scenarios.connect.Http2Error;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One siege, its rounds and what is left after them. Owned by the pack's thread. */
final class SiegeRun {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double P99 = 0.99;
    private static final Duration READY_WITHIN = Duration.ofSeconds(1);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** Sockets of neighbours that come and go meanwhile. */
    private static final int DESCRIPTORS_SLACK = 8;
    /** Netty takes memory in chunks of that size. */
    private static final long DIRECT_SLACK_BYTES = 4L << 20;

    private final Siege siege;
    private final Stand stand;
    private List<Attacker> attackers = List.of();

    SiegeRun(Siege siege, Stand stand) {
        this.siege = siege;
        this.stand = stand;
    }

    Measured take() throws IOException, InterruptedException {
        List<Round> rounds = new ArrayList<>();
        for (int i = 1; i < siege.rounds(); i++) {
            rounds.add(round());
            attackers.forEach(Attacker::close);
        }
        Level before = settled();
        rounds.add(round());
        Level during = level();
        attackers.forEach(Attacker::close);
        return measured(rounds, before, during, back(before));
    }

    /** Hands are shaken before the window, by whoever shakes hands at all. */
    private Round round() throws IOException, InterruptedException {
        Window without = window();
        CountDownLatch start = new CountDownLatch(1);
        attackers = IntStream.range(0, siege.attackers())
                .mapToObj(_ -> new Attacker(stand.site(), start))
                .toList();
        for (Attacker attacker : attackers) {
            Thread.ofPlatform().daemon().name("attacker").start(() -> attack(attacker));
            attacker.awaitReady(READY_WITHIN);
        }
        start.countDown();
        Window with = window();
        attackers.forEach(Attacker::end);
        return new Round(without, with);
    }

    private void attack(Attacker attacker) {
        try {
            siege.assault().play(attacker);
        } catch (IOException refused) {
            // What it could not do is no harm done.
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private Window window() throws IOException, InterruptedException {
        stand.neighbours().take();
        double cpu = stand.figures().cpuSeconds();
        double wait = stand.figures().loopWaitSeconds();
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(siege.window().toNanos());
        double spent = stand.figures().cpuSeconds() - cpu;
        double waited = stand.figures().loopWaitSeconds() - wait;
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        Neighbours.Heard heard = stand.neighbours().take();
        return new Window(
                seconds, spent, waited, p99(heard.nanos()), heard.nanos().size(), heard.failures());
    }

    /** Nearest rank; as long as the window where nobody heard anything. */
    private double p99(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty() ? siege.window().toNanos() : sorted.get((int) Math.ceil(P99 * sorted.size()) - 1);
    }

    private record Level(int descriptors, long directBytes, OptionalLong heapBytes) {}

    private Level level() throws IOException, InterruptedException {
        GatewayFigures figures = stand.figures();
        return new Level(figures.descriptors(), figures.directBytes(), figures.liveHeapBytes());
    }

    private Level settled() throws IOException, InterruptedException {
        stand.neighbours().rest();
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.multipliedBy(10).toNanos());
        Level level = level();
        stand.neighbours().goOn();
        return level;
    }

    private record Back(OptionalDouble seconds, String levels) {}

    private Back back(Level before) throws IOException, InterruptedException {
        stand.neighbours().rest();
        try {
            long start = System.nanoTime();
            long elapsed = 0;
            String levels = "";
            while (elapsed <= BACK_WITHIN.toNanos()) {
                int descriptors = stand.figures().descriptors();
                long direct = stand.figures().directBytes();
                elapsed = System.nanoTime() - start;
                levels = "descriptors " + before.descriptors() + " -> " + descriptors + ", direct memory "
                        + before.directBytes() + " -> " + direct + " bytes";
                if (descriptors <= before.descriptors() + DESCRIPTORS_SLACK
                        && direct <= before.directBytes() + DIRECT_SLACK_BYTES) {
                    return new Back(OptionalDouble.of(elapsed / NANOS_PER_SECOND), levels);
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
            return new Back(OptionalDouble.empty(), levels);
        } finally {
            stand.neighbours().goOn();
        }
    }

    private Measured measured(List<Round> rounds, Level before, Level during, Back back) {
        double each = Math.max(
                siege.attackers(),
                attackers.stream().mapToInt(Attacker::connections).sum());
        return new Measured(
                rounds,
                each,
                before.heapBytes().isPresent() && during.heapBytes().isPresent()
                        ? OptionalDouble.of((during.heapBytes().getAsLong()
                                        - before.heapBytes().getAsLong())
                                / each)
                        : OptionalDouble.empty(),
                (during.directBytes() - before.directBytes()) / each,
                attackers.stream().mapToLong(Attacker::sentBytes).sum() / each,
                attackers.stream()
                        .flatMap(attacker -> Stream.of(attacker.toleratedSeconds())
                                .filter(OptionalDouble::isPresent)
                                .map(OptionalDouble::getAsDouble))
                        .toList(),
                (int) attackers.stream()
                        .filter(Attacker::wentTooFar)
                        .filter(attacker -> attacker.toleratedSeconds().isEmpty())
                        .count(),
                attackers.stream()
                        .flatMap(attacker -> attacker.goodbye().stream())
                        .findFirst()
                        .map(Http2Error::word),
                back.seconds(),
                back.levels());
    }
}
