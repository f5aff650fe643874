package io.beringia.failover.health;

import io.beringia.discovery.catalog.OutcomeCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long a service takes to say its first byte, ten seconds at a time. It is slow after three times ten seconds in which
 * one of twenty took longer than three times what is usual, and longer than anybody minds; until ten seconds are better.
 *
 * @param present first bytes of the present ten seconds, as {@link OutcomeCounts#firstBytes}
 * @param since when those began
 * @param slow how many times ten seconds were slow, without one between that was not
 * @param slowAt up to when it was slow the last time
 * @param last what one of twenty took longer than, in the last ten seconds that say anything, in milliseconds; 0 before
 * @param usual thousandths of first bytes that were not slow, those of each ten seconds weighed 1/360 less than the next
 */
public record Pace(List<Long> present, Instant since, int slow, Optional<Instant> slowAt, long last, List<Long> usual) {
    private static final Duration LENGTH = Duration.ofSeconds(10);
    private static final int SLOW_AFTER = 3;
    private static final int TIMES_USUAL = 3;

    /** One of so many may take longer. */
    private static final long SLOWEST = 20;

    /** Fewer say nothing. */
    private static final long PRESENT_MIN = 20;

    private static final long USUAL_MIN = 100;
    private static final long THOUSAND = 1_000;
    private static final long HOUR = 360;
    private static final List<Long> NOTHING = OutcomeCounts.NONE.firstBytes();

    public Pace {
        present = List.copyOf(present);
        usual = List.copyOf(usual);
    }

    static Pace begun(Instant now) {
        return new Pace(NOTHING, now, 0, Optional.empty(), 0, NOTHING);
    }

    /** @param minded what nobody minds is not slow, however much longer than usual it takes */
    Pace with(List<Long> more, Instant now, Duration minded) {
        Pace current = since.plus(LENGTH).isAfter(now) ? this : ended(now, minded);
        return new Pace(
                Counts.sum(current.present, more),
                current.since,
                current.slow,
                current.slowAt,
                current.last,
                current.usual);
    }

    boolean isSlow() {
        return slow >= SLOW_AFTER;
    }

    /** What one of twenty took longer than so far, in milliseconds; empty while too little is known. */
    OptionalLong usualMillis() {
        return slowest(usual, USUAL_MIN * THOUSAND);
    }

    private Pace ended(Instant now, Duration minded) {
        OptionalLong took = slowest(present, PRESENT_MIN);
        if (took.isEmpty()) {
            return new Pace(NOTHING, now, isSlow() ? slow : 0, slowAt, last, usual);
        }
        OptionalLong before = usualMillis();
        boolean isSlow =
                before.isPresent() && took.getAsLong() > Math.max(minded.toMillis(), TIMES_USUAL * before.getAsLong());
        int times = isSlow ? Math.min(slow + 1, SLOW_AFTER) : 0;
        return new Pace(
                NOTHING,
                now,
                times,
                times >= SLOW_AFTER ? Optional.of(now) : slowAt,
                took.getAsLong(),
                isSlow ? usual : learned());
    }

    private List<Long> learned() {
        List<Long> learned = new ArrayList<>(usual.size());
        for (int i = 0; i < usual.size(); i++) {
            learned.add(usual.get(i) * (HOUR - 1) / HOUR + present.get(i) * THOUSAND);
        }
        return learned;
    }

    /** The bound of counts above which no more than one of twenty lies. */
    private static OptionalLong slowest(List<Long> counts, long atLeast) {
        long all = counts.stream().mapToLong(Long::longValue).sum();
        if (all < atLeast) {
            return OptionalLong.empty();
        }
        long above = all;
        for (int i = 0; i < counts.size(); i++) {
            above -= counts.get(i);
            if (above * SLOWEST <= all) {
                return OptionalLong.of(1L << i);
            }
        }
        return OptionalLong.of(1L << counts.size());
    }
}
