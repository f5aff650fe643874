package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;

/**
 * One gateway of some cluster, as others dial it.
 *
 * @param name unique within its cluster
 * @param address of its {@code hbone} listener
 * @param identity who must answer there, exactly
 * @param weight share among the gateways of its cluster, at least 1
 */
public record GatewayAddress(
        ClusterId cluster,
        RegionId region,
        Network network,
        String name,
        SocketAddress address,
        SpiffeId identity,
        Health health,
        int weight) {
    public GatewayAddress {
        if (weight < 1) {
            throw new IllegalArgumentException("gateway " + name + ": weight " + weight + " (expected: at least 1)");
        }
    }

    /** The same, dialled there. */
    public GatewayAddress at(SocketAddress other) {
        return new GatewayAddress(cluster, region, network, name, other, identity, health, weight);
    }

    /** The same, in that health. */
    public GatewayAddress as(Health now) {
        return new GatewayAddress(cluster, region, network, name, address, identity, now, weight);
    }
}
