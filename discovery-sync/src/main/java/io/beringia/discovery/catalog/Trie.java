package io.beringia.discovery.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hash trie of 32 ways, whose nodes never change: what one key adds or takes away costs the nodes on the way to it, all
 * others are shared. Under equal keys there is exactly one shape, but for the order of keys with equal hashes.
 *
 * @see <a href="https://infoscience.epfl.ch/entities/publication/64410">Bagwell, Ideal Hash Trees</a>
 */
sealed interface Trie<K, V> {
    /** Of the hash, for each level. */
    int BITS = 5;

    int MASK = (1 << BITS) - 1;

    /** The entry of that key; null if there is none. */
    @Nullable
    Leaf<K, V> find(int hash, Object key, int shift);

    /** With that entry; the same node where it has an equal one. */
    Trie<K, V> with(Leaf<K, V> leaf, int shift);

    /** Without that key; the same node where it was not there, {@link Branch#isEmpty empty} where nothing is left. */
    Trie<K, V> without(int hash, Object key, int shift);

    void forEach(Consumer<Leaf<K, V>> each);

    /** High bits matter too: most hashes of short names differ in the low ones only, and some in the high ones only. */
    static int hash(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    /** Keys that not both have with equal values. Where both are one node, nothing is looked at. */
    static <K, V> void differences(Trie<K, V> before, Trie<K, V> now, int shift, Consumer<K> each) {
        if (before == now) {
            return;
        }
        if (before instanceof Branch<K, V> left && now instanceof Branch<K, V> right) {
            for (int slots = left.slots | right.slots; slots != 0; slots &= slots - 1) {
                int slot = Integer.lowestOneBit(slots);
                differences(left.at(slot), right.at(slot), shift + BITS, each);
            }
            return;
        }
        before.forEach(leaf -> {
            Leaf<K, V> other = now.find(leaf.hash, leaf.key, shift);
            if (other == null || !other.value.equals(leaf.value)) {
                each.accept(leaf.key);
            }
        });
        now.forEach(leaf -> {
            if (before.find(leaf.hash, leaf.key, shift) == null) {
                each.accept(leaf.key);
            }
        });
    }

    /** Both under one node. Their hashes differ. */
    private static <K, V> Trie<K, V> fork(Trie<K, V> one, int hash, Leaf<K, V> other, int shift) {
        int slot = Branch.slot(hash, shift);
        int otherSlot = Branch.slot(other.hash, shift);
        if (slot == otherSlot) {
            return new Branch<>(slot, fork(one, hash, other, shift + BITS));
        }
        return Integer.compareUnsigned(slot, otherSlot) < 0
                ? new Branch<>(slot | otherSlot, one, other)
                : new Branch<>(slot | otherSlot, other, one);
    }

    /** One key and its value. */
    final class Leaf<K, V> implements Trie<K, V> {
        final int hash;
        final K key;
        final V value;

        Leaf(K key, V value) {
            this.hash = Trie.hash(key);
            this.key = key;
            this.value = value;
        }

        boolean is(int other, Object otherKey) {
            return hash == other && key.equals(otherKey);
        }

        @Override
        public @Nullable Leaf<K, V> find(int other, Object otherKey, int shift) {
            return is(other, otherKey) ? this : null;
        }

        @Override
        public Trie<K, V> with(Leaf<K, V> leaf, int shift) {
            if (is(leaf.hash, leaf.key)) {
                return value.equals(leaf.value) ? this : leaf;
            }
            return hash == leaf.hash ? new Collision<>(List.of(this, leaf)) : fork(this, hash, leaf, shift);
        }

        @Override
        public Trie<K, V> without(int other, Object otherKey, int shift) {
            return is(other, otherKey) ? Branch.empty() : this;
        }

        @Override
        public void forEach(Consumer<Leaf<K, V>> each) {
            each.accept(this);
        }
    }

    /** Keys of one hash, two at least. */
    final class Collision<K, V> implements Trie<K, V> {
        final List<Leaf<K, V>> leaves;

        private Collision(List<Leaf<K, V>> leaves) {
            this.leaves = leaves;
        }

        private int hash() {
            return leaves.getFirst().hash;
        }

        @Override
        public @Nullable Leaf<K, V> find(int hash, Object key, int shift) {
            for (Leaf<K, V> leaf : leaves) {
                if (leaf.is(hash, key)) {
                    return leaf;
                }
            }
            return null;
        }

        @Override
        public Trie<K, V> with(Leaf<K, V> leaf, int shift) {
            if (leaf.hash != hash()) {
                return fork(this, hash(), leaf, shift);
            }
            Leaf<K, V> before = find(leaf.hash, leaf.key, shift);
            if (before != null && before.value.equals(leaf.value)) {
                return this;
            }
            return new Collision<>(
                    Stream.concat(others(leaf.hash, leaf.key), Stream.of(leaf)).toList());
        }

        @Override
        public Trie<K, V> without(int hash, Object key, int shift) {
            List<Leaf<K, V>> left = others(hash, key).toList();
            if (left.size() == leaves.size()) {
                return this;
            }
            return left.size() == 1 ? left.getFirst() : new Collision<>(left);
        }

        private Stream<Leaf<K, V>> others(int hash, Object key) {
            return leaves.stream().filter(leaf -> !leaf.is(hash, key));
        }

        @Override
        public void forEach(Consumer<Leaf<K, V>> each) {
            leaves.forEach(each);
        }
    }

    /** Up to 32 nodes, by five bits of the hash. */
    final class Branch<K, V> implements Trie<K, V> {
        private static final Branch<?, ?> EMPTY = new Branch<>(0);

        final int slots;
        private final Object[] nodes;

        /** @param nodes one for each bit of the slots, the lowest first; not changed by anybody */
        private Branch(int slots, Object... nodes) {
            this.slots = slots;
            this.nodes = nodes;
        }

        @SuppressWarnings("unchecked") // nothing is in it
        static <K, V> Branch<K, V> empty() {
            return (Branch<K, V>) EMPTY;
        }

        private static int slot(int hash, int shift) {
            return 1 << ((hash >>> shift) & MASK);
        }

        boolean isEmpty() {
            return slots == 0;
        }

        private int index(int slot) {
            return Integer.bitCount(slots & (slot - 1));
        }

        /** {@link #empty} where there is none. */
        Trie<K, V> at(int slot) {
            return (slots & slot) == 0 ? empty() : node(index(slot));
        }

        int size() {
            return nodes.length;
        }

        @SuppressWarnings("unchecked") // nobody else fills the array
        Trie<K, V> node(int index) {
            return (Trie<K, V>) nodes[index];
        }

        @Override
        public @Nullable Leaf<K, V> find(int hash, Object key, int shift) {
            int slot = slot(hash, shift);
            return (slots & slot) == 0 ? null : node(index(slot)).find(hash, key, shift + BITS);
        }

        @Override
        public Trie<K, V> with(Leaf<K, V> leaf, int shift) {
            if (isEmpty()) {
                return leaf;
            }
            int slot = slot(leaf.hash, shift);
            int index = index(slot);
            if ((slots & slot) == 0) {
                return inserted(slot, index, leaf);
            }
            Trie<K, V> before = node(index);
            Trie<K, V> now = before.with(leaf, shift + BITS);
            return before == now ? this : replaced(index, now);
        }

        @Override
        public Trie<K, V> without(int hash, Object key, int shift) {
            int slot = slot(hash, shift);
            if ((slots & slot) == 0) {
                return this;
            }
            int index = index(slot);
            Trie<K, V> before = node(index);
            Trie<K, V> now = before.without(hash, key, shift + BITS);
            if (before == now) {
                return this;
            }
            return now instanceof Branch<K, V> branch && branch.isEmpty()
                    ? removed(slot, index)
                    : shortened(index, now);
        }

        private Trie<K, V> inserted(int slot, int index, Trie<K, V> node) {
            Object[] more = new Object[nodes.length + 1];
            System.arraycopy(nodes, 0, more, 0, index);
            more[index] = node;
            System.arraycopy(nodes, index, more, index + 1, nodes.length - index);
            return new Branch<>(slots | slot, more);
        }

        private Trie<K, V> replaced(int index, Trie<K, V> node) {
            Object[] others = Arrays.copyOf(nodes, nodes.length);
            others[index] = node;
            return new Branch<>(slots, others);
        }

        /** A branch with nothing but an entry is that entry. */
        private Trie<K, V> shortened(int index, Trie<K, V> node) {
            return nodes.length == 1 && !(node instanceof Branch<K, V>) ? node : replaced(index, node);
        }

        private Trie<K, V> removed(int slot, int index) {
            if (nodes.length == 1) {
                return empty();
            }
            if (nodes.length == 2 && !(node(1 - index) instanceof Branch<K, V>)) {
                return node(1 - index);
            }
            Object[] fewer = new Object[nodes.length - 1];
            System.arraycopy(nodes, 0, fewer, 0, index);
            System.arraycopy(nodes, index + 1, fewer, index, fewer.length - index);
            return new Branch<>(slots & ~slot, fewer);
        }

        @Override
        public void forEach(Consumer<Leaf<K, V>> each) {
            for (int i = 0; i < nodes.length; i++) {
                node(i).forEach(each);
            }
        }
    }
}
