package io.beringia.failover.zookeeper;

import io.beringia.discovery.catalog.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * The lab role {@code zookeeper}. Inert.
 *
 * @param listen a loopback address: one server on one computer has no quorum, so nobody else shall rest on it
 * @param data its own folder: logs of transactions and snapshots
 */
public record ZooKeeperConfig(SocketAddress listen, Path data) {
    public ZooKeeperConfig {
        if (!isLoopback(listen)) {
            throw new IllegalArgumentException("zookeeper.listen: " + listen + " (expected: a loopback address)");
        }
    }

    /** Whether only this computer can reach it. */
    public static boolean isLoopback(SocketAddress address) {
        try {
            return InetAddress.getByAddress(address.ip().bytes()).isLoopbackAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(address + ": neither 4 nor 16 bytes", impossible);
        }
    }
}
