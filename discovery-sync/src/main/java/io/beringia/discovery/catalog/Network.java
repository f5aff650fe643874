package io.beringia.discovery.catalog;

/** A set of addresses that reach each other directly: Istio's {@code topology.istio.io/network}. */
public record Network(String name) implements Comparable<Network> {
    public Network {
        Names.word("network", name);
    }

    @Override
    public int compareTo(Network other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
