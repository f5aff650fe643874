package io.beringia.scenarios.drill;

import java.util.List;

/** Nearest-rank quantiles. Pure. */
final class Quantile {
    private Quantile() {}

    /** The smallest value that at least that part, above 0 and at most 1, does not exceed; 0 of nothing. */
    static long of(List<Long> values, double part) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
