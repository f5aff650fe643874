package io.beringia.discovery.reflex;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.StalePolicy;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the rules ten times a second, changed or not, so that a mass failure costs no more than a quiet day. Owned by the
 * thread in {@link #run()}, or by whoever calls {@link #look}; {@link #paths()} is its door.
 */
public final class ReflexLoop implements Runnable {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final String SIBLING = "gateway/";

    private final Supplier<RegionEvidence> evidence;
    private final Supplier<SortedMap<ClusterId, StalePolicy>> silent;
    private final Sink sink;
    private final Listener listener;
    private final LongSupplier nanoTime;
    private ReflexRules.Paths paths = ReflexRules.Paths.NONE;
    private LocalOverrides told = LocalOverrides.NONE;
    private volatile Map<String, String> words = Map.of();

    /**
     * @param evidence of our own site by now; must not wait
     * @param silent clusters without a sign of life by now, and what is told of them; asked on our thread only, must not wait
     */
    public ReflexLoop(
            Supplier<RegionEvidence> evidence,
            Supplier<SortedMap<ClusterId, StalePolicy>> silent,
            Sink sink,
            Listener listener,
            LongSupplier nanoTime) {
        this.evidence = evidence;
        this.silent = silent;
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
         * A way of our site now stands so.
         *
         * @param target a region, or {@code gateway/<name>} of our own cluster
         * @param now {@code open}, {@code shut}, {@code clean} or {@code ramping}
         */
        void onPath(String target, String before, String now);
    }

    /** Any thread. How the way to each region and each gateway of ours stands: {@code open}, {@code shut}, {@code clean} or {@code ramping}. */
    public Map<String, String> paths() {
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

    /**
     * One look, for whoever turns the clock himself. Never beside {@link #run()}.
     *
     * @param elapsed since the last one, at least zero
     */
    public void look(Duration elapsed) throws InterruptedException {
        ReflexRules.Paths next = ReflexRules.next(paths, evidence.get(), elapsed);
        report(next);
        paths = next;
        LocalOverrides overrides = next.overrides().with(silent.get());
        if (!overrides.equals(told)) {
            told = overrides;
            sink.onOverrides(overrides);
        }
    }

    private void report(ReflexRules.Paths next) {
        Map<String, String> now = new TreeMap<>();
        next.byRegion().forEach((region, path) -> now.put(region.name(), path.word()));
        next.byGateway().forEach((gateway, path) -> now.put(SIBLING + gateway, path.word()));
        now.forEach((target, word) -> {
            String before = words.getOrDefault(target, "open");
            if (!word.equals(before)) {
                listener.onPath(target, before, word);
            }
        });
        words = Map.copyOf(now);
    }
}
