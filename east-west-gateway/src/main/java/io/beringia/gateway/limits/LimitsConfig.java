package io.beringia.gateway.limits;

import java.time.Duration;

/**
 * What peers of one process may cost. Of connections and of tunnels one identity gets half at most, wherever it is, so
 * that others find room.
 *
 * @param tunnelBytes held by all tunnels together: received on one side, and not yet taken by the other
 * @param stall after which a tunnel whose end takes nothing is cut, while more than half of that is held
 * @param connections open at once, handshake over
 * @param tunnels open at once
 * @param handshakes begun
 * @param frames that carry nothing, of one connection that came in
 * @param client of one identity at one address
 * @param gateway the same, of a gateway that our catalog lists
 */
public record LimitsConfig(
        long tunnelBytes,
        Duration stall,
        int connections,
        int tunnels,
        HandshakeRates handshakes,
        FrameRates frames,
        PeerAllowance client,
        PeerAllowance gateway) {
    /** An eighth of it is two frames: with less, no tunnel would carry at speed. */
    static final long TUNNEL_BYTES_MIN = 1024 * 1024;

    private static final Duration STALL = Duration.ofMinutes(1);
    private static final Duration STALL_LEAST = Duration.ofSeconds(1);
    private static final Duration STALL_MOST = Duration.ofHours(1);
    /** In the heap, with room: a quarter of it for connections, and half for tunnels. */
    private static final long CONNECTION_BYTES = 32 * 1024;

    private static final long TUNNEL_HEAP_BYTES = 8 * 1024;

    private static final int CONNECTIONS_MOST = 1_000_000;
    private static final int TUNNELS_MOST = 10_000_000;

    public LimitsConfig {
        if (tunnelBytes < TUNNEL_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "gateway.limits.tunnel-bytes: " + tunnelBytes + " (expected: at least " + TUNNEL_BYTES_MIN + ")");
        }
        if (stall.compareTo(STALL_LEAST) < 0 || stall.compareTo(STALL_MOST) > 0) {
            throw new IllegalArgumentException("gateway.limits.stall: " + stall + " (expected: 1s..1h)");
        }
        PeerAllowance.require("connections", connections, CONNECTIONS_MOST);
        PeerAllowance.require("tunnels", tunnels, TUNNELS_MOST);
    }

    /** Half of the memory outside the heap for bytes, since TLS and sockets need some too. */
    public static LimitsConfig within(long directBytesMax, long heapBytesMax) {
        return new LimitsConfig(
                Math.max(TUNNEL_BYTES_MIN, directBytesMax / 2),
                STALL,
                clamp(heapBytesMax / 4 / CONNECTION_BYTES, CONNECTIONS_MOST),
                clamp(heapBytesMax / 2 / TUNNEL_HEAP_BYTES, TUNNELS_MOST),
                HandshakeRates.DEFAULT,
                FrameRates.DEFAULT,
                PeerAllowance.OF_CLIENT,
                PeerAllowance.OF_GATEWAY);
    }

    private static int clamp(long count, int most) {
        return Math.clamp(count, 1, most);
    }

    /** With as much as this process can afford. */
    public static LimitsConfig ofProcess() {
        return within(DirectMemory.maxBytes(), Runtime.getRuntime().maxMemory());
    }

    /** The same with another total of bytes. */
    public LimitsConfig withTunnelBytes(long bytes) {
        return new LimitsConfig(bytes, stall, connections, tunnels, handshakes, frames, client, gateway);
    }

    /** The same with another patience for tunnels that stall. */
    public LimitsConfig withStall(Duration after) {
        return new LimitsConfig(tunnelBytes, after, connections, tunnels, handshakes, frames, client, gateway);
    }

    /** The same with other rates of handshakes. */
    public LimitsConfig withHandshakes(HandshakeRates rates) {
        return new LimitsConfig(tunnelBytes, stall, connections, tunnels, rates, frames, client, gateway);
    }

    /** The same with other rates of frames. */
    public LimitsConfig withFrames(FrameRates rates) {
        return new LimitsConfig(tunnelBytes, stall, connections, tunnels, handshakes, rates, client, gateway);
    }

    /** The same for other clients. */
    public LimitsConfig withClient(PeerAllowance allowance) {
        return new LimitsConfig(tunnelBytes, stall, connections, tunnels, handshakes, frames, allowance, gateway);
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
