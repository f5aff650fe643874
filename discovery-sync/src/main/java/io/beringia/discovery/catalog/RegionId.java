package io.beringia.discovery.catalog;

/** The failure domain that a cluster is configured to be in. The node label of that name only ranks endpoints. */
public record RegionId(String name) implements Comparable<RegionId> {
    public RegionId {
        Names.word("region", name);
    }

    @Override
    public int compareTo(RegionId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
