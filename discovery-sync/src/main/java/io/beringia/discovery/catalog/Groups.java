package io.beringia.discovery.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Values by each of their keys, under one key always in the same order, whichever came first. Immutable. Any thread.
 *
 * @param order tells any two values apart
 */
record Groups<K, V>(Map<K, List<V>> byKey, Function<V, Collection<K>> keys, Comparator<V> order) {
    Groups {
        byKey = PersistentMap.copyOf(byKey);
    }

    static <K, V> Groups<K, V> none(Function<V, Collection<K>> keys, Comparator<V> order) {
        return new Groups<>(PersistentMap.empty(), keys, order);
    }

    /** These values and no others, each of them once. */
    Groups<K, V> of(Collection<V> values) {
        Map<K, List<V>> groups = new HashMap<>();
        for (V value : values.stream().sorted(order).toList()) {
            for (K key : keys.apply(value).stream().distinct().toList()) {
                groups.computeIfAbsent(key, absent -> new ArrayList<>()).add(value);
            }
        }
        groups.replaceAll((key, group) -> List.copyOf(group));
        return new Groups<>(groups, keys, order);
    }

    Groups<K, V> with(V value) {
        PersistentMap<K, List<V>> next = PersistentMap.copyOf(byKey);
        for (K key : keys.apply(value)) {
            List<V> group = new ArrayList<>(find(key));
            int place = Collections.binarySearch(group, value, order);
            if (place < 0) {
                group.add(-place - 1, value);
                next = next.with(key, List.copyOf(group));
            }
        }
        return new Groups<>(next, keys, order);
    }

    Groups<K, V> without(V value) {
        PersistentMap<K, List<V>> next = PersistentMap.copyOf(byKey);
        for (K key : keys.apply(value)) {
            List<V> group = new ArrayList<>(find(key));
            int place = Collections.binarySearch(group, value, order);
            if (place >= 0) {
                group.remove(place);
                next = group.isEmpty() ? next.without(key) : next.with(key, List.copyOf(group));
            }
        }
        return new Groups<>(next, keys, order);
    }

    List<V> find(K key) {
        return byKey.getOrDefault(key, List.of());
    }
}
