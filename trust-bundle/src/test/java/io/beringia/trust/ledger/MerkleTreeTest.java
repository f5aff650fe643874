package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MerkleTreeTest {
    private static final int SIZE = 70_000;
    private static final MerkleTree.Subtrees TREE = KnownAnswers.subtrees(SIZE);

    @Test
    void roots_are_those_of_another_implementation() {
        assertThat(KnownAnswers.lines("root"))
                .hasSize(19)
                .allSatisfy(line -> assertThat(MerkleTree.root(Long.parseLong(line.get(1)), TREE))
                        .as("size %s", line.get(1))
                        .isEqualTo(Hash.parse(line.get(2))));
    }

    @Test
    void the_root_of_no_entries_is_the_hash_of_nothing() {
        assertThat(MerkleTree.root(0, TREE).hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void inclusion_proofs_are_those_of_another_implementation() {
        assertThat(KnownAnswers.lines("inclusion")).hasSize(12).allSatisfy(line -> {
            long size = Long.parseLong(line.get(1));
            long index = Long.parseLong(line.get(2));
            InclusionProof proof = MerkleTree.inclusion(index, size, TREE);
            assertThat(proof.path()).as("entry %d of %d", index, size).isEqualTo(KnownAnswers.hashes(line));
            assertThat(proof.holds(TREE.root(0, index), MerkleTree.root(size, TREE)))
                    .as("holds")
                    .isTrue();
        });
    }

    @Test
    void consistency_proofs_are_those_of_another_implementation() {
        assertThat(KnownAnswers.lines("consistency")).hasSize(13).allSatisfy(line -> {
            long size = Long.parseLong(line.get(1));
            long old = Long.parseLong(line.get(2));
            ConsistencyProof proof = MerkleTree.consistency(old, size, TREE);
            assertThat(proof.path()).as("%d to %d", old, size).isEqualTo(KnownAnswers.hashes(line));
            assertThat(proof.holds(MerkleTree.root(old, TREE), MerkleTree.root(size, TREE)))
                    .as("holds")
                    .isTrue();
        });
    }

    @Test
    void every_inclusion_proof_of_small_trees_holds_for_its_own_entry_alone() {
        for (int size = 1; size <= 40; size++) {
            Hash root = MerkleTree.root(size, TREE);
            for (int index = 0; index < size; index++) {
                InclusionProof proof = MerkleTree.inclusion(index, size, TREE);
                for (int leaf = 0; leaf < size; leaf++) {
                    assertThat(proof.holds(TREE.root(0, leaf), root))
                            .as("leaf %d by the proof of %d of %d", leaf, index, size)
                            .isEqualTo(leaf == index);
                }
                InclusionProof elsewhere = new InclusionProof(index + 1L, size, proof.path());
                assertThat(elsewhere.holds(TREE.root(0, index), root))
                        .as("moved")
                        .isFalse();
            }
        }
    }

    @Test
    void every_consistency_proof_of_small_trees_holds_for_its_own_sizes_alone() {
        for (int size = 1; size <= 40; size++) {
            for (int old = 0; old <= size; old++) {
                ConsistencyProof proof = MerkleTree.consistency(old, size, TREE);
                Hash root = MerkleTree.root(size, TREE);
                assertThat(proof.holds(MerkleTree.root(old, TREE), root))
                        .as("%d to %d", old, size)
                        .isTrue();
                assertThat(proof.holds(MerkleTree.root(old + 1L, TREE), root))
                        .as("another old tree")
                        .isFalse();
                assertThat(proof.holds(MerkleTree.root(old, TREE), MerkleTree.root(size + 1L, TREE)))
                        .as("another new tree, %d to %d", old, size)
                        .isEqualTo(old == 0);
            }
        }
    }

    @Test
    void a_proof_with_a_hash_more_less_or_changed_does_not_hold() {
        for (int size : new int[] {2, 7, 8, 33}) {
            Hash root = MerkleTree.root(size, TREE);
            InclusionProof inclusion = MerkleTree.inclusion(1, size, TREE);
            ConsistencyProof consistency = MerkleTree.consistency(size - 1L, size, TREE);
            Hash old = MerkleTree.root(size - 1L, TREE);
            spoilt(inclusion.path())
                    .forEach(path -> assertThat(new InclusionProof(1, size, path).holds(TREE.root(0, 1), root))
                            .as("inclusion in %d", size)
                            .isFalse());
            spoilt(consistency.path())
                    .forEach(path -> assertThat(new ConsistencyProof(size - 1L, size, path).holds(old, root))
                            .as("consistency with %d", size)
                            .isFalse());
        }
    }

    private static List<List<Hash>> spoilt(List<Hash> path) {
        List<List<Hash>> all = new ArrayList<>();
        all.add(path.subList(0, path.size() - 1));
        all.add(path.subList(1, path.size()));
        List<Hash> longer = new ArrayList<>(path);
        longer.add(Hash.NONE);
        all.add(longer);
        for (int i = 0; i < path.size(); i++) {
            List<Hash> changed = new ArrayList<>(path);
            changed.set(i, flipped(path.get(i)));
            all.add(changed);
        }
        return all;
    }

    private static Hash flipped(Hash hash) {
        byte[] octets = hash.octets();
        octets[31] ^= 1;
        return Hash.of(octets);
    }

    @Test
    void there_is_no_proof_of_what_the_tree_does_not_hold() {
        assertThatThrownBy(() -> MerkleTree.inclusion(5, 5, TREE)).hasMessageContaining("expected: 0 to 4");
        assertThatThrownBy(() -> MerkleTree.consistency(6, 5, TREE)).hasMessageContaining("expected: 0 to 5");
    }
}
