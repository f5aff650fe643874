package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An informer's store that keeps name and resourceVersion of each object and forgets the rest: full models weigh tens of
 * thousands of bytes each, and ours are kept elsewhere. Any thread; fabric8 writes from one at a time.
 */
final class KeptNames<T extends HasMetadata> implements ItemStore<T> {
    private final ConcurrentMap<String, T> kept = new ConcurrentHashMap<>();
    private final Supplier<T> empty;

    KeptNames(Supplier<T> empty) {
        this.empty = empty;
    }

    @Override
    public String getKey(T object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    @Override
    public @Nullable T put(String key, T object) {
        T name = empty.get();
        name.setMetadata(new ObjectMetaBuilder()
                .withNamespace(object.getMetadata().getNamespace())
                .withName(object.getMetadata().getName())
                .withUid(object.getMetadata().getUid())
                .withResourceVersion(object.getMetadata().getResourceVersion())
                .build());
        return kept.put(key, name);
    }

    @Override
    public @Nullable T remove(String key) {
        return kept.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return kept.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return kept.values().stream();
    }

    @Override
    public int size() {
        return kept.size();
    }

    @Override
    public @Nullable T get(String key) {
        return kept.get(key);
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
