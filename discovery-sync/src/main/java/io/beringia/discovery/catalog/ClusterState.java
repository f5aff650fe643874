package io.beringia.discovery.catalog;

import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Set;

/** A cluster of the federation, our own included: where it is, who may speak for it, how to enter it. */
public record ClusterState(
        ClusterId cluster,
        RegionId region,
        Network network,
        Set<TrustDomain> trustDomains,
        List<GatewayAddress> gateways,
        RegionStatus status,
        Freshness freshness) {
    public ClusterState {
        trustDomains = Set.copyOf(trustDomains);
        gateways = List.copyOf(gateways);
    }

    /** The same, to be believed so far. */
    public ClusterState as(Freshness other) {
        return new ClusterState(cluster, region, network, trustDomains, gateways, status, other);
    }

    /** The same with these gateways. */
    public ClusterState with(List<GatewayAddress> others) {
        return new ClusterState(cluster, region, network, trustDomains, others, status, freshness);
    }
}
