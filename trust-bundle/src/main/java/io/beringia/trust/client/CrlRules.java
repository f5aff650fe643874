package io.beringia.trust.client;

import io.beringia.trust.pki.ParsedCrl;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which revocation lists are in force when a file offers others: all of it or nothing, and none that is older than what
 * was in force. Pure.
 */
final class CrlRules {
    /** Ten times the clusters of a large mesh; each is compared with every issuer of a path. */
    static final int LISTS_MAX = 256;

    /** A file that says less may be half written; as long as ztunnel waits for its file to come to rest. */
    static final Duration AT_REST = Duration.ofSeconds(2);

    private static final Comparator<ParsedCrl> AGE = Comparator.<ParsedCrl, BigInteger>comparing(
                    crl -> crl.number().orElse(BigInteger.ZERO))
            .thenComparing(ParsedCrl::thisUpdate);

    private CrlRules() {}

    /** What becomes of an offer. */
    sealed interface Outcome {
        /** Nothing is new. */
        record Same() implements Outcome {}

        /** These are in force. */
        record Taken(List<ParsedCrl> lists) implements Outcome {}

        /** A list is missing from a file that was written just now. */
        record Waits() implements Outcome {}

        /** The last good ones stay. */
        record Refused(String why) implements Outcome {}
    }

    /**
     * @param held what is in force
     * @param file the octets of the file
     * @param written when it was written
     */
    static Outcome judge(List<ParsedCrl> held, byte[] file, Instant written, Instant now) {
        try {
            return judge(held, ParsedCrl.parseAll(file), isAtRest(written, now));
        } catch (IllegalArgumentException malformed) {
            return new Outcome.Refused(String.valueOf(malformed.getMessage()));
        }
    }

    /** True where nobody is likely to be writing it still. */
    static boolean isAtRest(Instant written, Instant now) {
        return !now.isBefore(written.plus(AT_REST));
    }

    private static Outcome judge(List<ParsedCrl> held, List<ParsedCrl> offered, boolean isAtRest) {
        if (offered.size() > LISTS_MAX) {
            return new Outcome.Refused("CRL: " + offered.size() + " lists (expected: at most " + LISTS_MAX + ")");
        }
        if (isSame(held, offered)) {
            return new Outcome.Same();
        }
        return held.stream()
                .flatMap(one -> rolledBack(one, offered).stream())
                .findFirst()
                .<Outcome>map(Outcome.Refused::new)
                .orElseGet(
                        () -> isAtRest || holdsAll(held, offered) ? new Outcome.Taken(offered) : new Outcome.Waits());
    }

    private static boolean isSame(List<ParsedCrl> held, List<ParsedCrl> offered) {
        return held.size() == offered.size()
                && held.stream().allMatch(one -> offered.stream().anyMatch(one::isSame));
    }

    private static boolean holdsAll(List<ParsedCrl> held, List<ParsedCrl> offered) {
        return held.stream().allMatch(one -> offered.stream().anyMatch(one::isOfSameIssuer));
    }

    private static Optional<String> rolledBack(ParsedCrl held, List<ParsedCrl> offered) {
        return offered.stream()
                .filter(held::isOfSameIssuer)
                .max(AGE)
                .filter(newest -> AGE.compare(newest, held) < 0)
                .map(older -> older.name() + " of " + older.thisUpdate() + " (expected: none before "
                        + held.number().map(it -> "number " + it + ", ").orElse("") + held.thisUpdate() + ")");
    }
}
