package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.wire.ResourceType;
import java.util.List;
import java.util.Set;

/**
 * Clusters of which nothing was heard since we started. What a client still knows of them is not taken from it: not to know
 * is not to know that there is nothing. Pure.
 */
public record MissingClusters(Set<ClusterId> clusters) {
    public static final MissingClusters NOBODY = new MissingClusters(Set.of());

    private static final String SPLIT_HORIZON = "SplitHorizonWorkload";
    private static final String NETWORK_GATEWAY = "NetworkGateway";
    private static final String RELAY = "relay.";

    public MissingClusters {
        clusters = Set.copyOf(clusters);
    }

    /** Whether that resource is, or may be, one of theirs; every uid names its cluster. */
    boolean mayHave(ResourceType type, String name) {
        return !clusters.isEmpty()
                && switch (type) {
                    case AUTHORIZATION, EXPORTED_AUTHORITY -> false;
                    case RELAY_TARGET -> true;
                    case CLUSTER_STATE -> isOne(name);
                    case ADDRESS -> mayHaveAddress(List.of(name.split("/", -1)));
                };
    }

    /** A service of several clusters has no cluster in its name, nor has what stands for all of them behind a relay. */
    private boolean mayHaveAddress(List<String> parts) {
        if (parts.size() <= 2) {
            return true;
        }
        if (parts.getFirst().equals(NETWORK_GATEWAY)) {
            return isOne(parts.get(2));
        }
        if (parts.get(1).equals(SPLIT_HORIZON) && parts.size() > 4) {
            return parts.getFirst().startsWith(RELAY) || isOne(parts.get(4));
        }
        return isOne(parts.getFirst());
    }

    private boolean isOne(String name) {
        return clusters.stream().anyMatch(cluster -> cluster.name().equals(name));
    }
}
