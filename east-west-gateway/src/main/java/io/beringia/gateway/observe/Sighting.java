package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Observation;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;

/**
 * Something noticed about one path.
 *
 * @param measured whether the round trip of a success is that of the path alone, and may be learned
 */
record Sighting(Path path, Observation seen, boolean measured) {
    /** A gateway: whoever takes over its address under another name is somebody else. */
    record Path(SocketAddress address, SpiffeId identity) {
        static Path to(GatewayAddress gateway) {
            return new Path(gateway.address(), gateway.identity());
        }
    }
}
