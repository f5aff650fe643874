package io.beringia.gateway.limits;

/**
 * What the tunnels of one process may cost.
 *
 * @param tunnelBytes held by all tunnels together: received on one side, and not yet taken by the other
 */
public record LimitsConfig(long tunnelBytes) {
    /** An eighth of it is two frames: with less, no tunnel would carry at speed. */
    static final long TUNNEL_BYTES_MIN = 1024 * 1024;

    public LimitsConfig {
        if (tunnelBytes < TUNNEL_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "gateway.limits.tunnel-bytes: " + tunnelBytes + " (expected: at least " + TUNNEL_BYTES_MIN + ")");
        }
    }

    /** Half of the memory outside the heap, since TLS and sockets need some too. */
    public static LimitsConfig within(long directBytesMax) {
        return new LimitsConfig(Math.max(TUNNEL_BYTES_MIN, directBytesMax / 2));
    }

    /** With as much as this process can afford. */
    public static LimitsConfig ofProcess() {
        return within(DirectMemory.maxBytes());
    }

    /** Throws {@link IllegalStateException} where this process has too little memory for that. */
    public void requireWithin(long directBytesMax) {
        if (tunnelBytes > directBytesMax / 2) {
            throw new IllegalStateException("gateway.limits.tunnel-bytes: " + tunnelBytes
                    + " (expected: at most half of the memory outside the heap, " + directBytesMax / 2
                    + "; raise -XX:MaxDirectMemorySize or lower it)");
        }
    }
}
