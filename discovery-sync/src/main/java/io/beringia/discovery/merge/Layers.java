package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.PersistentMap;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maps of which of one key the last one's value counts, looked at as one. Immutable. */
record Layers<K, V>(List<PersistentMap<K, V>> layers, PersistentMap<K, V> all) {
    Layers {
        layers = List.copyOf(layers);
    }

    static <K, V> Layers<K, V> none(int count) {
        return new Layers<>(Collections.nCopies(count, PersistentMap.empty()), PersistentMap.empty());
    }

    /** As many others, at the price of what differs. */
    Layers<K, V> next(List<PersistentMap<K, V>> others) {
        PersistentMap<K, V> next = all;
        for (int i = 0; i < others.size(); i++) {
            for (K key : PersistentMap.differences(layers.get(i), others.get(i))) {
                V top = top(others, key);
                next = top == null ? next.without(key) : next.with(key, top);
            }
        }
        return new Layers<>(others, next);
    }

    private static <K, V> @Nullable V top(List<PersistentMap<K, V>> layers, K key) {
        for (PersistentMap<K, V> layer : layers.reversed()) {
            V value = layer.get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
