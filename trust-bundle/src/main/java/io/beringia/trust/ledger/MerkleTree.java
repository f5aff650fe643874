package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * The tree of RFC 6962 section 2.1: hashes, and the proofs that a log can give. Pure; what it needs of the tree comes
 * from a {@link Subtrees}.
 */
public final class MerkleTree {
    static final Hash EMPTY = Hash.sha256();

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private MerkleTree() {}

    /** Roots of complete subtrees: of the 2^level leaves from {@code index} times 2^level on. */
    @FunctionalInterface
    public interface Subtrees {
        Hash root(int level, long index);
    }

    public static Hash leaf(byte[] entry) {
        return Hash.sha256(LEAF, entry);
    }

    static Hash node(Hash left, Hash right) {
        return Hash.sha256(NODE, left.shared(), right.shared());
    }

    /** Of the first {@code size} leaves. */
    public static Hash root(long size, Subtrees subtrees) {
        return size == 0 ? EMPTY : root(0, size, subtrees);
    }

    /** From the leaf's sibling to the child of the root. */
    public static InclusionProof inclusion(long index, long size, Subtrees subtrees) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("index: " + index + " (expected: 0 to " + (size - 1) + ")");
        }
        List<Hash> path = new ArrayList<>();
        path(index, 0, size, subtrees, path);
        return new InclusionProof(index, size, path);
    }

    /** That the tree of {@code size} begins with the one of {@code old}; empty where that needs no proof. */
    public static ConsistencyProof consistency(long old, long size, Subtrees subtrees) {
        if (old < 0 || old > size) {
            throw new IllegalArgumentException("old size: " + old + " (expected: 0 to " + size + ")");
        }
        List<Hash> path = new ArrayList<>();
        if (old > 0 && old < size) {
            subproof(old, 0, size, subtrees, path);
        }
        return new ConsistencyProof(old, size, path);
    }

    /** Of the leaves whose hashes these are. */
    static Hash root(List<Hash> leaves) {
        return root(leaves.size(), (level, index) -> root(leaves, level, (int) index));
    }

    private static Hash root(List<Hash> leaves, int level, int index) {
        return level == 0
                ? leaves.get(index)
                : node(root(leaves, level - 1, 2 * index), root(leaves, level - 1, 2 * index + 1));
    }

    private static Hash root(long low, long high, Subtrees subtrees) {
        if (isComplete(high - low)) {
            int level = Long.numberOfTrailingZeros(high - low);
            return subtrees.root(level, low >> level);
        }
        long middle = low + leftSize(high - low);
        return node(root(low, middle, subtrees), root(middle, high, subtrees));
    }

    private static void path(long index, long low, long high, Subtrees subtrees, List<Hash> path) {
        if (high - low == 1) {
            return;
        }
        long middle = low + leftSize(high - low);
        if (index < middle) {
            path(index, low, middle, subtrees, path);
            path.add(root(middle, high, subtrees));
        } else {
            path(index, middle, high, subtrees, path);
            path.add(root(low, middle, subtrees));
        }
    }

    /** RFC 6962 section 2.1.2; the old tree's own root is left out where it is a subtree of the new one. */
    private static void subproof(long old, long low, long high, Subtrees subtrees, List<Hash> path) {
        if (old == high) {
            if (low != 0) {
                path.add(root(low, high, subtrees));
            }
            return;
        }
        long middle = low + leftSize(high - low);
        if (old <= middle) {
            subproof(old, low, middle, subtrees, path);
            path.add(root(middle, high, subtrees));
        } else {
            subproof(old, middle, high, subtrees, path);
            path.add(root(low, middle, subtrees));
        }
    }

    private static boolean isComplete(long size) {
        return Long.bitCount(size) == 1;
    }

    /** The greatest power of two below {@code size}. */
    private static long leftSize(long size) {
        return Long.highestOneBit(size - 1);
    }
}
