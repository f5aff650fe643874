package io.beringia.gateway.host;

import java.util.Optional;

/**
 * Answers of an application in a row. Pure.
 *
 * @param said whether it was found healthy; empty before it was found anything, so that a proxy that begins takes nobody
 *     out whom an earlier life found healthy
 * @param last what the last answer was
 * @param run how many of that there were in a row
 */
record ReadinessCount(Optional<Boolean> said, boolean last, int run) {
    static final ReadinessCount NOTHING = new ReadinessCount(Optional.empty(), false, 0);

    ReadinessCount after(boolean isAnswered, Readiness rules) {
        int row = isAnswered == last ? Math.min(run, Readiness.ROW_MAX) + 1 : 1;
        int needed = isAnswered ? rules.successes() : rules.failures();
        return new ReadinessCount(row >= needed ? Optional.of(isAnswered) : said, isAnswered, row);
    }
}
