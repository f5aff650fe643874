package io.beringia.trust.ledger;

import java.util.List;
import java.util.Optional;

/** That a tree of {@code size} leaves holds a certain one at {@code index}. */
public record InclusionProof(long index, long size, List<Hash> path) {
    public InclusionProof {
        path = List.copyOf(path);
    }

    /** Whether the tree with this root does. */
    public boolean holds(Hash leaf, Hash root) {
        return index >= 0 && index < size && climb(leaf).filter(root::equals).isPresent();
    }

    /** The root that the path leads to; empty where it is too long or too short. RFC 9162 section 2.1.3.2. */
    private Optional<Hash> climb(Hash leaf) {
        long node = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : path) {
            if (last == 0) {
                return Optional.empty();
            }
            boolean isRight = (node & 1) == 1 || node == last;
            hash = isRight ? MerkleTree.node(sibling, hash) : MerkleTree.node(hash, sibling);
            int up = isRight ? 1 + Long.numberOfTrailingZeros(node) : 1;
            node >>= up;
            last >>= up;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }
}
