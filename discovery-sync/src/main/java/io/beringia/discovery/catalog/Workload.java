package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something that serves, as one client of the mesh sees it (Istio {@code workload.proto}, Workload): a pod, a virtual
 * machine, a gateway, or, without addresses and with a {@link #networkGateway}, all that another network has of one service.
 *
 * @param uid names its source cluster; opaque to ztunnel, at least two slashes
 * @param hostname resolved by DNS where there is no address
 * @param serviceAccount with namespace and trust domain the identity, see {@link #identity()}
 * @param services what it serves, and on which target port each service port ends here
 * @param policies {@code namespace/name} of the policies that select it
 * @param capacity weight among the endpoints of one rank, 0 to 2^32-1; 0 is never chosen
 */
public record Workload(
        String uid,
        String name,
        String namespace,
        List<IpAddress> addresses,
        Optional<String> hostname,
        Network network,
        Tunnel tunnel,
        TrustDomain trustDomain,
        String serviceAccount,
        Optional<GatewayRef> waypoint,
        Optional<GatewayRef> networkGateway,
        Description description,
        OptionalInt proxyProtocolPort,
        Map<ServiceName, List<ServicePort>> services,
        List<String> policies,
        Health health,
        ClusterId cluster,
        Locality locality,
        boolean hostNetwork,
        long capacity) {
    public static final long CAPACITY_MAX = 0xffff_ffffL;

    public Workload {
        addresses = List.copyOf(addresses);
        services = Map.copyOf(services);
        policies = List.copyOf(policies);
        if (capacity < 0 || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException(uid + ": capacity " + capacity + " (expected: 0..4294967295)");
        }
    }

    /** Who must answer when this workload is dialled. */
    public SpiffeId identity() {
        return SpiffeId.ofWorkload(trustDomain, namespace, serviceAccount);
    }

    public boolean serves(ServiceName service) {
        return services.containsKey(service);
    }

    /** Where a connection to that service port ends here; empty if it serves no such port, 0 if the port is a name it lacks. */
    public OptionalInt targetPort(ServiceName service, int servicePort) {
        return services.getOrDefault(service, List.of()).stream()
                .filter(port -> port.port() == servicePort)
                .mapToInt(ServicePort::target)
                .findFirst();
    }

    /** How bytes reach it. */
    public enum Tunnel {
        /** Plain TCP. */
        NONE,
        HBONE
    }

    /** What telemetry calls it; nothing is decided by it. */
    public record Description(
            String node, String workloadName, String workloadType, String canonicalName, String canonicalRevision) {
        public static final Description NONE = new Description("", "", "pod", "", "");
    }

    /** A workload with this identity and the defaults of WDS; {@link Builder#build} makes it. */
    public static Builder named(String uid, String namespace, String name, ClusterId cluster, Network network) {
        return new Builder(uid, namespace, name, cluster, network);
    }

    /** Collects the parts of one workload. Owned by whoever made it. */
    public static final class Builder {
        private final String uid;
        private final String namespace;
        private final String name;
        private final ClusterId cluster;
        private final Network network;
        private List<IpAddress> addresses = List.of();
        private Optional<String> hostname = Optional.empty();
        private Tunnel tunnel = Tunnel.HBONE;
        private TrustDomain trustDomain = new TrustDomain("cluster.local");
        private String serviceAccount = "default";
        private Optional<GatewayRef> waypoint = Optional.empty();
        private Optional<GatewayRef> networkGateway = Optional.empty();
        private Description description = Description.NONE;
        private OptionalInt proxyProtocolPort = OptionalInt.empty();
        private Map<ServiceName, List<ServicePort>> services = Map.of();
        private List<String> policies = List.of();
        private Health health = Health.HEALTHY;
        private Locality locality = Locality.UNKNOWN;
        private boolean hostNetwork;
        private long capacity = 1;

        private Builder(String uid, String namespace, String name, ClusterId cluster, Network network) {
            this.uid = uid;
            this.namespace = namespace;
            this.name = name;
            this.cluster = cluster;
            this.network = network;
        }

        public Builder addresses(List<IpAddress> them) {
            this.addresses = them;
            return this;
        }

        public Builder hostname(String it) {
            this.hostname = Optional.of(it);
            return this;
        }

        public Builder tunnel(Tunnel it) {
            this.tunnel = it;
            return this;
        }

        public Builder identity(TrustDomain domain, String account) {
            this.trustDomain = domain;
            this.serviceAccount = account;
            return this;
        }

        public Builder waypoint(GatewayRef it) {
            this.waypoint = Optional.of(it);
            return this;
        }

        public Builder networkGateway(GatewayRef it) {
            this.networkGateway = Optional.of(it);
            return this;
        }

        public Builder description(Description it) {
            this.description = it;
            return this;
        }

        /** Connections are handed to this port with a PROXY v2 header. */
        public Builder proxyProtocolPort(int it) {
            this.proxyProtocolPort = OptionalInt.of(it);
            return this;
        }

        public Builder services(Map<ServiceName, List<ServicePort>> them) {
            this.services = them;
            return this;
        }

        public Builder policies(List<String> them) {
            this.policies = them;
            return this;
        }

        public Builder health(Health it) {
            this.health = it;
            return this;
        }

        public Builder locality(Locality it) {
            this.locality = it;
            return this;
        }

        public Builder hostNetwork(boolean it) {
            this.hostNetwork = it;
            return this;
        }

        public Builder capacity(long it) {
            this.capacity = it;
            return this;
        }

        public Workload build() {
            return new Workload(
                    uid,
                    name,
                    namespace,
                    addresses,
                    hostname,
                    network,
                    tunnel,
                    trustDomain,
                    serviceAccount,
                    waypoint,
                    networkGateway,
                    description,
                    proxyProtocolPort,
                    services,
                    policies,
                    health,
                    cluster,
                    locality,
                    hostNetwork,
                    capacity);
        }
    }
}
