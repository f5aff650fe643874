package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.SocketAddress;

/** Somebody who may be dialled for one CONNECT. */
public sealed interface Candidate {
    SocketAddress address();

    /** The ztunnel or waypoint before an endpoint of our network: TCP only, since the inner tunnel ends there. */
    record Backend(String uid, SocketAddress address) implements Candidate {}

    /** A gateway elsewhere, over a pooled outer tunnel; {@code path} as it stood when the choice was made. */
    record Gateway(GatewayAddress gateway, PathState path) implements Candidate {
        @Override
        public SocketAddress address() {
            return gateway.address();
        }
    }
}
