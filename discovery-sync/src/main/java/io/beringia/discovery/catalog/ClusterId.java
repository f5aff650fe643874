package io.beringia.discovery.catalog;

/** The name of one cluster, unique in the federation. */
public record ClusterId(String name) implements Comparable<ClusterId> {
    public ClusterId {
        Names.label("cluster", name);
    }

    @Override
    public int compareTo(ClusterId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
