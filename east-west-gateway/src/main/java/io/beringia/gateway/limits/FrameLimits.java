package io.beringia.gateway.limits;

/**
 * How many frames that carry nothing one connection may send us. Some cost us an answer each (CVE-2019-9512 and 9515), all of
 * them the look at them, and Netty bounds few. Lives on its connection's event loop.
 */
public final class FrameLimits {
    /** Before any byte of ours. */
    static final int WINDOW_UPDATES_FREE = 100;
    /** Resets of streams that we have just ended ourselves. */
    static final int RESETS_FREE = 10;
    /** The reset, and one for the fields that we send. */
    static final int RESETS_PER_STREAM = 2;

    private static final int FRAME_BYTES = 16_384;

    private final FrameRates rates;
    private final TokenBucket pings;
    private final TokenBucket settings;
    private final TokenBucket faults;
    private final TokenBucket others;
    private long streams;
    private long dataFrames;
    private long priorities;
    private long windowUpdates;
    private long resets;

    public FrameLimits(FrameRates rates, long nowNanos) {
        this.rates = rates;
        this.pings = rates.controlBucket(nowNanos);
        this.settings = rates.controlBucket(nowNanos);
        this.faults = rates.controlBucket(nowNanos);
        this.others = rates.idleBucket(nowNanos);
    }

    /** A stream was opened, by the peer or by us. */
    public void onStream() {
        streams++;
    }

    /** We gave the peer so many bytes of DATA. */
    public void onDataSent(int bytes) {
        dataFrames += 1 + bytes / FRAME_BYTES;
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

    /** Whether this frame, which means nothing to us, is within the limit. */
    public boolean admitsOther(long nowNanos) {
        return others.take(nowNanos);
    }

    /** Whether this PRIORITY is within the limit; nobody needs one since RFC 9113, 5.3. */
    public boolean admitsPriority() {
        return ++priorities <= rates.priorities() * (1 + streams);
    }

    /** Whether this WINDOW_UPDATE is within the limit. */
    public boolean admitsWindowUpdate() {
        return ++windowUpdates <= WINDOW_UPDATES_FREE + 2 * streams + rates.windowUpdates() * dataFrames;
    }

    /**
     * Whether this RST_STREAM is within the limit. A stream is reset once; a peer that has forgotten it may answer each frame
     * of ours that crosses the reset with another, as the h2 of ztunnel does.
     */
    public boolean admitsReset() {
        return ++resets <= RESETS_FREE + RESETS_PER_STREAM * streams + dataFrames;
    }
}
