package io.beringia.discovery.kube;

import io.beringia.discovery.kube.WatchNews.Watched;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What one cluster said so far. Owned by the thread of its {@link ClusterWatch}. */
final class ClusterStore {
    private final LocalCluster cluster;
    private final Map<Watched, Map<ObjectName, KubeObject>> objects = new EnumMap<>(Watched.class);
    private final Map<Watched, Boolean> listed = new EnumMap<>(Watched.class);
    private boolean dirty = true;
    private boolean isMcsServed;

    ClusterStore(LocalCluster cluster) {
        this.cluster = cluster;
        for (Watched kind : Watched.values()) {
            objects.put(kind, new HashMap<>());
            listed.put(kind, false);
        }
    }

    void apply(WatchNews news) {
        switch (news) {
            case WatchNews.Put(KubeObject object) ->
                dirty |= !object.equals(of(Watched.of(object)).put(object.name(), object));
            case WatchNews.Gone(Watched kind, ObjectName name) -> dirty |= of(kind).remove(name) != null;
            case WatchNews.Listed(Watched kind) -> {
                listed.put(kind, true);
                served(isMcsServed || kind == Watched.SERVICE_IMPORTS);
            }
            case WatchNews.Absent(Watched kind) -> listed.put(kind, true);
            case WatchNews.Probed(boolean _) -> {}
        }
    }

    private void served(boolean now) {
        dirty |= now != isMcsServed;
        isMcsServed = now;
    }

    private Map<ObjectName, KubeObject> of(Watched kind) {
        return objects.computeIfAbsent(kind, one -> new HashMap<>());
    }

    /** The cluster in mesh words, if every kind was listed and anything changed since it was last asked. */
    Optional<LocalPart> changed() {
        if (!dirty || listed.containsValue(false)) {
            return Optional.empty();
        }
        dirty = false;
        return Optional.of(KubeTranslation.translate(
                KubeObjects.of(
                        objects.values().stream()
                                .flatMap(kind -> kind.values().stream())
                                .toList(),
                        isMcsServed),
                cluster));
    }
}
