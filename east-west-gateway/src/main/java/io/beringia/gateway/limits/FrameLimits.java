package io.beringia.gateway.limits;

/**
 * How many frames that carry nothing one connection may send us. Some cost us an answer each (CVE-2019-9512 and 9515), all of
 * them the look at them, and Netty bounds few. Lives on its connection's event loop.
 */
public final class FrameLimits {
    /** PINGs, and SETTINGS, per second; ztunnel pings every 10 s. */
    public static final int PER_SECOND = 10;
    /** PINGs, and SETTINGS, at once. */
    public static final int BURST = 50;
    /** Frames per second that ask nothing of us: acknowledgements, empty DATA, kinds that we do not know. */
    static final int OTHER_PER_SECOND = 100;

    static final int OTHER_BURST = 500;
    /** For each stream; nobody needs PRIORITY since RFC 9113, 5.3. */
    static final int PRIORITY_PER_STREAM = 100;
    /** Before any byte of ours. */
    static final int WINDOW_UPDATES_FREE = 100;
    /** For each DATA frame of ours: its stream's and the connection's window, and room for peers that grant in steps. */
    static final int WINDOW_UPDATES_PER_FRAME = 20;
    /** Resets of streams that we have just ended ourselves. */
    static final int RESETS_FREE = 10;
    /** The reset, and one for the fields that we send. */
    static final int RESETS_PER_STREAM = 2;

    private static final int FRAME_BYTES = 16_384;

    private final TokenBucket pings;
    private final TokenBucket settings;
    private final TokenBucket faults;
    private final TokenBucket others;
    private long streams;
    private long dataFrames;
    private long priorities;
    private long windowUpdates;
    private long resets;

    public FrameLimits(long nowNanos) {
        this.pings = new TokenBucket(PER_SECOND, BURST, nowNanos);
        this.settings = new TokenBucket(PER_SECOND, BURST, nowNanos);
        this.faults = new TokenBucket(PER_SECOND, BURST, nowNanos);
        this.others = new TokenBucket(OTHER_PER_SECOND, OTHER_BURST, nowNanos);
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

    /** Whether this PRIORITY is within the limit. */
    public boolean admitsPriority() {
        return ++priorities <= PRIORITY_PER_STREAM * (1 + streams);
    }

    /** Whether this WINDOW_UPDATE is within the limit. */
    public boolean admitsWindowUpdate() {
        return ++windowUpdates <= WINDOW_UPDATES_FREE + 2 * streams + WINDOW_UPDATES_PER_FRAME * dataFrames;
    }

    /**
     * Whether this RST_STREAM is within the limit. A stream is reset once; a peer that has forgotten it may answer each frame
     * of ours that crosses the reset with another, as the h2 of ztunnel does.
     */
    public boolean admitsReset() {
        return ++resets <= RESETS_FREE + RESETS_PER_STREAM * streams + dataFrames;
    }
}
