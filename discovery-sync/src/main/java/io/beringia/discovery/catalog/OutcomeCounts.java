package io.beringia.discovery.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How attempts ended, and what became of the tunnels that came of them: what is seen of a service from the user's side.
 * Immutable; counts of different moments or places add up, in any order.
 *
 * @param attempts by how they ended; what is not there is zero
 * @param closed tunnels that are over
 * @param aborted those of them that were not ended by who asked, nor in order
 * @param bytesUp from those who asked
 * @param bytesDown to them
 * @param firstBytes of tunnels that are over, by the time from the first byte up to the first byte down: below 1 ms, 2 ms,
 *     4 ms and so on to 16,384 ms, and longer
 */
public record OutcomeCounts(
        Map<Outcome, Long> attempts, long closed, long aborted, long bytesUp, long bytesDown, List<Long> firstBytes) {
    /** Entries of {@link #firstBytes}. */
    public static final int FIRST_BYTES = 16;

    public static final OutcomeCounts NONE =
            new OutcomeCounts(Map.of(), 0, 0, 0, 0, Collections.nCopies(FIRST_BYTES, 0L));

    public OutcomeCounts {
        attempts = Map.copyOf(attempts);
        firstBytes = List.copyOf(firstBytes);
        require(closed >= aborted, "tunnels", closed + ", " + aborted + " aborted", "aborted <= closed");
        require(firstBytes.size() == FIRST_BYTES, "first bytes", firstBytes.size() + " counts", "" + FIRST_BYTES);
        require(
                Math.min(Math.min(aborted, bytesUp), bytesDown) >= 0
                        && attempts.values().stream().allMatch(one -> one >= 0)
                        && firstBytes.stream().allMatch(one -> one >= 0),
                "outcomes",
                "a count below zero",
                "at least 0");
    }

    private static void require(boolean holds, String what, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** One attempt. */
    public static OutcomeCounts of(Outcome how) {
        return new Tally().attempted(how).counts();
    }

    /** One tunnel that is over; the first byte is missing where one side never spoke. */
    public static OutcomeCounts ofTunnel(
            boolean isAborted, long bytesUp, long bytesDown, Optional<Duration> firstByte) {
        return new Tally().closed(isAborted, bytesUp, bytesDown, firstByte).counts();
    }

    /** Adds up while it happens. Lives on one thread. */
    public static final class Tally {
        private final Map<Outcome, Long> attempts = new EnumMap<>(Outcome.class);
        private final long[] firstBytes = new long[FIRST_BYTES];
        private long closed;
        private long aborted;
        private long bytesUp;
        private long bytesDown;

        public Tally attempted(Outcome how) {
            attempts.merge(how, 1L, Long::sum);
            return this;
        }

        /** A tunnel is over; the first byte is missing where one side never spoke. */
        public Tally closed(boolean isAborted, long up, long down, Optional<Duration> firstByte) {
            closed++;
            aborted += isAborted ? 1 : 0;
            bytesUp += up;
            bytesDown += down;
            firstByte.ifPresent(took -> firstBytes[slot(took)]++);
            return this;
        }

        public OutcomeCounts counts() {
            return new OutcomeCounts(
                    attempts,
                    closed,
                    aborted,
                    bytesUp,
                    bytesDown,
                    Arrays.stream(firstBytes).boxed().toList());
        }

        private static int slot(Duration took) {
            int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, took.toMillis()));
            return Math.min(bits, FIRST_BYTES - 1);
        }
    }

    public OutcomeCounts plus(OutcomeCounts more) {
        Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
        sums.putAll(attempts);
        more.attempts.forEach((how, count) -> sums.merge(how, count, Long::sum));
        List<Long> first = new ArrayList<>(FIRST_BYTES);
        for (int i = 0; i < FIRST_BYTES; i++) {
            first.add(firstBytes.get(i) + more.firstBytes.get(i));
        }
        return new OutcomeCounts(
                sums,
                closed + more.closed,
                aborted + more.aborted,
                bytesUp + more.bytesUp,
                bytesDown + more.bytesDown,
                first);
    }

    /** All attempts. */
    public long attempted() {
        return attempts.values().stream().mapToLong(Long::longValue).sum();
    }
}
