package io.beringia.gateway.host;

import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.PeerAllowance;

/**
 * What applications and peers of one host proxy may cost.
 *
 * @param connections carried at once, both directions together
 * @param handshakes of peers under way at once; of one address half at most
 * @param frames that carry nothing, of one connection that came in
 */
public record HostLimits(int connections, int handshakes, FrameRates frames) {
    /**
     * About what 1 GiB holds at 64 KiB for both ends of a tunnel. Half of the handshakes, of one gateway that takes 200 ms for
     * each, is still over 1,000 calls a second.
     */
    public static final HostLimits DEFAULT = new HostLimits(16_384, 512, FrameRates.DEFAULT);

    private static final int CONNECTIONS_MOST = 1_000_000;
    private static final int HANDSHAKES_MOST = 100_000;
    /** A second; twice as many at once. */
    private static final int NEW_TUNNELS = 5_000;

    public HostLimits {
        require("connections", connections, 1, CONNECTIONS_MOST);
        require("handshakes", handshakes, 2, HANDSHAKES_MOST);
    }

    private static void require(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }

    /** A caller elsewhere comes from the address of a gateway, with a connection for each call: only the total is bounded. */
    LimitsConfig inbound() {
        PeerAllowance each = new PeerAllowance(connections, connections, NEW_TUNNELS);
        LimitsConfig usual = LimitsConfig.ofProcess();
        return new LimitsConfig(
                usual.tunnelBytes(),
                usual.stall(),
                Math.min(2 * connections, CONNECTIONS_MOST),
                2 * connections,
                usual.handshakes(),
                frames,
                each,
                each);
    }
}
