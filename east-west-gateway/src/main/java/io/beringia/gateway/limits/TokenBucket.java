package io.beringia.gateway.limits;

/**
 * How often something may still happen: a rate and a burst. Owned by whoever made it; time comes in as an argument.
 */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final double burst;
    private double tokens;
    private long refilledNanos;

    /**
     * @param perSecond tokens that come back in a second
     * @param burst tokens at the start, and at most
     */
    public TokenBucket(double perSecond, double burst, long nowNanos) {
        if (perSecond <= 0 || burst < 1) {
            throw new IllegalArgumentException(
                    "token bucket: " + perSecond + "/s, burst " + burst + " (expected: > 0/s, burst >= 1)");
        }
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.refilledNanos = nowNanos;
    }

    /** Takes one token, if there is one. */
    public boolean take(long nowNanos) {
        long elapsed = Math.max(0, nowNanos - refilledNanos);
        refilledNanos = nowNanos;
        tokens = Math.min(burst, tokens + elapsed * perSecond / NANOS_PER_SECOND);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }
}
