package io.beringia.trust.ledger;

/** One entry and the hash of its leaf, computed once. Nobody changes the octets. */
final class Leaf {
    private final byte[] entry;
    private final Hash hash;

    private Leaf(byte[] entry, Hash hash) {
        this.entry = entry;
        this.hash = hash;
    }

    static Leaf of(byte[] entry) {
        return new Leaf(entry, MerkleTree.leaf(entry));
    }

    byte[] entry() {
        return entry;
    }

    Hash hash() {
        return hash;
    }
}
