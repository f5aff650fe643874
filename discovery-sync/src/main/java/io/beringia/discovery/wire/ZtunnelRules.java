package io.beringia.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.wire.security.proto.Authorization;
import io.beringia.discovery.wire.workload.proto.Address;
import io.beringia.discovery.wire.workload.proto.GatewayAddress;
import io.beringia.discovery.wire.workload.proto.IPFamilies;
import io.beringia.discovery.wire.workload.proto.LoadBalancing;
import io.beringia.discovery.wire.workload.proto.NetworkAddress;
import io.beringia.discovery.wire.workload.proto.NetworkMode;
import io.beringia.discovery.wire.workload.proto.Port;
import io.beringia.discovery.wire.workload.proto.Service;
import io.beringia.discovery.wire.workload.proto.TunnelProtocol;
import io.beringia.discovery.wire.workload.proto.Workload;
import io.beringia.discovery.wire.workload.proto.WorkloadStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a ztunnel refuses (istio/ztunnel {@code src/state/workload.rs}, {@code src/state/service.rs}), and ports beyond
 * 16 bits, which it would cut without a word. Pure. Any thread.
 */
public final class ZtunnelRules {
    private static final int PORT_MAX = 65_535;
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int BITS_PER_BYTE = 8;

    private ZtunnelRules() {}

    /** Why a ztunnel would refuse this resource; empty if it takes it. Resources of ours are never sent to one. */
    public static Optional<String> refusal(ResourceType type, ByteString bytes) {
        try {
            return switch (type) {
                case ADDRESS -> address(Address.parseFrom(bytes)).findFirst();
                case AUTHORIZATION ->
                    authorization(Authorization.parseFrom(bytes)).findFirst();
                case EXPORTED_AUTHORITY, RELAY_TARGET, CLUSTER_STATE -> Optional.empty();
            };
        } catch (InvalidProtocolBufferException undecodable) {
            return Optional.of("undecodable");
        }
    }

    private static Stream<String> address(Address it) {
        return switch (it.getTypeCase()) {
            case WORKLOAD -> workload(it.getWorkload());
            case SERVICE -> service(it.getService());
            case TYPE_NOT_SET -> Stream.of("neither workload nor service");
        };
    }

    private static Stream<String> workload(Workload it) {
        return all(List.of(
                when(it.getTunnelProtocol() == TunnelProtocol.UNRECOGNIZED, "unknown tunnel protocol"),
                when(it.getTunnelProtocol() == TunnelProtocol.LEGACY_ISTIO_MTLS, "legacy tunnel protocol"),
                when(it.getNetworkMode() == NetworkMode.UNRECOGNIZED, "unknown network mode"),
                when(it.getStatus() == WorkloadStatus.UNRECOGNIZED, "unknown status"),
                it.getAddressesList().stream().flatMap(ZtunnelRules::ip),
                it.hasWaypoint() ? gateway(it.getWaypoint()) : Stream.empty(),
                it.hasNetworkGateway() ? gateway(it.getNetworkGateway()) : Stream.empty(),
                it.getServicesMap().keySet().stream()
                        .filter(key -> key.indexOf('/') < 0)
                        .map(key -> "service without namespace: " + key),
                it.getServicesMap().values().stream().flatMap(list -> ports(list.getPortsList()))));
    }

    private static Stream<String> service(Service it) {
        return all(List.of(
                when(it.getIpFamilies() == IPFamilies.UNRECOGNIZED, "unknown IP families"),
                it.getAddressesList().stream().flatMap(ZtunnelRules::networkAddress),
                ports(it.getPortsList()),
                it.hasWaypoint() ? gateway(it.getWaypoint()) : Stream.empty(),
                it.getWeightedWaypointsList().stream().flatMap(one -> gateway(one.getDestination())),
                it.hasLoadBalancing() ? loadBalancing(it.getLoadBalancing()) : Stream.empty()));
    }

    private static Stream<String> loadBalancing(LoadBalancing it) {
        return all(List.of(
                when(it.getMode() == LoadBalancing.Mode.UNRECOGNIZED, "unknown load-balancing mode"),
                when(it.getHealthPolicy() == LoadBalancing.HealthPolicy.UNRECOGNIZED, "unknown health policy"),
                it.getRoutingPreferenceList().stream()
                        .filter(scope -> scope == LoadBalancing.Scope.UNSPECIFIED_SCOPE
                                || scope == LoadBalancing.Scope.UNRECOGNIZED)
                        .map(scope -> "unknown load-balancing scope")));
    }

    private static Stream<String> gateway(GatewayAddress it) {
        return switch (it.getDestinationCase()) {
            case HOSTNAME -> Stream.empty();
            case ADDRESS -> networkAddress(it.getAddress());
            case DESTINATION_NOT_SET -> Stream.of("gateway without destination");
        };
    }

    private static Stream<String> networkAddress(NetworkAddress it) {
        return all(List.of(
                ip(it.getAddress()),
                when(
                        it.hasLength() && tooLong(it.getAddress(), it.getLength()),
                        "block of length " + Integer.toUnsignedLong(it.getLength()))));
    }

    private static Stream<String> ports(List<Port> ports) {
        return ports.stream()
                .filter(port -> port.getServicePort() < 1
                        || port.getServicePort() > PORT_MAX
                        || port.getTargetPort() < 0
                        || port.getTargetPort() > PORT_MAX)
                .map(port -> "port " + Integer.toUnsignedLong(port.getServicePort()) + ":"
                        + Integer.toUnsignedLong(port.getTargetPort()));
    }

    private static Stream<String> authorization(Authorization it) {
        return all(List.of(
                when(
                        it.getScope() == io.beringia.discovery.wire.security.proto.Scope.UNRECOGNIZED,
                        "unknown policy scope"),
                when(
                        it.getAction() == io.beringia.discovery.wire.security.proto.Action.UNRECOGNIZED,
                        "unknown policy action"),
                it.getRulesList().stream()
                        .flatMap(rule -> rule.getClausesList().stream())
                        .flatMap(clause -> clause.getMatchesList().stream())
                        .flatMap(match -> Stream.of(
                                        match.getSourceIpsList(),
                                        match.getNotSourceIpsList(),
                                        match.getDestinationIpsList(),
                                        match.getNotDestinationIpsList())
                                .flatMap(List::stream))
                        .flatMap(block -> all(List.of(
                                ip(block.getAddress()),
                                when(
                                        tooLong(block.getAddress(), block.getLength()),
                                        "block of length " + Integer.toUnsignedLong(block.getLength())))))));
    }

    private static Stream<String> ip(ByteString bytes) {
        return when(bytes.size() != V4_BYTES && bytes.size() != V6_BYTES, "address of " + bytes.size() + " bytes");
    }

    private static boolean tooLong(ByteString address, int length) {
        return Integer.toUnsignedLong(length) > (long) address.size() * BITS_PER_BYTE;
    }

    private static Stream<String> when(boolean broken, String reason) {
        return broken ? Stream.of(reason) : Stream.empty();
    }

    private static Stream<String> all(List<Stream<String>> parts) {
        return parts.stream().flatMap(part -> part);
    }
}
