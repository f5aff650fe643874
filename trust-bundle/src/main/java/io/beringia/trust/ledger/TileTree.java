package io.beringia.trust.ledger;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The right edge of a growing tree: what no full tile holds yet. Owned by the log's writer. */
final class TileTree {
    private final List<List<Hash>> levels = new ArrayList<>();
    private final List<byte[]> entries = new ArrayList<>();
    private long size;

    /** As a log of {@code size} entries left it; nothing of it is believed before {@link #root} was compared. */
    static TileTree load(LogSource source, long size) {
        TileTree tree = new TileTree();
        tree.size = size;
        for (int level = 0; level * Tile.HEIGHT < Long.SIZE && size >> (level * Tile.HEIGHT) > 0; level++) {
            long items = size >> (level * Tile.HEIGHT);
            tree.levels.add(
                    items % Tile.WIDTH_MAX == 0
                            ? new ArrayList<>()
                            : TileReader.tile(source, Tile.holding(level, items - 1, items)));
        }
        if (size % Tile.WIDTH_MAX != 0) {
            tree.entries.addAll(TileReader.entries(source, Tile.holding(Tile.ENTRIES, size - 1, size)));
        }
        return tree;
    }

    long size() {
        return size;
    }

    /** Tiles that this entry fills go to {@code full}, entries before hashes, lower levels first. */
    void append(Leaf leaf, Consumer<TileFile> full) {
        entries.add(leaf.entry());
        size++;
        if (entries.size() == Tile.WIDTH_MAX) {
            full.accept(new TileFile(Tile.holding(Tile.ENTRIES, size - 1, size), EntryBundle.write(entries)));
            entries.clear();
        }
        append(0, leaf.hash(), full);
    }

    private void append(int level, Hash hash, Consumer<TileFile> full) {
        if (levels.size() == level) {
            levels.add(new ArrayList<>());
        }
        List<Hash> hashes = levels.get(level);
        hashes.add(hash);
        if (hashes.size() == Tile.WIDTH_MAX) {
            full.accept(file(level, hashes));
            Hash root = MerkleTree.root(hashes);
            hashes.clear();
            append(level + 1, root, full);
        }
    }

    /** The tiles that are not full, as they are now. */
    List<TileFile> partials() {
        List<TileFile> files = new ArrayList<>();
        if (!entries.isEmpty()) {
            files.add(new TileFile(Tile.holding(Tile.ENTRIES, size - 1, size), EntryBundle.write(entries)));
        }
        for (int level = 0; level < levels.size(); level++) {
            if (!levels.get(level).isEmpty()) {
                files.add(file(level, levels.get(level)));
            }
        }
        return files;
    }

    private TileFile file(int level, List<Hash> hashes) {
        long items = size >> (level * Tile.HEIGHT);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(hashes.size() * Hash.LENGTH);
        hashes.forEach(hash -> octets.writeBytes(hash.shared()));
        return new TileFile(Tile.holding(level, items - 1, items), octets.toByteArray());
    }

    Hash root() {
        Deque<Hash> peaks = new ArrayDeque<>();
        for (List<Hash> hashes : levels.reversed()) {
            int from = 0;
            while (from < hashes.size()) {
                int width = Integer.highestOneBit(hashes.size() - from);
                peaks.addLast(MerkleTree.root(hashes.subList(from, from + width)));
                from += width;
            }
        }
        if (peaks.isEmpty()) {
            return MerkleTree.EMPTY;
        }
        Hash root = peaks.removeLast();
        while (!peaks.isEmpty()) {
            root = MerkleTree.node(peaks.removeLast(), root);
        }
        return root;
    }
}
