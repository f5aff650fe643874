package io.beringia.trust.ledger;

/** One file of a log. Nobody changes the octets. */
final class TileFile {
    private final Tile tile;
    private final byte[] octets;

    TileFile(Tile tile, byte[] octets) {
        this.tile = tile;
        this.octets = octets;
    }

    Tile tile() {
        return tile;
    }

    byte[] octets() {
        return octets;
    }
}
