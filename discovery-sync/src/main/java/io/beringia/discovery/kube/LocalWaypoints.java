package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ServiceName;
import io.beringia.trust.identity.SpiffeId;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which services of one cluster stand behind a waypoint.
 *
 * @param identities of the waypoint of each service that has one; empty while it has no pod
 * @param missing services and workloads that name a waypoint which cannot be used, and why: they are reached without it
 */
public record LocalWaypoints(Map<ServiceName, Set<SpiffeId>> identities, SortedSet<String> missing) {
    public static final LocalWaypoints NONE = new LocalWaypoints(Map.of(), new TreeSet<>());

    public LocalWaypoints {
        identities = Map.copyOf(identities);
        missing = Collections.unmodifiableSortedSet(new TreeSet<>(missing));
    }
}
