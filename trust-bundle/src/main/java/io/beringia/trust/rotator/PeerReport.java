package io.beringia.trust.rotator;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Where a cluster stands and what is seen there, as its trust role says.
 *
 * @param at when it said so, by its own clock
 */
record PeerReport(String cluster, Instant at, RotationState state, Sight sight) {
    /** A SPIFFE ID, and what tells one process from another. */
    private static final int NAME_CHARS_MAX = 2_200;

    PeerReport {
        if (!sight.cluster().name().equals(cluster)
                || !sight.issuer().cluster().equals(cluster)
                || !sight.issuer().name().equals(OwnCluster.issuerOf(cluster))) {
            throw new IllegalArgumentException("report: of another cluster (expected: of " + cluster + " alone)");
        }
        boolean areNames = sight.planes().stream()
                .flatMap(one -> Stream.of(one.plane().name(), one.plane().proxy()))
                .allMatch(PeerReport::isName);
        if (!areNames) {
            throw new IllegalArgumentException(
                    "report: a data plane's name is none (expected: printable, without spaces, up to " + NAME_CHARS_MAX
                            + " characters)");
        }
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_CHARS_MAX
                && text.chars().allMatch(one -> one > ' ' && one < '\u007f');
    }

    /**
     * What was seen by our clock, of a report that was asked for at {@code sent} and had arrived at {@code received}. It is
     * never taken for newer than it is, nor to have lasted longer. Throws {@link IllegalArgumentException} where the
     * clocks differ by more than {@code skew}: certificates end by both.
     */
    Sight byOurClock(Instant sent, Instant received, Duration skew) {
        if (at.isBefore(sent.minus(skew)) || at.isAfter(received.plus(skew))) {
            throw new IllegalArgumentException(
                    "clock: " + at + " there, " + received + " here (expected: " + skew + " apart at most)");
        }
        return sight.moved(Duration.between(at, sent), Duration.between(at, received));
    }
}
