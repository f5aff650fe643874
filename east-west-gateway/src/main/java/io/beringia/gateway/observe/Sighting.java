package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;

/** Something noticed about one path, on some event loop: the observer's own clock says when, as it takes it in. */
record Sighting(Path path, Seen seen) {
    /** A gateway: whoever takes over its address under another name is somebody else. */
    record Path(SocketAddress address, SpiffeId identity) {
        static Path to(GatewayAddress gateway) {
            return new Path(gateway.address(), gateway.identity());
        }
    }

    /** What was noticed. */
    sealed interface Seen {
        /**
         * The right one answered.
         *
         * @param roundTripNanos above 0
         * @param measured whether that is the round trip of the path alone, and may be learned
         */
        record Answered(long roundTripNanos, boolean measured) implements Seen {}

        /** @param connection tells connections of one observer apart */
        record Refused(long connection) implements Seen {}
    }
}
