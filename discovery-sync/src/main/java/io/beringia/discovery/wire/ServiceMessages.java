package io.beringia.discovery.wire;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.wire.workload.proto.Address;
import io.beringia.discovery.wire.workload.proto.GatewayAddress;
import io.beringia.discovery.wire.workload.proto.NamespacedHostname;
import io.beringia.discovery.wire.workload.proto.Port;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;

/** Services, and what workloads have in common with them, as messages of Istio's {@code workload.proto}. Any thread. */
final class ServiceMessages {
    private ServiceMessages() {}

    static Address address(Service it) {
        io.beringia.discovery.wire.workload.proto.Service.Builder message =
                io.beringia.discovery.wire.workload.proto.Service.newBuilder()
                        .setName(firstLabel(it.name().hostname()))
                        .setNamespace(it.name().namespace())
                        .setHostname(it.name().hostname())
                        .setCanonical(it.canonical())
                        .setVisibility(
                                it.namespacePrivate()
                                        ? io.beringia.discovery.wire.workload.proto.Service.Visibility.NAMESPACE
                                        : io.beringia.discovery.wire.workload.proto.Service.Visibility.PUBLIC);
        it.addresses().forEach(address -> message.addAddresses(networkAddress(address)));
        it.ports().forEach(port -> message.addPorts(port(port)));
        it.subjectAltNames().forEach(name -> message.addSubjectAltNames(name.toString()));
        it.waypoint().ifPresent(waypoint -> message.setWaypoint(gatewayAddress(waypoint)));
        if (!it.loadBalancing().equals(LoadBalancing.STANDARD)) {
            message.setLoadBalancing(loadBalancing(it.loadBalancing()));
        }
        return Address.newBuilder().setService(message).build();
    }

    static Service service(io.beringia.discovery.wire.workload.proto.Service it) {
        return new Service(
                new ServiceName(it.getNamespace(), it.getHostname()),
                it.getAddressesList().stream()
                        .map(ServiceMessages::networkAddress)
                        .toList(),
                ports(it.getPortsList()),
                it.getSubjectAltNamesList().stream().map(SpiffeId::parse).toList(),
                it.hasWaypoint() ? Optional.of(gatewayRef(it.getWaypoint())) : Optional.empty(),
                it.hasLoadBalancing() ? loadBalancing(it.getLoadBalancing()) : LoadBalancing.STANDARD,
                it.getCanonical(),
                it.getVisibility() == io.beringia.discovery.wire.workload.proto.Service.Visibility.NAMESPACE);
    }

    static GatewayAddress gatewayAddress(GatewayRef it) {
        GatewayAddress.Builder message = GatewayAddress.newBuilder().setHboneMtlsPort(it.hbonePort());
        return switch (it) {
            case GatewayRef.ByHostname named ->
                message.setHostname(NamespacedHostname.newBuilder()
                                .setNamespace(named.service().namespace())
                                .setHostname(named.service().hostname()))
                        .build();
            case GatewayRef.ByAddress addressed ->
                message.setAddress(networkAddress(addressed.address())).build();
        };
    }

    static GatewayRef gatewayRef(GatewayAddress it) {
        return switch (it.getDestinationCase()) {
            case HOSTNAME ->
                new GatewayRef.ByHostname(
                        new ServiceName(
                                it.getHostname().getNamespace(),
                                it.getHostname().getHostname()),
                        it.getHboneMtlsPort());
            case ADDRESS -> new GatewayRef.ByAddress(networkAddress(it.getAddress()), it.getHboneMtlsPort());
            case DESTINATION_NOT_SET ->
                throw new IllegalArgumentException("gateway address: no destination (expected: hostname or address)");
        };
    }

    static Port port(ServicePort it) {
        return Port.newBuilder()
                .setServicePort(it.port())
                .setTargetPort(it.target())
                .build();
    }

    static List<ServicePort> ports(List<Port> ports) {
        return ports.stream()
                .map(port -> new ServicePort(port.getServicePort(), port.getTargetPort()))
                .toList();
    }

    static ByteString bytes(IpAddress ip) {
        return ByteString.copyFrom(ip.bytes());
    }

    static IpAddress ip(ByteString bytes) {
        return IpAddress.of(bytes.toByteArray());
    }

