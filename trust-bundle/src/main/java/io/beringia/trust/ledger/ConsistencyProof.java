package io.beringia.trust.ledger;

import java.util.List;

/** That the tree of {@code size} leaves begins with the whole tree of {@code old} leaves. */
public record ConsistencyProof(long old, long size, List<Hash> path) {
    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /** Whether the trees with these roots do. An empty old tree needs no path, equal trees need equal roots. */
    public boolean holds(Hash oldRoot, Hash root) {
        if (old < 0 || old > size) {
            return false;
        }
        if (old == 0) {
            return path.isEmpty() && oldRoot.equals(MerkleTree.EMPTY) && (size > 0 || root.equals(oldRoot));
        }
        if (old == size) {
            return path.isEmpty() && oldRoot.equals(root);
        }
        return climbs(oldRoot, root);
    }

    /** RFC 9162 section 2.1.4.2. */
    private boolean climbs(Hash oldRoot, Hash root) {
        boolean isSubtree = Long.bitCount(old) == 1;
        if (!isSubtree && path.isEmpty()) {
            return false;
        }
        int skipped = Long.numberOfTrailingZeros(old);
        long node = (old - 1) >> skipped;
        long last = (size - 1) >> skipped;
        Hash oldHash = isSubtree ? oldRoot : path.getFirst();
        Hash hash = oldHash;
        for (Hash sibling : path.subList(isSubtree ? 0 : 1, path.size())) {
            if (last == 0) {
                return false;
            }
            boolean isRight = (node & 1) == 1 || node == last;
            oldHash = isRight ? MerkleTree.node(sibling, oldHash) : oldHash;
            hash = isRight ? MerkleTree.node(sibling, hash) : MerkleTree.node(hash, sibling);
            int up = isRight ? 1 + Long.numberOfTrailingZeros(node) : 1;
            node >>= up;
            last >>= up;
        }
        return last == 0 && oldHash.equals(oldRoot) && hash.equals(root);
    }
}
