package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where clients of our cluster may be carried when they ask for a service.
 *
 * @param clients the only identities that may ask; none named means every workload of ours
 */
public record RelayTarget(ServiceName service, Set<SpiffeId> clients, List<Part> parts, OnFailure onFailure) {
    public RelayTarget {
        clients = Set.copyOf(clients);
        parts = List.copyOf(parts);
    }

    /**
     * What one cluster has of the service.
     *
     * @param capacity sum over its ready, HBONE-capable endpoints; 0 means that nothing there can serve
     * @param share of new connections by plan, in 1/10000; empty while no plan says so
     */
    public record Part(ClusterId cluster, Set<Integer> ports, long capacity, OptionalInt share) {
        public static final int SHARE_MAX = 10_000;

        public Part {
            ports = Set.copyOf(ports);
            if (share.isPresent() && (share.getAsInt() < 0 || share.getAsInt() > SHARE_MAX)) {
                throw new IllegalArgumentException("share: " + share.getAsInt() + " (expected: 0..10000)");
            }
        }
    }

    /** What becomes of its running streams when their path is DOWN. */
    public enum OnFailure {
        /** They are reset, so that callers know within seconds. */
        RESET,
        /** They are left alone: the caller would rather wait than lose them. */
        HOLD
    }
}
