package io.beringia.gateway.observe;

import java.time.Duration;

/**
 * How little this observer believes itself, from the lateness of its own ticks: a process that was paused or starved
 * hears nobody, and nobody else is to blame (Lifeguard, arXiv:1707.00788). Pure.
 *
 * @param score 0 (well) to 8
 * @param sinceNanos when it last changed
 */
public record SelfHealth(int score, long sinceNanos) {
    static final int SCORE_MAX = 8;
    /** A pause that a garbage collection or a busy processor explains is not counted below this. */
    static final Duration LATE = Duration.ofMillis(200);
    /** Longer than the shortest silence that condemns a path. */
    static final Duration PAUSED = Duration.ofSeconds(1);

    private static final Duration CLEAN = Duration.ofSeconds(1);
    private static final int OF_A_PAUSE = 3;

    public static SelfHealth begun(long nowNanos) {
        return new SelfHealth(0, nowNanos);
    }

    /** After a tick that came so late. */
    public SelfHealth ticked(long lateNanos, long nowNanos) {
        if (lateNanos >= PAUSED.toNanos()) {
            return worse(OF_A_PAUSE, nowNanos);
        }
        if (lateNanos >= LATE.toNanos()) {
            return worse(1, nowNanos);
        }
        return score > 0 && nowNanos - sinceNanos >= CLEAN.toNanos() ? new SelfHealth(score - 1, nowNanos) : this;
    }

    private SelfHealth worse(int by, long nowNanos) {
        return new SelfHealth(Math.min(SCORE_MAX, score + by), nowNanos);
    }
}
