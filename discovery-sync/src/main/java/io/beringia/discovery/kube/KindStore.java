package io.beringia.discovery.kube;

import io.beringia.discovery.guard.RemovalGuard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All of one kind that a cluster said so far. What its API says is deleted goes, at once or, of a kind by which others are
 * told of services, after a while when it is much; what a list merely lacks goes at once when
 * it is little, and after a second list a minute later when it is much, or all. Owned by the thread of its
 * {@link ClusterWatch}.
 */
final class KindStore {
    private final Map<ObjectName, KubeObject> objects = new HashMap<>();
    private final Map<String, ObjectName> missing = new HashMap<>();
    private final Map<String, ObjectName> taken = new HashMap<>();
    private final RemovalGuard guard = new RemovalGuard(name -> true);
    private final boolean isPaused;
    private Optional<Set<ObjectName>> again = Optional.empty();
    private boolean isListed;
    private boolean isUndefined;
    private boolean isDoubted;
    private long listedAt;

    /** @param isPaused whether much of it that is deleted together waits for whoever undoes it */
    KindStore(boolean isPaused) {
        this.isPaused = isPaused;
    }

    Collection<KubeObject> objects() {
        return objects.values();
    }

    boolean isListed() {
        return isListed;
    }

    /** There is no such kind. */
    void absent() {
        isListed = true;
    }

    /** There is no such kind any more. What nobody said is deleted stays, and if the kind comes back, its first list is judged like a second. */
    void undefined() {
        isUndefined = true;
        begin();
    }

    /** All of these say whether anything changed. */
    boolean put(KubeObject object) {
        isUndefined = false;
        missing.remove(object.name().toString());
        guard.pause().undone(Set.of(object.name().toString()));
        again.ifPresent(names -> names.add(object.name()));
        return !object.equals(objects.put(object.name(), object));
    }

    boolean gone(ObjectName name, Instant now) {
        missing.remove(name.toString());
        if (isPaused
                && objects.containsKey(name)
                && guard.pause()
                        .admitted(List.of(name.toString()), objects.size(), now)
                        .isEmpty()) {
            taken.put(name.toString(), name);
            return false;
        }
        return objects.remove(name) != null;
    }

    /** What was deleted and nobody has undone. */
    boolean letGo(Instant now) {
        boolean isChanged = false;
        for (String due : guard.pause().due(now)) {
            ObjectName name = taken.remove(due);
            isChanged |= name != null && objects.remove(name) != null;
        }
        taken.keySet().removeIf(name -> !guard.pause().has(name));
        return isChanged;
    }

    /** A list lacks it; what that means is known at the end of the list. */
    void lacked(ObjectName name) {
        if (objects.containsKey(name) && !guard.pause().has(name.toString())) {
            missing.put(name.toString(), name);
        }
    }

    /** Everything is listed from the beginning: what is not said again until the end is missing. */
    void begin() {
        again = Optional.of(new HashSet<>());
    }

    /** Of a restored past even little that is missing needs a second list. */
    void doubt() {
        isDoubted = true;
    }

    /** @param version of the list; one that is smaller than that of the list before is of a restored past */
    boolean listed(long version, Instant now) {
        isListed = true;
        isUndefined = false;
        isDoubted |= version < listedAt;
        listedAt = version;
        again.ifPresent(names ->
                objects.keySet().stream().filter(name -> !names.contains(name)).forEach(this::lacked));
        again = Optional.empty();
        boolean isChanged = false;
        List<String> gone = isDoubted
                ? guard.confirmed(missing.keySet(), now)
                : guard.released(missing.keySet(), objects.size(), now);
        for (String released : gone) {
            ObjectName name = missing.remove(released);
            isChanged |= name != null && objects.remove(name) != null;
        }
        isDoubted &= !missing.isEmpty();
        return isChanged;
    }

    /** Whether another list is due, since one lacked what is kept. */
    boolean needsList(Instant now) {
        return again.isEmpty()
                && !missing.isEmpty()
                && guard.secondLook().filter(due -> !now.isBefore(due)).isPresent();
    }

    /** What is kept of it although a list lacked it, or it was deleted, or there is no such kind any more. */
    List<HeldKind> heldBack(String kind) {
        List<HeldKind> held = new ArrayList<>();
        int deleted = guard.pause().names().size();
        if (isUndefined) {
            held.add(new HeldKind(kind, objects.size() - deleted, HeldKind.Reason.UNDEFINED));
        } else if (!missing.isEmpty()) {
            held.add(new HeldKind(kind, missing.size(), HeldKind.Reason.MISSING));
        }
        if (deleted > 0) {
            held.add(new HeldKind(kind, deleted, HeldKind.Reason.DELETED));
        }
        return held;
    }
}
