package io.beringia.trust.ledger;

import io.beringia.scenarios.fuzz.Choices;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What logs and witnesses say to one another: it is refused or written again as it was, and no text, tree or entry but
 * the one that was signed is ever believed.
 */
public final class NotesFuzz {
    private static final int LEAVES = 11;
    private static final List<Hash> TREE = IntStream.range(0, LEAVES)
            .mapToObj(i -> MerkleTree.leaf(new byte[] {(byte) i}))
            .toList();
    private static final MerkleTree.Subtrees SUBTREES =
            (level, index) -> MerkleTree.root(TREE.subList((int) (index << level), (int) (index + 1 << level)));
    private static final NoteSigner LOG =
            NoteSigner.generate("mesh/beringia/east/issuance", NoteKey.Type.NOTE, new SecureRandom());
    private static final Policy POLICY = Policy.parse("log " + LOG.key() + "\nquorum none\n");
    private static final Checkpoint SIGNED = new Checkpoint(LOG.key().name(), LEAVES, MerkleTree.root(TREE));
    private static final SignedNote NOTE = new SignedNote(SIGNED.text(), List.of(LOG.sign(SIGNED.text())));

    private NotesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        switch (choices.below(11)) {
            case 0 -> inverse(choices.rest(), SignedNote::parse, SignedNote::bytes);
            case 1 -> inverse(choices.rest(), bytes -> Checkpoint.parse(text(bytes)), it -> octets(it.text()));
            case 2 -> inverse(choices.rest(), LedgerProof::parse, LedgerProof::bytes);
            case 3 -> inverse(choices.rest(), AddCheckpoint::parse, AddCheckpoint::bytes);
            case 4 -> inverse(choices.rest(), LogAttestation::parse, LogAttestation::bytes);
            case 5 -> inverse(choices.rest(), bytes -> NoteKey.parse(text(bytes)), it -> octets(it.toString()));
            case 6 -> tile(text(choices.rest()));
            case 7 -> bundle(1 + choices.below(8), choices.rest());
            case 8 -> policy(choices.rest());
            case 9 -> changed(choices);
            default -> proven(choices);
        }
    }

    private static <T> void inverse(byte[] input, Function<byte[], T> parse, Function<T, byte[]> print) {
        T read;
        try {
            read = parse.apply(input);
        } catch (IllegalArgumentException refused) {
            return;
        }
        require(Arrays.equals(print.apply(read), input), "read as " + read + " (expected: what was written)");
    }

    private static void tile(String path) {
        Tile.parse(path).ifPresent(tile -> require(tile.path().equals(path), "tile: " + tile));
    }

    private static void bundle(int width, byte[] input) {
        inverse(input, octets -> EntryBundle.read(octets, width), EntryBundle::write);
    }

    private static void policy(byte[] input) {
        try {
            Policy policy = Policy.parse(input);
            require(policy.quorum().isEmpty() || !policy.witnesses().isEmpty(), "quorum of nobody: " + policy);
            policy.judge(NOTE);
        } catch (IllegalArgumentException refused) {
            // named by its line
        }
    }

    /** A signed note of which something was changed on its way. */
    private static void changed(Choices choices) {
        byte[] bytes = choices.bent(NOTE.bytes());
        try {
            SignedNote note = SignedNote.parse(bytes);
            if (POLICY.judge(note) instanceof PolicyVerdict.Accepted accepted) {
                require(note.text().equals(NOTE.text()), "text: " + note.text() + " (expected: the one signed)");
                require(accepted.checkpoint().equals(SIGNED), "checkpoint: " + accepted);
            }
        } catch (IllegalArgumentException refused) {
            // no note any more
        }
    }

    /** A proof of one leaf, with any of its parts changed. */
    private static void proven(Choices choices) {
        int leaf = choices.below(LEAVES);
        boolean isInclusion = choices.oneIn(2);
        List<Hash> path = isInclusion
                ? MerkleTree.inclusion(leaf, LEAVES, SUBTREES).path()
                : MerkleTree.consistency(leaf, LEAVES, SUBTREES).path();
        byte[] bent = choices.bent(flat(path));
        List<Hash> changed = IntStream.range(0, bent.length / Hash.LENGTH)
                .mapToObj(i -> Hash.of(Arrays.copyOfRange(bent, i * Hash.LENGTH, (i + 1) * Hash.LENGTH)))
                .toList();
        long index = choices.oneIn(4) ? (long) choices.word() << 32 | choices.word() & 0xffffffffL : leaf;
        long size = choices.oneIn(4) ? (long) choices.word() << 32 | choices.word() & 0xffffffffL : LEAVES;
        boolean holds = isInclusion
                ? new InclusionProof(index, size, changed).holds(TREE.get(leaf), SIGNED.root())
                : new ConsistencyProof(index, size, changed)
                        .holds(MerkleTree.root(TREE.subList(0, leaf)), SIGNED.root());
        boolean isSame = index == leaf && size == LEAVES && changed.equals(path);
        // Of another index or size a path may lead to the same root: those are proved by the checkpoint's signature.
        require(!holds || changed.equals(path), "proof: of " + index + " in " + size + " (expected: none)");
        require(holds || !isSame, "proof: refused (expected: as it was made)");
    }

    private static byte[] flat(List<Hash> path) {
        byte[] all = new byte[path.size() * Hash.LENGTH];
        for (int i = 0; i < path.size(); i++) {
            System.arraycopy(path.get(i).octets(), 0, all, i * Hash.LENGTH, Hash.LENGTH);
        }
        return all;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
