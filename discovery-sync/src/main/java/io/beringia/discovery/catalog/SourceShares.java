package io.beringia.discovery.catalog;

/** One row of the matrix: where the clients of a region are sent. */
public record SourceShares(RegionId source, Shares shares) {
    @Override
    public String toString() {
        return source + " -> " + shares;
    }
}
