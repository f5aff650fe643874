package io.beringia.trust.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tree of a given size as its tiles tell it; nothing is believed before it led to the root. One thread. */
final class TileReader implements MerkleTree.Subtrees {
    /** A proof reads one or two tiles of a level: 8 levels are more than any log has. */
    private static final int TILES_KEPT = 16;

    private final LogSource source;
    private final long size;
    private final Map<Tile, List<Hash>> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Tile, List<Hash>> eldest) {
            return size() > TILES_KEPT;
        }
    };

    TileReader(LogSource source, long size) {
        this.source = source;
        this.size = size;
    }

    @Override
    public Hash root(int level, long index) {
        int tileLevel = level / Tile.HEIGHT;
        int within = level % Tile.HEIGHT;
        long first = index << within;
        Tile tile = Tile.holding(tileLevel, first, size >> (tileLevel * Tile.HEIGHT));
        int at = (int) (first % Tile.WIDTH_MAX);
        return MerkleTree.root(hashes(tile).subList(at, at + (1 << within)));
    }

    private List<Hash> hashes(Tile tile) {
        List<Hash> known = kept.get(tile);
        if (known == null) {
            known = tile(source, tile);
            kept.put(tile, known);
        }
        return known;
    }

    /** The hashes of one tile, as many as it is wide. */
    static List<Hash> tile(LogSource source, Tile tile) {
        List<Hash> hashes = new ArrayList<>(tile.width());
        ByteBuffer rest = ByteBuffer.wrap(read(source, tile, Hash.LENGTH * tile.width()));
        while (rest.remaining() >= Hash.LENGTH) {
            hashes.add(Hash.next(rest));
        }
        return hashes;
    }

    /** A partial tile that is gone is the beginning of the whole one that replaced it. */
    private static byte[] read(LogSource source, Tile tile, int length) {
        try {
            byte[] octets =
                    source.read(tile.path()).or(() -> whole(source, tile)).orElseThrow(() -> missing(tile));
            if (octets.length < length) {
                throw new IllegalArgumentException(
                        tile + ": " + octets.length + " octets (expected: " + length + " of them)");
            }
            return Arrays.copyOf(octets, length);
        } catch (IOException e) {
            throw new UncheckedIOException(tile + ": " + e.getMessage() + " (expected: a file of the log)", e);
        }
    }

    private static Optional<byte[]> whole(LogSource source, Tile tile) {
        try {
            return source.read(tile.whole().path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalArgumentException missing(Tile tile) {
        return new IllegalArgumentException(tile + ": missing (expected: a file of the log)");
    }

    /** Entries {@code tile.index() * 256} and on, as many as the tile is wide. */
    static List<byte[]> entries(LogSource source, Tile tile) {
        try {
            byte[] own = source.read(tile.path()).orElse(null);
            if (own != null) {
                return EntryBundle.read(own, tile.width());
            }
            byte[] whole = source.read(tile.whole().path()).orElseThrow(() -> missing(tile));
            return EntryBundle.read(whole, Tile.WIDTH_MAX).subList(0, tile.width());
        } catch (IOException e) {
            throw new UncheckedIOException(tile + ": " + e.getMessage() + " (expected: a file of the log)", e);
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException(tile + ": " + bad.getMessage(), bad);
        }
    }
}
