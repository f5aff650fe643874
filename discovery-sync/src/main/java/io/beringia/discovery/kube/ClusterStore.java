package io.beringia.discovery.kube;

import io.beringia.discovery.kube.WatchNews.Watched;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one cluster said so far. Owned by the thread of its {@link ClusterWatch}. */
final class ClusterStore {
    /** A definition that is deleted and a namespace that is wiped take all of these with them; whether pods are there is said at once. */
    private static final Set<Watched> TOLD_TO_OTHERS =
            EnumSet.of(Watched.SERVICES, Watched.SERVICE_EXPORTS, Watched.SERVICE_ENTRIES);

    private final LocalCluster cluster;
    private final Map<Watched, KindStore> kinds = new EnumMap<>(Watched.class);
    private PodWorkloads pods = PodWorkloads.NONE;
    private boolean dirty = true;
    private boolean isMcsServed;

    ClusterStore(LocalCluster cluster) {
        this.cluster = cluster;
        for (Watched kind : Watched.values()) {
            kinds.put(kind, new KindStore(TOLD_TO_OTHERS.contains(kind)));
        }
    }

    void apply(WatchNews news, Instant now) {
        switch (news) {
            case WatchNews.Put(KubeObject object) ->
                dirty |= of(Watched.of(object)).put(object);
            case WatchNews.Gone(Watched kind, ObjectName name) -> dirty |= of(kind).gone(name, now);
            case WatchNews.Lacked(Watched kind, ObjectName name) -> of(kind).lacked(name);
            case WatchNews.Listed(Watched kind, long version) -> {
                dirty |= of(kind).listed(version, now);
                served(isMcsServed || kind == Watched.SERVICE_IMPORTS);
            }
            case WatchNews.Undefined(Watched kind) -> {
                of(kind).undefined();
                served(isMcsServed && kind != Watched.SERVICE_IMPORTS);
            }
            case WatchNews.Absent(Watched kind) -> of(kind).absent();
            case WatchNews.Said(Watched _, int _, WatchNews what) -> apply(what, now);
            case WatchNews.Rewound() -> kinds.values().forEach(KindStore::doubt);
            case WatchNews.Probed(boolean _) -> {}
        }
    }

    private void served(boolean now) {
        dirty |= now != isMcsServed;
        isMcsServed = now;
    }

    private KindStore of(Watched kind) {
        return kinds.computeIfAbsent(kind, one -> new KindStore(TOLD_TO_OTHERS.contains(one)));
    }

    /** Whatever list of that kind comes next begins anew. */
    void begin(Watched kind) {
        of(kind).begin();
    }

    /** Kinds of which another list has to say whether what one lacked is really gone. */
    List<Watched> needingLists(Instant now) {
        return kinds.entrySet().stream()
                .filter(kind -> kind.getValue().needsList(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What was deleted together with much else, and nobody has undone, goes. */
    void letGo(Instant now) {
        for (KindStore kind : kinds.values()) {
            dirty |= kind.letGo(now);
        }
    }

    /** What is kept although the API does not say any more that it is there. */
    List<HeldKind> heldBack() {
        return kinds.entrySet().stream()
                .flatMap(kind -> kind.getValue().heldBack(kind.getKey().resource()).stream())
                .toList();
    }

    /** The cluster in mesh words, if every kind was listed and anything changed since it was last asked. */
    Optional<LocalPart> changed() {
        if (!dirty || !kinds.values().stream().allMatch(KindStore::isListed)) {
            return Optional.empty();
        }
        dirty = false;
        KubeTranslation.Translated translated = KubeTranslation.translate(
                KubeObjects.of(
                        kinds.values().stream()
                                .flatMap(kind -> kind.objects().stream())
                                .toList(),
                        isMcsServed),
                cluster,
                pods);
        pods = translated.pods();
        return Optional.of(translated.part());
    }
}
