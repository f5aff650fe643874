package io.beringia.discovery.wire;

import com.google.protobuf.Duration;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What gateways are told, as messages of ours; sets are written sorted. Any thread. */
final class GatewayMessages {
    private GatewayMessages() {}

    static io.beringia.discovery.wire.gateway.proto.ExportedAuthority exported(ExportedAuthority it) {
        return io.beringia.discovery.wire.gateway.proto.ExportedAuthority.newBuilder()
                .setNamespace(it.service().namespace())
                .setHostname(it.service().hostname())
                .addAllPorts(it.ports().stream().sorted().toList())
                .addAllConsumers(texts(it.consumers()))
                .addAllClients(texts(it.clients()))
                .build();
    }

    static ExportedAuthority exported(io.beringia.discovery.wire.gateway.proto.ExportedAuthority it) {
        return new ExportedAuthority(
                new ServiceName(it.getNamespace(), it.getHostname()),
                Set.copyOf(it.getPortsList()),
                it.getConsumersList().stream().map(ClusterId::new).collect(Collectors.toSet()),
                identities(it.getClientsList()));
    }

    static io.beringia.discovery.wire.gateway.proto.RelayTarget relayTarget(RelayTarget it) {
        return io.beringia.discovery.wire.gateway.proto.RelayTarget.newBuilder()
                .setNamespace(it.service().namespace())
                .setHostname(it.service().hostname())
                .addAllClients(texts(it.clients()))
                .addAllParts(it.parts().stream().map(GatewayMessages::part).toList())
                .setOnFailure(
                        it.onFailure() == RelayTarget.OnFailure.RESET
                                ? io.beringia.discovery.wire.gateway.proto.RelayTarget.OnFailure.RESET
                                : io.beringia.discovery.wire.gateway.proto.RelayTarget.OnFailure.HOLD)
                .build();
    }

    static RelayTarget relayTarget(io.beringia.discovery.wire.gateway.proto.RelayTarget it) {
        return new RelayTarget(
                new ServiceName(it.getNamespace(), it.getHostname()),
                identities(it.getClientsList()),
                it.getPartsList().stream().map(GatewayMessages::part).toList(),
                switch (it.getOnFailure()) {
                    case RESET -> RelayTarget.OnFailure.RESET;
                    case HOLD -> RelayTarget.OnFailure.HOLD;
                    case ON_FAILURE_UNSPECIFIED, UNRECOGNIZED ->
                        throw ServiceMessages.unknown("on failure", it.getOnFailureValue());
                });
    }

    private static io.beringia.discovery.wire.gateway.proto.RelayTarget.Part part(RelayTarget.Part it) {
        io.beringia.discovery.wire.gateway.proto.RelayTarget.Part.Builder message =
                io.beringia.discovery.wire.gateway.proto.RelayTarget.Part.newBuilder()
                        .setCluster(it.cluster().name())
                        .addAllPorts(it.ports().stream().sorted().toList())
                        .setCapacity(it.capacity());
        it.share().ifPresent(message::setShare);
        return message.build();
    }

    private static RelayTarget.Part part(io.beringia.discovery.wire.gateway.proto.RelayTarget.Part it) {
        return new RelayTarget.Part(
                new ClusterId(it.getCluster()),
                Set.copyOf(it.getPortsList()),
                it.getCapacity(),
                it.hasShare() ? OptionalInt.of(it.getShare()) : OptionalInt.empty());
    }

    static io.beringia.discovery.wire.gateway.proto.ClusterState cluster(ClusterState it) {
        io.beringia.discovery.wire.gateway.proto.ClusterState.Builder message =
                io.beringia.discovery.wire.gateway.proto.ClusterState.newBuilder()
                        .setCluster(it.cluster().name())
                        .setRegion(it.region().name())
                        .setNetwork(it.network().name())
                        .addAllTrustDomains(texts(it.trustDomains()))
                        .addAllGateways(it.gateways().stream()
                                .map(GatewayMessages::gateway)
                                .toList())
                        .setStatus(status(it.status()));
        return switch (it.freshness()) {
            case Freshness.Live live ->
                message.setFreshness(io.beringia.discovery.wire.gateway.proto.ClusterState.Freshness.LIVE)
                        .build();
            case Freshness.Stale stale ->
                message.setFreshness(io.beringia.discovery.wire.gateway.proto.ClusterState.Freshness.STALE)
                        .setStaleFor(Duration.newBuilder()
                                .setSeconds(stale.age().toSeconds())
                                .setNanos(stale.age().toNanosPart()))
                        .build();
            case Freshness.Unknown unknown ->
                message.setFreshness(io.beringia.discovery.wire.gateway.proto.ClusterState.Freshness.UNKNOWN)
                        .build();
        };
    }

