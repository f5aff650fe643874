package io.beringia.discovery.kube;

import io.beringia.discovery.guard.RemovalGuard;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All of one kind that a cluster said so far. What its API says is deleted goes; what a list merely lacks goes at once when
 * it is little, and after a second list a minute later when it is much, or all. Owned by the thread of its
 * {@link ClusterWatch}.
 */
final class KindStore {
    private final Map<ObjectName, KubeObject> objects = new HashMap<>();
    private final Map<String, ObjectName> missing = new HashMap<>();
    private final RemovalGuard guard = new RemovalGuard(name -> true);
    private Optional<Set<ObjectName>> again = Optional.empty();
    private boolean isListed;

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

    /** All of these say whether anything changed. */
    boolean put(KubeObject object) {
        missing.remove(object.name().toString());
        again.ifPresent(names -> names.add(object.name()));
        return !object.equals(objects.put(object.name(), object));
    }

    boolean gone(ObjectName name) {
        missing.remove(name.toString());
        return objects.remove(name) != null;
    }

    /** A list lacks it; what that means is known at the end of the list. */
    void lacked(ObjectName name) {
        if (objects.containsKey(name)) {
            missing.put(name.toString(), name);
        }
    }

    /** Everything is listed from the beginning: what is not said again until the end is missing. */
    void begin() {
        again = Optional.of(new HashSet<>());
    }

    boolean listed(Instant now) {
        isListed = true;
        again.ifPresent(names ->
                objects.keySet().stream().filter(name -> !names.contains(name)).forEach(this::lacked));
        again = Optional.empty();
        boolean isChanged = false;
        for (String released : guard.released(missing.keySet(), objects.size(), now)) {
            ObjectName name = missing.remove(released);
            isChanged |= name != null && objects.remove(name) != null;
        }
        return isChanged;
    }

    /** Whether another list is due, since one lacked what is kept. */
    boolean needsList(Instant now) {
        return again.isEmpty()
                && !missing.isEmpty()
                && guard.secondLook().filter(due -> !now.isBefore(due)).isPresent();
    }

    /** How many are kept although a list lacked them. */
    int heldBack() {
        return missing.size();
    }
}
