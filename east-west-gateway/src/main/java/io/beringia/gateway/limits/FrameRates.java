package io.beringia.gateway.limits;

/**
 * How many frames that carry nothing a peer may send on one connection that it opened, and from how many streams on it is
 * judged by those that it takes back.
 *
 * @param control a second, of PINGs, of SETTINGS, and of faults that end their stream alone; five times as many at once
 * @param idle a second, of frames that ask nothing of us: answers, empty DATA, unknown kinds; five times as many at once
 * @param priorities PRIORITY frames for each stream
 * @param windowUpdates WINDOW_UPDATE frames for each DATA frame of ours: with less than two, one for its stream and one for
 *     the connection, nobody who reads could say so
 * @param resetsFrom streams of one identity in ten seconds; of fewer it may take back all
 */
public record FrameRates(int control, int idle, int priorities, int windowUpdates, int resetsFrom) {
    /** A ztunnel sends one PING in ten seconds. */
    public static final FrameRates DEFAULT = new FrameRates(10, 100, 100, 20, 500);

    private static final int AT_ONCE = 5;

    public FrameRates {
        require("control", control, 1, 1_000);
        require("idle", idle, 10, 10_000);
        require("priorities", priorities, 1, 10_000);
        require("window-updates", windowUpdates, 2, 1_000);
        require("resets-from", resetsFrom, 100, 100_000);
    }

    private static void require(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }

    /** So many of each kind of {@link #control} at once. */
    public int controlAtOnce() {
        return AT_ONCE * control;
    }

    TokenBucket controlBucket(long nowNanos) {
        return new TokenBucket(control, controlAtOnce(), nowNanos);
    }

    TokenBucket idleBucket(long nowNanos) {
        return new TokenBucket(idle, (double) AT_ONCE * idle, nowNanos);
    }
}
