package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.RegionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the clients of one region saw in a while. */
final class Tally {
    private static final int PERCENT = 100;
    private static final int P99 = 99;

    private final List<Long> tookMillis = new ArrayList<>();
    private final List<Long> resetMillis = new ArrayList<>();
    private final SortedMap<RegionId, Long> served = new TreeMap<>();
    private long failed;
    private long attempts;
    private long dials;

    void served(RegionId by, long took) {
        served.merge(by, 1L, Long::sum);
        tookMillis.add(took);
    }

    void tried(int times) {
        attempts += times;
    }

    void failed() {
        failed++;
    }

    /** A tunnel was reset then. */
    void reset(long atMillis) {
        resetMillis.add(atMillis);
    }

    long failures() {
        return failed;
    }

    long total() {
        return tookMillis.size() + failed;
    }

    long served(RegionId by) {
        return served.getOrDefault(by, 0L);
    }

    /** Of all that were served. */
    long percent(RegionId by) {
        return tookMillis.isEmpty() ? 0 : Math.round((double) served(by) * PERCENT / tookMillis.size());
    }

    /** Attempts for a hundred dials of gateways. */
    long attemptsPercent() {
        return attempts * PERCENT / Math.max(1, dials);
    }

    void dialled() {
        dials++;
    }

    long tookP99() {
        return quantile(tookMillis);
    }

    long lastReset() {
        return resetMillis.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    long resets() {
        return resetMillis.size();
    }

    private static long quantile(List<Long> values) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * P99 / PERCENT));
    }
}
