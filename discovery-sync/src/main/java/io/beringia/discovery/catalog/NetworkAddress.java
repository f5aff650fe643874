package io.beringia.discovery.catalog;

/** An address and the network in which it means something. */
public record NetworkAddress(Network network, IpAddress ip) {
    @Override
    public String toString() {
        return network + "/" + ip;
    }
}
