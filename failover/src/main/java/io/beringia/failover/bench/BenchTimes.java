package io.beringia.failover.bench;

import io.beringia.failover.bench.FailoverBenchMain.Figure;
import java.util.Collection;
import java.util.List;

/** Times of one kind, in nanoseconds, sorted; at least one. */
record BenchTimes(List<Long> nanos) {
    private static final double NANOS_PER_MILLI = 1e6;

    static BenchTimes of(Collection<Long> nanos) {
        if (nanos.isEmpty()) {
            throw new IllegalArgumentException("times: none (expected: at least 1)");
        }
        return new BenchTimes(nanos.stream().sorted().toList());
    }

    /** The smallest that is not below that part of all. */
    double millis(double part) {
        int rank = (int) Math.ceil(part * nanos.size());
        return nanos.get(Math.max(0, rank - 1)) / NANOS_PER_MILLI;
    }

    /** Middle, tail and worst. */
    List<Figure> figures(String name, String goalOfTail) {
        return List.of(
                new Figure(name + ", p50", "ms", millis(0.5), ""),
                new Figure(name + ", p99", "ms", millis(0.99), goalOfTail),
                new Figure(name + ", worst of " + nanos.size(), "ms", millis(1), ""));
    }
}
