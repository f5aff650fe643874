package io.beringia.gateway.outbound;

import io.beringia.gateway.routing.Candidate;
import java.util.ArrayList;
import java.util.List;

/**
 * One dial as far as it has come: what was tried, when, and how it ended. Immutable; its owner replaces it by what a
 * transition returns and asks {@link DialRules} what is next. Times are nanoseconds of one monotonic clock.
 *
 * @param tries of the candidates before {@link #nextCandidate}, in their order
 * @param isHedgingDenied the process has no hedge left, so this dial makes do without
 * @param isRetryDenied the process has no retry left
 */
public record DialRace(
        List<Candidate> candidates, long beganNanos, List<Try> tries, boolean isHedgingDenied, boolean isRetryDenied) {
    public DialRace {
        candidates = List.copyOf(candidates);
        tries = List.copyOf(tries);
    }

    /** Nothing tried yet. */
    public static DialRace of(List<? extends Candidate> candidates, long nowNanos) {
        return new DialRace(List.copyOf(candidates), nowNanos, List.of(), false, false);
    }

    /** One attempt. */
    public record Try(long startedNanos, Ending ending) {}

    /** How an attempt stands. */
    public enum Ending {
        RUNNING,
        /** It answered 200, or its TCP connection stands. */
        CONNECTED,
        /** Nobody listened: no load was added there. */
        REFUSED,
        /** It had its time, or its TCP connection had, and nobody said a word. */
        TIMED_OUT,
        /** We could not even begin. */
        EXHAUSTED,
        /** In any other way, a status other than 200 included. */
        FAILED
    }

    /** The candidate whose turn it is; {@code candidates.size()} when all were tried. */
    public int nextCandidate() {
        return tries.size();
    }

    public DialRace started(long nowNanos) {
        List<Try> more = new ArrayList<>(tries);
        more.add(new Try(nowNanos, Ending.RUNNING));
        return new DialRace(candidates, beganNanos, more, isHedgingDenied, isRetryDenied);
    }

    public DialRace ended(int candidate, Ending how) {
        List<Try> changed = new ArrayList<>(tries);
        changed.set(candidate, new Try(tries.get(candidate).startedNanos(), how));
        return new DialRace(candidates, beganNanos, changed, isHedgingDenied, isRetryDenied);
    }

    /** The {@link Budgets} gave nothing for what was to be started. */
    public DialRace denied(Cost cost) {
        return switch (cost) {
            case FREE -> this;
            case HEDGE -> new DialRace(candidates, beganNanos, tries, true, isRetryDenied);
            case RETRY -> new DialRace(candidates, beganNanos, tries, isHedgingDenied, true);
        };
    }
}
