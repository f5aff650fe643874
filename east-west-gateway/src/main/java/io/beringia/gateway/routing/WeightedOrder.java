package io.beringia.gateway.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/** Random order by weight, without replacement: the heavier, the earlier, and what weighs nothing never. */
final class WeightedOrder {
    private WeightedOrder() {}

    /** What {@code as} makes of the first of that order, until there are {@code atMost}. Weights are zero or more. */
    static <T, R> List<R> pick(
            List<T> from, ToLongFunction<T> weight, Function<T, Optional<R>> as, int atMost, RandomGenerator random) {
        List<T> left = new ArrayList<>(from);
        long total = left.stream().mapToLong(weight).sum();
        List<R> picked = new ArrayList<>();
        while (total > 0 && picked.size() < atMost) {
            T next = left.remove(indexAt(left, weight, random.nextLong(total)));
            total -= weight.applyAsLong(next);
            as.apply(next).ifPresent(picked::add);
        }
        return picked;
    }

    /** All of them. */
    static <T> List<T> of(List<T> from, ToLongFunction<T> weight, RandomGenerator random) {
        return pick(from, weight, Optional::of, from.size(), random);
    }

    private static <T> int indexAt(List<T> from, ToLongFunction<T> weight, long point) {
        long passed = 0;
        for (int i = 0; i < from.size(); i++) {
            passed += weight.applyAsLong(from.get(i));
            if (point < passed) {
                return i;
            }
        }
        throw new IllegalStateException("point: " + point + " (expected: below the sum of weights, " + passed + ")");
    }
}
