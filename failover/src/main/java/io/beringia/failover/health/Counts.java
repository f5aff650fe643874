package io.beringia.failover.health;

import io.beringia.discovery.catalog.OutcomeCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What of an endpoint's counts is judged.
 *
 * @param firstBytes as {@link OutcomeCounts#firstBytes}
 */
public record Counts(Attempts attempts, List<Long> firstBytes) {
    static final Counts NONE = new Counts(Attempts.NONE, OutcomeCounts.NONE.firstBytes());

    public Counts {
        firstBytes = List.copyOf(firstBytes);
    }

    static Counts of(OutcomeCounts counts) {
        return new Counts(Attempts.of(counts), counts.firstBytes());
    }

    Counts plus(Counts more) {
        return new Counts(attempts.plus(more.attempts), sum(firstBytes, more.firstBytes));
    }

    /** What came since; everything where the counts began anew. */
    Counts since(Counts before) {
        List<Long> more = new ArrayList<>(firstBytes.size());
        for (int i = 0; i < firstBytes.size(); i++) {
            more.add(firstBytes.get(i) - before.firstBytes.get(i));
        }
        boolean isAnew = attempts.isLess(before.attempts) || more.stream().anyMatch(one -> one < 0);
        return isAnew ? this : new Counts(attempts.since(before.attempts), more);
    }

    boolean isNothing() {
        return attempts.tried() == 0 && firstBytes.stream().allMatch(one -> one == 0);
    }

    static List<Long> sum(List<Long> some, List<Long> more) {
        return LongStream.range(0, some.size())
                .mapToObj(i -> some.get((int) i) + more.get((int) i))
                .toList();
    }
}
