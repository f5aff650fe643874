package io.beringia.gateway.limits;

/**
 * What one identity may have at one address. Many pods share an identity, and few an address.
 *
 * @param connections open at once
 * @param tunnels open at once, over all connections
 * @param newTunnels a second; twice as many at once
 */
public record PeerAllowance(int connections, int tunnels, int newTunnels) {
    /** A workload, or the proxy of one. */
    public static final PeerAllowance OF_CLIENT = new PeerAllowance(64, 1_000, 500);
    /** A gateway that our catalog lists: it stands for all clients of its cluster. */
    public static final PeerAllowance OF_GATEWAY = new PeerAllowance(256, 20_000, 5_000);

    private static final int MOST = 1_000_000;

    public PeerAllowance {
        require("connections", connections, MOST);
        require("tunnels", tunnels, MOST);
        require("new-tunnels", newTunnels, MOST);
    }

    static void require(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1.." + most + ")");
        }
    }

    Rate newTunnelRate() {
        return Rate.perSecond(newTunnels, 2L * newTunnels);
    }
}
