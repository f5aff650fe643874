package io.beringia.scenarios.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Outlives the runner. It is told, a line each, what must not be left behind, and takes it away once its time is over or,
 * whichever way the runner ended, when its input does: the newest first, so that processes are gone before the namespace in
 * which they live. A frozen child cannot notice that its runner is gone; this can.
 *
 * <pre>
 * guard child 4711 1780000000000
 * guard-for 60000 table fault_1      milliseconds
 * release table fault_1
 * </pre>
 */
public final class Watchdog {
    /** A runner says a line for each child and fault: a full queue only makes it wait. */
    private static final int LINES_MAX = 64;

    private static final Duration FOREVER = Duration.ofDays(365);

    private final Map<Residue, Long> guarded = new LinkedHashMap<>();
    private int removed;

    private Watchdog() {}

    /** Returns when the input has ended and nothing is left; says how much had to be taken away. */
    public static int guard(BufferedReader lines) throws IOException {
        BlockingQueue<Optional<String>> heard = new ArrayBlockingQueue<>(LINES_MAX);
        Thread.ofVirtual().name("watchdog/input").start(() -> listen(lines, heard));
        Watchdog watchdog = new Watchdog();
        try {
            watchdog.watch(heard);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        watchdog.removeAll();
        return watchdog.removed;
    }

    private static void listen(BufferedReader lines, BlockingQueue<Optional<String>> heard) {
        try {
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    heard.put(Optional.of(line));
                }
            } finally {
                heard.put(Optional.empty());
            }
        } catch (IOException broken) {
            // As good as its end.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(BlockingQueue<Optional<String>> heard) throws InterruptedException {
        boolean isOver = false;
        while (!isOver) {
            Optional<String> line = heard.poll(untilNext(), TimeUnit.NANOSECONDS);
            expire();
            if (line != null) {
                line.ifPresent(this::obey);
                isOver = line.isEmpty();
            }
        }
    }

    private long untilNext() {
        long now = System.nanoTime();
        return guarded.values().stream()
                .mapToLong(end -> Math.max(0, end - now))
                .min()
                .orElse(FOREVER.toNanos());
    }

    private void obey(String line) {
        String[] words = line.split(" ", 2);
        String rest = words.length == 2 ? words[1] : "";
        switch (words[0]) {
            case "guard" -> Residue.parse(rest).ifPresent(it -> keep(it, FOREVER));
            case "guard-for" -> keepFor(rest);
            case "release" -> Residue.parse(rest).ifPresent(guarded::remove);
            default -> System.err.println("watchdog: \"" + line + "\" (expected: guard, guard-for or release)");
        }
    }

    private void keepFor(String rest) {
        String[] words = rest.split(" ", 2);
        if (words.length == 2 && words[0].matches("\\d{1,9}")) {
            Duration length = Duration.ofMillis(Long.parseLong(words[0]));
            Residue.parse(words[1]).ifPresent(it -> keep(it, length));
        }
    }

    private void keep(Residue residue, Duration length) {
        guarded.put(residue, System.nanoTime() + length.toNanos());
    }

    private void expire() {
        long now = System.nanoTime();
        List<Residue> over = guarded.entrySet().stream()
                .filter(entry -> entry.getValue() <= now)
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(this::remove);
    }

    private void removeAll() {
        new ArrayList<>(guarded.keySet()).reversed().forEach(this::remove);
    }

    private void remove(Residue residue) {
        guarded.remove(residue);
        if (residue.remove()) {
            removed++;
        }
    }
}
