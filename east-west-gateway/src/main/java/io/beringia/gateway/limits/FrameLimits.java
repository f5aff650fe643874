package io.beringia.gateway.limits;

/**
 * How many control frames one connection may send us: PING and SETTINGS cost us an answer each (CVE-2019-9512 and
 * 9515), and Netty bounds neither. ztunnel pings every 10 s. Lives on its connection's event loop.
 */
public final class FrameLimits {
    /** Frames of each kind per second. */
    public static final int PER_SECOND = 10;
    /** Frames of each kind at once. */
    public static final int BURST = 50;

    private final TokenBucket pings;
    private final TokenBucket settings;
    private final TokenBucket faults;

    public FrameLimits(long nowNanos) {
        this.pings = new TokenBucket(PER_SECOND, BURST, nowNanos);
        this.settings = new TokenBucket(PER_SECOND, BURST, nowNanos);
        this.faults = new TokenBucket(PER_SECOND, BURST, nowNanos);
    }

    /** Whether this PING is within the limit. */
    public boolean admitsPing(long nowNanos) {
        return pings.take(nowNanos);
    }

    /** Whether this frame against the protocol may be answered by the end of its stream alone: a reset costs us too. */
    public boolean admitsFault(long nowNanos) {
        return faults.take(nowNanos);
    }

    /** Whether this SETTINGS frame is within the limit. */
    public boolean admitsSettings(long nowNanos) {
        return settings.take(nowNanos);
    }
}
