package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;

/** What a {@link ClusterWatch} tells. */
public sealed interface ClusterNews {
    /** All of the cluster as it is now; never before everything was listed once. */
    record PartChanged(LocalPart part) implements ClusterNews {}

    /** Its API does not answer. What was told last still stands. */
    record ClusterStale(ClusterId cluster) implements ClusterNews {}

    /** So many objects are kept although lists lacked them: too many at once to be believed before a second list. */
    record HeldBack(ClusterId cluster, int objects) implements ClusterNews {}

    /** Its API answers again. */
    record ClusterLive(ClusterId cluster) implements ClusterNews {}
}
