package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import java.util.Set;

/**
 * Where this gateway stands.
 *
 * @param gateway its own name within its cluster
 * @param ownListeners every address that it listens on, as others see it; never dialled
 * @param source where its own connections come from: its family is surely routed
 * @param allowLoopback whether loopback addresses may be dialled: labs on one computer only
 */
public record Self(
        ClusterId cluster,
        RegionId region,
        Network network,
        String gateway,
        Set<SocketAddress> ownListeners,
        IpAddress source,
        boolean allowLoopback) {
    public Self {
        ownListeners = Set.copyOf(ownListeners);
    }
}