    private static io.beringia.discovery.wire.workload.proto.NetworkAddress networkAddress(NetworkAddress it) {
        return io.beringia.discovery.wire.workload.proto.NetworkAddress.newBuilder()
                .setNetwork(it.network().name())
                .setAddress(bytes(it.ip()))
                .build();
    }

    private static NetworkAddress networkAddress(io.beringia.discovery.wire.workload.proto.NetworkAddress it) {
        return new NetworkAddress(new Network(it.getNetwork()), ip(it.getAddress()));
    }

    private static io.beringia.discovery.wire.workload.proto.LoadBalancing loadBalancing(LoadBalancing it) {
        io.beringia.discovery.wire.workload.proto.LoadBalancing.Builder message =
                io.beringia.discovery.wire.workload.proto.LoadBalancing.newBuilder()
                        .setMode(mode(it.mode()))
                        .setHealthPolicy(
                                it.healthPolicy() == LoadBalancing.HealthPolicy.ALLOW_ALL
                                        ? io.beringia.discovery.wire.workload.proto.LoadBalancing.HealthPolicy.ALLOW_ALL
                                        : io.beringia.discovery.wire.workload.proto.LoadBalancing.HealthPolicy
                                                .ONLY_HEALTHY);
        it.preference().forEach(scope -> message.addRoutingPreference(scope(scope)));
        return message.build();
    }

    private static LoadBalancing loadBalancing(io.beringia.discovery.wire.workload.proto.LoadBalancing it) {
        return new LoadBalancing(
                it.getRoutingPreferenceList().stream()
                        .map(ServiceMessages::scope)
                        .toList(),
                mode(it.getMode()),
                switch (it.getHealthPolicy()) {
                    case ONLY_HEALTHY -> LoadBalancing.HealthPolicy.ONLY_HEALTHY;
                    case ALLOW_ALL -> LoadBalancing.HealthPolicy.ALLOW_ALL;
                    case UNRECOGNIZED -> throw unknown("health policy", it.getHealthPolicyValue());
                });
    }

    private static io.beringia.discovery.wire.workload.proto.LoadBalancing.Mode mode(LoadBalancing.Mode mode) {
        return switch (mode) {
            case STANDARD -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Mode.UNSPECIFIED_MODE;
            case STRICT -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Mode.STRICT;
            case FAILOVER -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Mode.FAILOVER;
            case PASSTHROUGH -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Mode.PASSTHROUGH;
        };
    }

    private static LoadBalancing.Mode mode(io.beringia.discovery.wire.workload.proto.LoadBalancing.Mode mode) {
        return switch (mode) {
            case UNSPECIFIED_MODE -> LoadBalancing.Mode.STANDARD;
            case STRICT -> LoadBalancing.Mode.STRICT;
            case FAILOVER -> LoadBalancing.Mode.FAILOVER;
            case PASSTHROUGH -> LoadBalancing.Mode.PASSTHROUGH;
            case UNRECOGNIZED -> throw unknown("load-balancing mode", -1);
        };
    }

    private static io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope scope(LoadBalancing.Scope scope) {
        return switch (scope) {
            case REGION -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope.REGION;
            case ZONE -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope.ZONE;
            case SUBZONE -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope.SUBZONE;
            case NODE -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope.NODE;
            case CLUSTER -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope.CLUSTER;
            case NETWORK -> io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope.NETWORK;
        };
    }

    private static LoadBalancing.Scope scope(io.beringia.discovery.wire.workload.proto.LoadBalancing.Scope scope) {
        return switch (scope) {
            case REGION -> LoadBalancing.Scope.REGION;
            case ZONE -> LoadBalancing.Scope.ZONE;
            case SUBZONE -> LoadBalancing.Scope.SUBZONE;
            case NODE -> LoadBalancing.Scope.NODE;
            case CLUSTER -> LoadBalancing.Scope.CLUSTER;
            case NETWORK -> LoadBalancing.Scope.NETWORK;
            case UNSPECIFIED_SCOPE, UNRECOGNIZED -> throw unknown("load-balancing scope", 0);
        };
    }

    static IllegalArgumentException unknown(String what, int number) {
        return new IllegalArgumentException(what + ": " + number + " (expected: a number that Istio defines)");
    }

    private static String firstLabel(String hostname) {
        int dot = hostname.indexOf('.');
        return dot < 0 ? hostname : hostname.substring(0, dot);
    }
}
