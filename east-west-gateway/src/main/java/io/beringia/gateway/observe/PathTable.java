package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.SocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * This gateway's paths at one moment, by the address of the gateway at their other end. Immutable: the observer
 * publishes a new one whole, every event loop reads.
 */
public record PathTable(Map<SocketAddress, PathView> paths) {
    /** Nothing was looked at yet: every path is UP. */
    public static final PathTable EMPTY = new PathTable(Map.of());

    public PathTable {
        paths = Map.copyOf(paths);
    }

    /** Any thread. What is known of the path to that address; {@link PathView#UNSEEN} if nothing is. */
    public PathView view(SocketAddress address) {
        return paths.getOrDefault(address, PathView.UNSEEN);
    }

    /** Any thread. The same, of a gateway. */
    public PathView view(GatewayAddress gateway) {
        return view(gateway.address());
    }

    /**
     * One path.
     *
     * @param srtt smoothed round trip of a probe; zero while none was measured
     * @param isExpiring the gateway there can prove itself for less than half a minute more
     */
    public record PathView(PathState state, Duration srtt, boolean isExpiring) {
        public static final PathView UNSEEN = new PathView(PathState.UP, Duration.ZERO);

        /** To one that can prove itself. */
        public PathView(PathState state, Duration srtt) {
            this(state, srtt, false);
        }

        public PathView {
            if (srtt.isNegative()) {
                throw new IllegalArgumentException("srtt: " + srtt + " (expected: zero or more)");
            }
        }
    }
}