    static ClusterState cluster(io.beringia.discovery.wire.gateway.proto.ClusterState it) {
        ClusterId cluster = new ClusterId(it.getCluster());
        return new ClusterState(
                cluster,
                new RegionId(it.getRegion()),
                new Network(it.getNetwork()),
                it.getTrustDomainsList().stream().map(TrustDomain::parse).collect(Collectors.toSet()),
                it.getGatewaysList().stream()
                        .map(gateway -> gateway(cluster, gateway))
                        .toList(),
                status(it.getStatus()),
                switch (it.getFreshness()) {
                    case LIVE -> new Freshness.Live();
                    case STALE ->
                        new Freshness.Stale(java.time.Duration.ofSeconds(
                                it.getStaleFor().getSeconds(), it.getStaleFor().getNanos()));
                    case UNKNOWN -> new Freshness.Unknown();
                    case FRESHNESS_UNSPECIFIED, UNRECOGNIZED ->
                        throw ServiceMessages.unknown("freshness", it.getFreshnessValue());
                });
    }

    private static io.beringia.discovery.wire.gateway.proto.ClusterState.Gateway gateway(GatewayAddress it) {
        return io.beringia.discovery.wire.gateway.proto.ClusterState.Gateway.newBuilder()
                .setName(it.name())
                .setRegion(it.region().name())
                .setNetwork(it.network().name())
                .setAddress(ServiceMessages.bytes(it.address().ip()))
                .setPort(it.address().port())
                .setIdentity(it.identity().toString())
                .setUnhealthy(it.health() == Health.UNHEALTHY)
                .setWeight(it.weight())
                .build();
    }

    private static GatewayAddress gateway(
            ClusterId cluster, io.beringia.discovery.wire.gateway.proto.ClusterState.Gateway it) {
        return new GatewayAddress(
                cluster,
                new RegionId(it.getRegion()),
                new Network(it.getNetwork()),
                it.getName(),
                new SocketAddress(ServiceMessages.ip(it.getAddress()), it.getPort()),
                SpiffeId.parse(it.getIdentity()),
                it.getUnhealthy() ? Health.UNHEALTHY : Health.HEALTHY,
                it.getWeight());
    }

    private static io.beringia.discovery.wire.gateway.proto.ClusterState.RegionStatus status(RegionStatus status) {
        return switch (status) {
            case ACTIVE -> io.beringia.discovery.wire.gateway.proto.ClusterState.RegionStatus.ACTIVE;
            case SUSPECT -> io.beringia.discovery.wire.gateway.proto.ClusterState.RegionStatus.SUSPECT;
            case RAMPING -> io.beringia.discovery.wire.gateway.proto.ClusterState.RegionStatus.RAMPING;
            case OUT -> io.beringia.discovery.wire.gateway.proto.ClusterState.RegionStatus.OUT;
        };
    }

    private static RegionStatus status(io.beringia.discovery.wire.gateway.proto.ClusterState.RegionStatus status) {
        return switch (status) {
            case ACTIVE -> RegionStatus.ACTIVE;
            case SUSPECT -> RegionStatus.SUSPECT;
            case RAMPING -> RegionStatus.RAMPING;
            case OUT -> RegionStatus.OUT;
            case REGION_STATUS_UNSPECIFIED, UNRECOGNIZED -> throw ServiceMessages.unknown("region status", 0);
        };
    }

    private static Set<SpiffeId> identities(List<String> texts) {
        return texts.stream().map(SpiffeId::parse).collect(Collectors.toSet());
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).sorted().toList();
    }
}
