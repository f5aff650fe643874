package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.ServiceName;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All that one cluster exports to us, our own included, and how to enter it: one part of the merged view. */
public record ClusterExports(ClusterState cluster, Map<ServiceName, Export> exports) {
    public ClusterExports {
        exports = PersistentMap.copyOf(exports);
    }

    /** The same, to be believed so far. */
    public ClusterExports as(Freshness freshness) {
        return new ClusterExports(cluster.as(freshness), exports);
    }

    public static ClusterExports of(ClusterState cluster, Collection<Export> exports) {
        return new ClusterExports(
                cluster, exports.stream().collect(Collectors.toMap(Export::service, Function.identity())));
    }
}
