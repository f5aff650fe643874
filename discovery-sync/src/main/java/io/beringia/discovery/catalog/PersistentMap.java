package io.beringia.discovery.catalog;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of which the next one is made at the price of what differs, and which is compared with the one before at
 * that price, too. Its order is that of the keys' hashes. Any thread.
 */
public final class PersistentMap<K, V> extends AbstractMap<K, V> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(Trie.Branch.empty(), 0);

    private final Trie<K, V> root;
    private final int size;

    private PersistentMap(Trie<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // nothing is in it
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /** These entries; the very map if it is one of ours. */
    public static <K, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
        if (map instanceof PersistentMap<K, V> ours) {
            return ours;
        }
        PersistentMap<K, V> copy = empty();
        for (Map.Entry<K, V> entry : map.entrySet()) {
            copy = copy.with(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    /** These values, and no others; a later one of the same key wins. Whatever stays equal stays the very same. */
    public PersistentMap<K, V> holding(Collection<V> values, Function<V, K> key) {
        PersistentMap<K, V> next = this;
        Set<K> keys = HashSet.newHashSet(values.size());
        for (V value : values) {
            K name = key.apply(value);
            keys.add(name);
            next = next.with(name, value);
        }
        if (next.size() > keys.size()) {
            for (K before : keySet()) {
                next = keys.contains(before) ? next : next.without(before);
            }
        }
        return next;
    }

    /** The very map if it has an equal value there. */
    public PersistentMap<K, V> with(K key, V value) {
        Trie<K, V> next = root.with(new Trie.Leaf<>(key, value), 0);
        if (next == root) {
            return this;
        }
        return new PersistentMap<>(next, containsKey(key) ? size : size + 1);
    }

    /** The very map if there is no such key. */
    public PersistentMap<K, V> without(K key) {
        Trie<K, V> next = root.without(Trie.hash(key), key, 0);
        return next == root ? this : new PersistentMap<>(next, size - 1);
    }

    /** Keys that not both have, or not with equal values. Costs what was changed since they were one. */
    public static <K, V> Set<K> differences(Map<K, V> before, Map<K, V> now) {
        Set<K> differing = new HashSet<>();
        Trie.differences(copyOf(before).root, copyOf(now).root, 0, differing::add);
        return differing;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        Trie.Leaf<K, V> leaf = key == null ? null : root.find(Trie.hash(key), key, 0);
        return leaf == null ? null : leaf.value;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> each) {
        root.forEach(leaf -> each.accept(leaf.key, leaf.value));
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Entries<>(root);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PersistentMap<?, ?> ours ? isSame(ours) : super.equals(other);
    }

    @SuppressWarnings("unchecked") // keys and values are only asked whether they are equal
    private boolean isSame(PersistentMap<?, ?> other) {
        return size == other.size
                && differences(this, (PersistentMap<K, V>) other).isEmpty();
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Owned by whoever asked for it. */
    private static final class Entries<K, V> implements Iterator<Map.Entry<K, V>> {
        /** Nodes still to visit; of a branch, at most 31 for each of its seven levels. */
        private final Deque<Trie<K, V>> ahead = new ArrayDeque<>();

        private Entries(Trie<K, V> root) {
            ahead.push(root);
            open();
        }

        /** Until an entry is on top. */
        private void open() {
            while (!ahead.isEmpty() && !(ahead.peek() instanceof Trie.Leaf<K, V>)) {
                switch (ahead.pop()) {
                    case Trie.Branch<K, V> branch -> {
                        for (int i = branch.size() - 1; i >= 0; i--) {
                            ahead.push(branch.node(i));
                        }
                    }
                    case Trie.Collision<K, V> collision ->
                        collision.leaves.reversed().forEach(ahead::push);
                    case Trie.Leaf<K, V> leaf -> ahead.push(leaf);
                }
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            if (ahead.poll() instanceof Trie.Leaf<K, V> leaf) {
                open();
                return Map.entry(leaf.key, leaf.value);
            }
            throw new NoSuchElementException();
        }
    }
}
