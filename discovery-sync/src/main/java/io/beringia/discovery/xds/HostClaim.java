package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.trust.identity.SpiffeId;

/**
 * Which WorkloadEntry a host says that it is.
 *
 * @param id proven by its certificate
 * @param address that it says it has; nothing proves it
 */
public record HostClaim(String namespace, String entry, SpiffeId id, String address) {
    /** As a workload of that cluster. */
    public String uid(ClusterId cluster) {
        return cluster + "/networking.istio.io/WorkloadEntry/" + this;
    }

    @Override
    public String toString() {
        return namespace + "/" + entry;
    }
}
