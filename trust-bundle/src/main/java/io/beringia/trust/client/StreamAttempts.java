package io.beringia.trust.client;

import java.time.Duration;

/**
 * What became of the streams of roots so far, and when to open the next one: after a quarter of a second for the first ten seconds,
 * if ever one told any, then after 1 s, doubled up to 150 s, 20 % less or more. It begins anew after a stream that told some and
 * stood: a server that tells a state and ends each stream at once is no better than one that is away. Immutable.
 *
 * @param failures ends in a row since a stream stood, or was ended by ourselves
 * @param everTold a stream told roots
 * @param again the last one told nothing: to be opened as somebody else, unless it was already
 * @param isNews the last end is to be told
 * @param why the last end
 */
record StreamAttempts(int failures, boolean everTold, boolean again, boolean isNews, String why) {
    static final StreamAttempts NONE = new StreamAttempts(0, false, false, false, "");

    /** No server that works ends a stream earlier. */
    static final Duration STOOD = Duration.ofSeconds(10);

    /**
     * After the end of another stream.
     *
     * @param told whether it told any roots
     * @param byUs whether we ended it: nobody failed
     */
    StreamAttempts ended(boolean told, boolean byUs, Duration lasted, String reason) {
        boolean isGood = told && (byUs || lasted.compareTo(STOOD) >= 0);
        return new StreamAttempts(
                isGood ? 0 : failures + 1, everTold || told, !told && !again, isGood || !reason.equals(why), reason);
    }

    /** @param dice 0 to 1 */
    Duration untilNext(double dice) {
        return everTold
                ? RenewalRules.untilNextStream(failures, dice)
                : RenewalRules.untilRetry(Math.max(1, failures), dice);
    }
}
