package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;
import java.util.List;

/** What a {@link ClusterWatch} tells. */
public sealed interface ClusterNews {
    /** All of the cluster as it is now; never before everything was listed once. */
    record PartChanged(LocalPart part) implements ClusterNews {}

    /** Its API does not answer. What was told last still stands. */
    record ClusterStale(ClusterId cluster) implements ClusterNews {}

    /** All that is kept although the API does not say any more that it is there, by kind and reason; in no case twice the same. */
    record HeldBack(ClusterId cluster, List<HeldKind> kinds) implements ClusterNews {
        public HeldBack {
            kinds = List.copyOf(kinds);
        }

        public int objects() {
            return kinds.stream().mapToInt(HeldKind::objects).sum();
        }
    }

    /** Its API answers again. */
    record ClusterLive(ClusterId cluster) implements ClusterNews {}
}
