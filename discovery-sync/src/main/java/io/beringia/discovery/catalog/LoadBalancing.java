package io.beringia.discovery.catalog;

import java.util.List;

/**
 * How a ztunnel picks among a service's endpoints (Istio {@code workload.proto}, LoadBalancing).
 *
 * @param preference scopes from wide to narrow; what they mean depends on the mode
 */
public record LoadBalancing(List<Scope> preference, Mode mode, HealthPolicy healthPolicy) {
    /** Any endpoint, by capacity. */
    public static final LoadBalancing STANDARD = new LoadBalancing(List.of(), Mode.STANDARD, HealthPolicy.ONLY_HEALTHY);

    /** The own network while anything there is usable, then by region and zone: the default of a federated service. */
    public static final LoadBalancing LOCAL_FIRST = new LoadBalancing(
            List.of(Scope.NETWORK, Scope.REGION, Scope.ZONE), Mode.FAILOVER, HealthPolicy.ONLY_HEALTHY);

    public LoadBalancing {
        preference = List.copyOf(preference);
    }

    public enum Scope {
        REGION,
        ZONE,
        SUBZONE,
        NODE,
        CLUSTER,
        NETWORK
    }

    public enum Mode {
        /** All eligible endpoints, weighted by capacity; "unset" on the wire. */
        STANDARD,
        /** Only endpoints that match every scope. */
        STRICT,
        /** The endpoints with the longest matching prefix. */
        FAILOVER,
        /** The original destination, in plain TCP. */
        PASSTHROUGH
    }

    public enum HealthPolicy {
        ONLY_HEALTHY,
        ALLOW_ALL
    }
}
