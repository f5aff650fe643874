package io.beringia.gateway;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.routing.Self;
import java.util.Optional;
import java.util.Set;

/**
 * What one gateway is told at its start.
 *
 * @param gateway its name, unique within its cluster
 * @param hbone where peers of other clusters come in
 * @param relay where workloads of our network come in; empty on a gateway that only ends tunnels
 * @param source local address of every outgoing connection
 * @param loops event loops, at least one
 * @param allowLoopback whether loopback addresses may be dialled: labs on one computer only
 */
public record GatewayConfig(
        RegionId region,
        ClusterId cluster,
        Network network,
        String gateway,
        SocketAddress hbone,
        Optional<SocketAddress> relay,
        IpAddress source,
        int loops,
        boolean allowLoopback) {
    private static final int LOOPS_MAX = 256;

    public GatewayConfig {
        if (gateway.isEmpty()) {
            throw new IllegalArgumentException("gateway.name: \"\" (expected: a name within its cluster)");
        }
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException("gateway.loops: " + loops + " (expected: 1..256)");
        }
        if (relay.equals(Optional.of(hbone))) {
            throw new IllegalArgumentException(
                    "gateway.relay: " + hbone + " (expected: another address than gateway.hbone)");
        }
    }

    Self self() {
        Set<SocketAddress> own = relay.map(it -> Set.of(hbone, it)).orElseGet(() -> Set.of(hbone));
        return new Self(cluster, region, network, gateway, own, allowLoopback);
    }
}
