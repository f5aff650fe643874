package io.beringia.gateway.limits;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all tunnels of one process may hold: received on one side, and not yet taken by the other. The more is
 * held, the less one tunnel may hold of it: an eighth of what is free (Choudhury and Hahne, "Dynamic queue length
 * thresholds", 1998). So there is room for whoever does not stall, however many do. Any thread.
 */
public final class ByteBudget {
    /** One tunnel's part of what is free. */
    static final int SHARES = 8;

    private final long totalBytes;
    private final Runnable onCut;
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong grownBytes = new AtomicLong();

    /** @param onCut told of every tunnel that is cut because it held too much; any thread */
    public ByteBudget(long totalBytes, Runnable onCut) {
        if (totalBytes <= 0) {
            throw new IllegalArgumentException("byte budget: " + totalBytes + " (expected: more than 0)");
        }
        this.totalBytes = totalBytes;
        this.onCut = onCut;
    }

    public long totalBytes() {
        return totalBytes;
    }

    /** What is held now. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** What one tunnel may hold, one way, when so much of the total is held. */
    static long share(long totalBytes, long heldBytes) {
        return Math.max(0, totalBytes - heldBytes) / SHARES;
    }

    public void hold(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    public void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    /** Whether a tunnel may go on that holds so much one way, which is counted already. */
    public boolean admits(long bytes) {
        return bytes <= share(totalBytes, heldBytes.get());
    }

    /** Whether windows should rather shrink: half of the total is held. */
    public boolean isPressed() {
        return heldBytes.get() > totalBytes / 2;
    }

    /** Takes so much for a larger window, if that much is left for windows: as much again as may be held. */
    public boolean grow(long bytes) {
        long grown = grownBytes.addAndGet(bytes);
        if (grown > totalBytes) {
            grownBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** A window is smaller by so much, or gone. */
    public void shrink(long bytes) {
        grownBytes.addAndGet(-bytes);
    }

    /** By how much all windows have grown. */
    public long grownBytes() {
        return grownBytes.get();
    }

    /** A tunnel was cut because it held too much. */
    public void cut() {
        onCut.run();
    }
}
