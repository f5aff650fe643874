package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;

/**
 * What a gateway says of the client for which it asks, in {@code x-beringia-*}. Only as trustworthy as that gateway,
 * and nobody else may say it.
 *
 * @param source the client, as that gateway verified it
 * @param chosenRegion where that gateway meant to go
 * @param connectionId 32 lower-case hex digits, the same in the records of both gateways
 */
public record Vouched(
        SpiffeId source,
        ClusterId originCluster,
        RegionId originRegion,
        Network originNetwork,
        RegionId chosenRegion,
        String connectionId) {}
