package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.LoadBalancing.HealthPolicy;
import io.beringia.discovery.catalog.LoadBalancing.Mode;
import io.beringia.discovery.catalog.LoadBalancing.Scope;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject.Target;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;

/** A Kubernetes Service as a ztunnel is told of it (Istio {@code workload.proto}, Service). Pure. */
final class ServiceRules {
    static final String DISTRIBUTION_ANNOTATION = "networking.istio.io/traffic-distribution";

    private static final List<Scope> SAME_ZONE = List.of(Scope.NETWORK, Scope.REGION, Scope.ZONE);
    private static final List<Scope> SAME_NODE =
            List.of(Scope.NETWORK, Scope.REGION, Scope.ZONE, Scope.SUBZONE, Scope.NODE);

    private ServiceRules() {}

    static ServiceName name(ObjectName name, LocalCluster cluster) {
        return new ServiceName(name.namespace(), name.name() + "." + name.namespace() + ".svc." + cluster.domain());
    }

    /**
     * @param name of its cluster or of the clusterset, which has addresses of its own
     * @param namespaceDistribution the annotation of its namespace; empty if there is none
     */
    static Service translate(
            ServiceName name,
            ServiceObject service,
            LocalCluster cluster,
            List<SpiffeId> identities,
            Optional<GatewayRef> waypoint,
            String namespaceDistribution) {
        return new Service(
                name,
                ClustersetName.is(name)
                        ? List.of()
                        : service.clusterIps().stream()
                                .map(ip -> new NetworkAddress(cluster.network(), ip))
                                .toList(),
                service.ports().stream()
                        .map(port -> new ServicePort(port.port(), target(port.target())))
                        .toList(),
                identities,
                waypoint,
                loadBalancing(service, namespaceDistribution),
                true,
                false);
    }

    private static int target(Target target) {
        return switch (target) {
            case Target.Numbered(int port) -> port;
            case Target.Named(String _) -> 0;
        };
    }

    private static LoadBalancing loadBalancing(ServiceObject service, String namespaceDistribution) {
        HealthPolicy health = service.publishNotReady() ? HealthPolicy.ALLOW_ALL : HealthPolicy.ONLY_HEALTHY;
        if (service.internalTrafficLocal()) {
            return new LoadBalancing(List.of(Scope.NODE), Mode.STRICT, health);
        }
        return distributed(distribution(service, namespaceDistribution), health);
    }

    /** @param distribution its word; empty if nobody says one */
    static LoadBalancing distributed(String distribution, HealthPolicy health) {
        return switch (distribution) {
            case "PreferSameZone", "PreferClose" -> new LoadBalancing(SAME_ZONE, Mode.FAILOVER, health);
            case "PreferSameNode" -> new LoadBalancing(SAME_NODE, Mode.FAILOVER, health);
            default -> new LoadBalancing(List.of(), Mode.STANDARD, health);
        };
    }

    /** The spec over the annotation of the Service, that over the annotation of its namespace. */
    private static String distribution(ServiceObject service, String namespaceDistribution) {
        String annotated = service.annotations().getOrDefault(DISTRIBUTION_ANNOTATION, namespaceDistribution);
        return service.trafficDistribution().isEmpty() ? annotated : service.trafficDistribution();
    }
}
