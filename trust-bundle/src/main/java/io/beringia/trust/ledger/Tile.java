package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one file of a log: up to 256 consecutive hashes of one level, or as many entries. C2SP tlog-tiles.
 *
 * @param level of the hashes, 0 to 63; {@link #ENTRIES} for entries themselves
 * @param width how many there are; fewer than 256 make the tile a partial one
 */
public record Tile(int level, long index, int width) {
    static final int ENTRIES = -1;
    static final int WIDTH_MAX = 256;

    /** A tile is a subtree of this height. */
    static final int HEIGHT = 8;

    private static final int LEVEL_MAX = 63;
    private static final Pattern PATH = Pattern.compile(
            "tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public Tile {
        if (level < ENTRIES || level > LEVEL_MAX || index < 0 || width < 1 || width > WIDTH_MAX) {
            throw new IllegalArgumentException("tile: level " + level + ", index " + index + ", width " + width
                    + " (expected: level 0 to 63, index from 0 on, width 1 to 256)");
        }
    }

    /** All tiles of the levels of a tree, the partial ones at their width in it. */
    static List<Tile> hashesOf(long size) {
        List<Tile> tiles = new ArrayList<>();
        for (int level = 0; level * HEIGHT < Long.SIZE && size >> (level * HEIGHT) > 0; level++) {
            addAll(tiles, level, size >> (level * HEIGHT));
        }
        return tiles;
    }

    static List<Tile> entriesOf(long size) {
        List<Tile> tiles = new ArrayList<>();
        addAll(tiles, ENTRIES, size);
        return tiles;
    }

    /** The one that holds item {@code at} of a level with so many of them. */
    static Tile holding(int level, long at, long items) {
        long index = at / WIDTH_MAX;
        return new Tile(level, index, (int) Math.min(WIDTH_MAX, items - index * WIDTH_MAX));
    }

    private static void addAll(List<Tile> tiles, int level, long items) {
        for (long first = 0; first < items; first += WIDTH_MAX) {
            tiles.add(holding(level, first, items));
        }
    }

    boolean isPartial() {
        return width < WIDTH_MAX;
    }

    /** The same tile when it is full. */
    Tile whole() {
        return new Tile(level, index, WIDTH_MAX);
    }

    /** Below the prefix of the log, such as {@code tile/0/x001/x234/067.p/8}. */
    public String path() {
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + digits(index)
                + (isPartial() ? ".p/" + width : "");
    }

    /** The folder of all partial tiles that this one makes superfluous. */
    String partials() {
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + digits(index) + ".p";
    }

    /** The inverse of {@link #path()}; empty for every other spelling. */
    public static Optional<Tile> parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int level = parts.group(1).equals("entries") ? ENTRIES : Integer.parseInt(parts.group(1));
        long index = Long.parseLong(parts.group(2).replace("x", "").replace("/", ""));
        int width = parts.group(3) == null ? WIDTH_MAX : Integer.parseInt(parts.group(3));
        return width > WIDTH_MAX
                ? Optional.empty()
                : Optional.of(new Tile(level, index, width))
                        .filter(tile -> tile.path().equals(path));
    }

    private static String digits(long index) {
        String last = String.format("%03d", index % 1000);
        return index < 1000 ? last : prefixes(index / 1000) + last;
    }

    private static String prefixes(long index) {
        String last = "x" + String.format("%03d", index % 1000) + "/";
        return index < 1000 ? last : prefixes(index / 1000) + last;
    }

    @Override
    public String toString() {
        return path();
    }
}
