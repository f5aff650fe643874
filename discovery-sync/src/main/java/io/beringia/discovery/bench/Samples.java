package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Figure;
import java.util.Collection;
import java.util.List;

/** Times of one kind, in nanoseconds, sorted. */
record Samples(List<Long> nanos) {
    static Samples of(Collection<Long> nanos) {
        if (nanos.isEmpty()) {
            throw new IllegalArgumentException("samples: none (expected: at least 1)");
        }
        return new Samples(nanos.stream().sorted().toList());
    }

    /** The smallest that is not below that part of all. */
    double millis(double part) {
        int rank = (int) Math.ceil(part * nanos.size());
        return nanos.get(Math.max(0, rank - 1)) / 1e6;
    }

    /** Middle, tail and worst. */
    List<Figure> figures(String name, String goalOfTail) {
        return List.of(
                new Figure(name + ", p50", "ms", millis(0.5), ""),
                new Figure(name + ", p99", "ms", millis(0.99), goalOfTail),
                new Figure(name + ", worst", "ms", millis(1), ""));
    }
}
