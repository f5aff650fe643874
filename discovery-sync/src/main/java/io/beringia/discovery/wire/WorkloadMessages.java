package io.beringia.discovery.wire;

import com.google.protobuf.UInt32Value;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.workload.proto.Address;
import io.beringia.discovery.wire.workload.proto.ApplicationTunnel;
import io.beringia.discovery.wire.workload.proto.NetworkMode;
import io.beringia.discovery.wire.workload.proto.PortList;
import io.beringia.discovery.wire.workload.proto.TunnelProtocol;
import io.beringia.discovery.wire.workload.proto.WorkloadStatus;
import io.beringia.discovery.wire.workload.proto.WorkloadType;
import io.beringia.trust.identity.TrustDomain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workloads as messages of Istio's {@code workload.proto}, whose defaults are left out. Any thread. */
final class WorkloadMessages {
    private static final String DEFAULT_TRUST_DOMAIN = "cluster.local";
    private static final String DEFAULT_SERVICE_ACCOUNT = "default";
    /** What an empty cluster id means to Istio, in the letters a cluster of ours may have. */
    private static final String DEFAULT_CLUSTER = "kubernetes";

    private WorkloadMessages() {}

    static Address address(Workload it) {
        io.beringia.discovery.wire.workload.proto.Workload.Builder message =
                io.beringia.discovery.wire.workload.proto.Workload.newBuilder()
                        .setUid(it.uid())
                        .setName(it.name())
                        .setNamespace(it.namespace())
                        .setNetwork(it.network().name())
                        .setTunnelProtocol(
                                it.tunnel() == Workload.Tunnel.HBONE ? TunnelProtocol.HBONE : TunnelProtocol.NONE)
                        .setTrustDomain(
                                unless(DEFAULT_TRUST_DOMAIN, it.trustDomain().name()))
                        .setServiceAccount(unless(DEFAULT_SERVICE_ACCOUNT, it.serviceAccount()))
                        .setClusterId(unless(DEFAULT_CLUSTER, it.cluster().name()))
                        .setStatus(it.health() == Health.HEALTHY ? WorkloadStatus.HEALTHY : WorkloadStatus.UNHEALTHY)
                        .setNetworkMode(it.hostNetwork() ? NetworkMode.HOST_NETWORK : NetworkMode.STANDARD)
                        .addAllAuthorizationPolicies(it.policies());
        it.addresses().forEach(ip -> message.addAddresses(ServiceMessages.bytes(ip)));
        it.hostname().ifPresent(message::setHostname);
        it.waypoint().ifPresent(waypoint -> message.setWaypoint(ServiceMessages.gatewayAddress(waypoint)));
        it.networkGateway().ifPresent(gateway -> message.setNetworkGateway(ServiceMessages.gatewayAddress(gateway)));
        it.services().forEach((name, ports) -> message.putServices(name.toString(), portList(ports)));
        it.proxyProtocolPort()
                .ifPresent(port -> message.setApplicationTunnel(ApplicationTunnel.newBuilder()
                        .setProtocol(ApplicationTunnel.Protocol.PROXY)
                        .setPort(port)));
        describe(message, it.description());
        if (!it.locality().equals(Locality.UNKNOWN)) {
            message.setLocality(locality(it.locality()));
        }
        if (it.capacity() != 1) {
            message.setCapacity(UInt32Value.of((int) it.capacity()));
        }
        return Address.newBuilder().setWorkload(message).build();
    }

    static Workload workload(io.beringia.discovery.wire.workload.proto.Workload it) {
        Workload.Builder builder = Workload.named(
                        uid(it.getUid()),
                        it.getNamespace(),
                        it.getName(),
                        new ClusterId(orDefault(it.getClusterId(), DEFAULT_CLUSTER)),
                        new Network(it.getNetwork()))
                .addresses(
                        it.getAddressesList().stream().map(ServiceMessages::ip).toList())
                .tunnel(tunnel(it.getTunnelProtocol()))
                .identity(
                        new TrustDomain(orDefault(it.getTrustDomain(), DEFAULT_TRUST_DOMAIN)),
                        orDefault(it.getServiceAccount(), DEFAULT_SERVICE_ACCOUNT))
                .description(description(it))
                .services(services(it.getServicesMap()))
                .policies(it.getAuthorizationPoliciesList())
                .health(health(it.getStatus()))
                .locality(locality(it.getLocality()))
                .hostNetwork(hostNetwork(it.getNetworkMode()))
                .capacity(
                        it.hasCapacity()
                                ? Integer.toUnsignedLong(it.getCapacity().getValue())
                                : 1);
        if (!it.getHostname().isEmpty()) {
            builder.hostname(it.getHostname());
        }
        if (it.hasWaypoint()) {
            builder.waypoint(ServiceMessages.gatewayRef(it.getWaypoint()));
        }
        if (it.hasNetworkGateway()) {
            builder.networkGateway(ServiceMessages.gatewayRef(it.getNetworkGateway()));
        }
        if (it.getApplicationTunnel().getProtocol() == ApplicationTunnel.Protocol.PROXY) {
            builder.proxyProtocolPort(it.getApplicationTunnel().getPort());
        }
        return builder.build();
    }

