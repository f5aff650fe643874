package io.beringia.failover.decision;

import java.util.Comparator;
import java.util.stream.IntStream;

/** A whole split by weights into whole parts that add up to it exactly: the method of the largest remainder. */
final class Apportionment {
    private Apportionment() {}

    /**
     * Parts in the order of the weights; a weight of 0 gets 0, and of equal remainders the earlier one gets more.
     *
     * @param whole at least 0; times the largest weight it must fit into a long
     * @param weights at least 0 each, not all 0 unless the whole is 0
     */
    static long[] split(long whole, long[] weights) {
        long sum = IntStream.range(0, weights.length).mapToLong(i -> weights[i]).sum();
        if (sum == 0 && whole != 0) {
            throw new IllegalArgumentException("weights: all 0 (expected: one above 0 for a whole of " + whole + ")");
        }
        long[] parts = new long[weights.length];
        if (whole == 0) {
            return parts;
        }
        long left = whole;
        for (int i = 0; i < weights.length; i++) {
            parts[i] = Math.multiplyExact(whole, weights[i]) / sum;
            left -= parts[i];
        }
        byRemainder(whole, weights, sum).limit(left).forEach(i -> parts[i]++);
        return parts;
    }

    private static IntStream byRemainder(long whole, long[] weights, long sum) {
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(i -> -(whole * weights[i] % sum))
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue);
    }
}
