package io.beringia.trust.ledger;

/** One entry and the hash of its leaf, computed once. */
record Leaf(byte[] entry, Hash hash) {
    static Leaf of(byte[] entry) {
        return new Leaf(entry, MerkleTree.leaf(entry));
    }
}
