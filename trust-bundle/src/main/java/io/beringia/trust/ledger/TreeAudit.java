package io.beringia.trust.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** C5 of one log: the tree is built anew from its entries, and each file compared with it. Owned by one verification. */
final class TreeAudit {
    private final LogSource source;
    private final Findings findings;
    private final TileTree tree = new TileTree();

    TreeAudit(LogSource source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    /** Compares each entry of a bundle with the hash that the tile of leaves has for it. */
    void bundle(Tile bundle, List<Leaf> leaves) {
        List<Hash> hashes = leaves(bundle);
        for (int i = 0; i < hashes.size(); i++) {
            if (!hashes.get(i).equals(leaves.get(i).hash())) {
                findings.add(
                        Claim.C5,
                        "entry " + (bundle.index() * Tile.WIDTH_MAX + i),
                        "hash "
                                + leaves.get(i).hash() + " of " + bundle + " (expected: " + hashes.get(i) + " of "
                                + new Tile(0, bundle.index(), bundle.width()) + ")");
            }
        }
    }

    private List<Hash> leaves(Tile bundle) {
        try {
            return TileReader.tile(source, new Tile(0, bundle.index(), bundle.width()));
        } catch (IllegalArgumentException | UncheckedIOException bad) {
            return List.of();
        }
    }

    void append(Leaf leaf) {
        tree.append(leaf, this::compare);
    }

    Hash root() {
        return tree.root();
    }

    long size() {
        return tree.size();
    }

    /** Whatever of the tree is in no full tile, and what it was at earlier checkpoints. */
    void finish() {
        for (TileFile file : tree.partials()) {
            compare(file);
            for (String width : names(file.tile().partials())) {
                Tile.parse(file.tile().partials() + "/" + width)
                        .filter(earlier -> earlier.width() < file.tile().width())
                        .ifPresent(earlier -> earlier(earlier, file.octets()));
            }
        }
    }

    private List<String> names(String folder) {
        try {
            return source.names(folder);
        } catch (IOException e) {
            findings.add(Claim.C5, folder, "cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private void compare(TileFile file) {
        try {
            Optional<byte[]> own = source.read(file.tile().path());
            if (own.isPresent()) {
                exactly(file.tile(), own.get(), file.octets());
            } else if (file.tile().isPartial()) {
                begins(file.tile().whole(), file.octets());
            } else {
                findings.add(Claim.C5, file.tile().path(), "missing (expected: a file of the log)");
            }
        } catch (IOException e) {
            findings.add(Claim.C5, file.tile().path(), "cannot be read: " + e.getMessage());
        }
    }

    private void exactly(Tile tile, byte[] octets, byte[] expected) {
        int at = Arrays.mismatch(octets, expected);
        if (at >= 0) {
            findings.add(Claim.C5, tile.path(), "differs from octet " + at + " on (expected: what its entries make)");
        }
    }

    /** The full tile in which a partial one went on since the checkpoint. */
    private void begins(Tile whole, byte[] expected) throws IOException {
        byte[] octets = source.read(whole.path()).orElse(new byte[0]);
        if (octets.length < expected.length
                || Arrays.mismatch(octets, 0, expected.length, expected, 0, expected.length) >= 0) {
            findings.add(Claim.C5, whole.path(), "missing, or begins otherwise (expected: what its entries make)");
        }
    }

    /** What an earlier checkpoint was published with. */
    private void earlier(Tile tile, byte[] expected) {
        try {
            byte[] octets = source.read(tile.path()).orElse(new byte[0]);
            if (!isWhole(tile, octets)
                    || octets.length > expected.length
                    || Arrays.mismatch(octets, 0, octets.length, expected, 0, octets.length) >= 0) {
                findings.add(Claim.C5, tile.path(), "differs or ends early (expected: what its entries make)");
            }
        } catch (IOException e) {
            findings.add(Claim.C5, tile.path(), "cannot be read: " + e.getMessage());
        }
    }

    private static boolean isWhole(Tile tile, byte[] octets) {
        try {
            return tile.level() == Tile.ENTRIES
                    ? EntryBundle.read(octets, tile.width()).size() == tile.width()
                    : octets.length == tile.width() * Hash.LENGTH;
        } catch (IllegalArgumentException bad) {
            return false;
        }
    }
}
