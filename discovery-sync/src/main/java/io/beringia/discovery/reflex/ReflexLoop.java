package io.beringia.discovery.reflex;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.merge.LocalOverrides;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the rules ten times a second, changed or not, so that a mass failure costs no more than a quiet day. Owned by the
 * thread in {@link #run()}; {@link #paths()} is its door.
 */
public final class ReflexLoop implements Runnable {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final Supplier<RegionEvidence> evidence;
    private final Sink sink;
    private final Listener listener;
    private final LongSupplier nanoTime;
    private ReflexRules.Paths paths = ReflexRules.Paths.NONE;
    private LocalOverrides told = LocalOverrides.NONE;
    private volatile Map<RegionId, String> words = Map.of();

    /** @param evidence of our own site by now; must not wait */
    public ReflexLoop(Supplier<RegionEvidence> evidence, Sink sink, Listener listener, LongSupplier nanoTime) {
        this.evidence = evidence;
        this.sink = sink;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /** Where changed overrides go. */
    @FunctionalInterface
    public interface Sink {
        /** On our thread; may wait. */
        void onOverrides(LocalOverrides overrides) throws InterruptedException;
    }

    /** Hears of every change, on our thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The way from our site to that region now stands so.
         *
         * @param now {@code open}, {@code shut}, {@code clean} or {@code ramping}
         */
        void onPath(RegionId region, String before, String now);
    }

    /** Any thread. How the way to each region stands: {@code open}, {@code shut}, {@code clean} or {@code ramping}. */
    public Map<RegionId, String> paths() {
        return words;
    }

    @Override
    public void run() {
        long before = nanoTime.getAsLong();
        try {
            while (true) {
                Thread.sleep(PERIOD);
                long now = nanoTime.getAsLong();
                look(Duration.ofNanos(Math.max(0, now - before)));
                before = now;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Duration elapsed) throws InterruptedException {
        ReflexRules.Paths next = ReflexRules.next(paths, evidence.get(), elapsed);
        report(next);
        paths = next;
        LocalOverrides overrides = next.overrides();
        if (!overrides.equals(told)) {
            told = overrides;
            sink.onOverrides(overrides);
        }
    }

    private void report(ReflexRules.Paths next) {
        Map<RegionId, String> now = new TreeMap<>();
        next.byRegion().forEach((region, path) -> now.put(region, path.word()));
        now.forEach((region, word) -> {
            String before = words.getOrDefault(region, "open");
            if (!word.equals(before)) {
                listener.onPath(region, before, word);
            }
        });
        words = Map.copyOf(now);
    }
}