    private static void describe(
            io.beringia.discovery.wire.workload.proto.Workload.Builder message, Workload.Description it) {
        message.setNode(it.node())
                .setWorkloadName(it.workloadName())
                .setWorkloadType(type(it.workloadType()))
                .setCanonicalName(it.canonicalName())
                .setCanonicalRevision(it.canonicalRevision());
    }

    private static Workload.Description description(io.beringia.discovery.wire.workload.proto.Workload it) {
        return new Workload.Description(
                it.getNode(),
                it.getWorkloadName(),
                type(it.getWorkloadType()),
                it.getCanonicalName(),
                it.getCanonicalRevision());
    }

    private static WorkloadType type(String text) {
        return switch (text) {
            case "deployment" -> WorkloadType.DEPLOYMENT;
            case "cronjob" -> WorkloadType.CRONJOB;
            case "pod" -> WorkloadType.POD;
            case "job" -> WorkloadType.JOB;
            default ->
                throw new IllegalArgumentException(
                        "workload type: " + text + " (expected: deployment, cronjob, pod or job)");
        };
    }

    /** An unknown one is no reason to refuse a workload: nothing is decided by it. */
    private static String type(WorkloadType type) {
        return switch (type) {
            case DEPLOYMENT -> "deployment";
            case CRONJOB -> "cronjob";
            case POD, UNRECOGNIZED -> "pod";
            case JOB -> "job";
        };
    }

    private static Workload.Tunnel tunnel(TunnelProtocol protocol) {
        return switch (protocol) {
            case NONE -> Workload.Tunnel.NONE;
            case HBONE -> Workload.Tunnel.HBONE;
            case LEGACY_ISTIO_MTLS, UNRECOGNIZED ->
                throw new IllegalArgumentException("tunnel protocol: " + protocol + " (expected: NONE or HBONE)");
        };
    }

    private static Health health(WorkloadStatus status) {
        return switch (status) {
            case HEALTHY -> Health.HEALTHY;
            case UNHEALTHY -> Health.UNHEALTHY;
            case UNRECOGNIZED -> throw ServiceMessages.unknown("workload status", -1);
        };
    }

    private static boolean hostNetwork(NetworkMode mode) {
        return switch (mode) {
            case STANDARD -> false;
            case HOST_NETWORK -> true;
            case UNRECOGNIZED -> throw ServiceMessages.unknown("network mode", -1);
        };
    }

    private static io.beringia.discovery.wire.workload.proto.Locality locality(Locality it) {
        return io.beringia.discovery.wire.workload.proto.Locality.newBuilder()
                .setRegion(it.region())
                .setZone(it.zone())
                .setSubzone(it.subzone())
                .build();
    }

    private static Locality locality(io.beringia.discovery.wire.workload.proto.Locality it) {
        return new Locality(it.getRegion(), it.getZone(), it.getSubzone());
    }

    private static PortList portList(List<ServicePort> ports) {
        return PortList.newBuilder()
                .addAllPorts(ports.stream().map(ServiceMessages::port).toList())
                .build();
    }

    private static Map<ServiceName, List<ServicePort>> services(Map<String, PortList> services) {
        Map<ServiceName, List<ServicePort>> parsed = new HashMap<>();
        services.forEach(
                (name, ports) -> parsed.put(ServiceName.parse(name), ServiceMessages.ports(ports.getPortsList())));
        return parsed;
    }

    /** With fewer slashes a ztunnel would take its removal for that of a service. */
    private static String uid(String uid) {
        if (uid.chars().filter(c -> c == '/').count() < 2) {
            throw new IllegalArgumentException("uid: \"" + uid + "\" (expected: at least two slashes)");
        }
        return uid;
    }

    private static String unless(String absent, String text) {
        return text.equals(absent) ? "" : text;
    }

    private static String orDefault(String text, String absent) {
        return text.isEmpty() ? absent : text;
    }
}
