package io.beringia.discovery.peering;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.peering.proto.ClusterInfo;
import io.beringia.discovery.peering.proto.ExportedService;
import io.beringia.discovery.peering.proto.GatewaySet;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What peers tell each other, as messages and back. Its own inverse; sets are written sorted and no message has a map, so
 * that equal values have equal bytes and an equal hash on every replica. Any thread.
 */
final class PeerCodec {
    private static final Comparator<Export.Capacity> BY_LOCALITY =
            Comparator.comparing(capacity -> capacity.locality().toString());

    /** The end of the year 9999: later ones are no dates that anybody can print. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /** A Kubernetes label value, which zones and the like are. */
    static final int WORD_CHARS_MAX = 63;

    /** A name of a Kubernetes object. */
    static final int NAME_CHARS_MAX = 253;

    private PeerCodec() {}

    static Resource encode(PeerResource it) {
        Resource.Builder message =
                Resource.newBuilder().setName(it.name()).setCluster(it.cluster().name());
        return hashed(
                switch (it) {
                    case PeerResource.OfService service -> message.setService(service(service));
                    case PeerResource.OfEndpoints endpoints ->
                        message.setEndpoints(ClustersetCodec.endpoints(endpoints));
                    case PeerResource.OfGateway gateway -> message.setGateways(gateway(gateway.gateway()));
                    case PeerResource.OfCluster cluster -> message.setInfo(info(cluster));
                });
    }

    /** The value of a message; {@link IllegalArgumentException} where it is none that we can hold. */
    static PeerResource decode(Resource it) {
        ClusterId cluster = new ClusterId(it.getCluster());
        PeerResource value = switch (it.getKindCase()) {
            case SERVICE -> service(cluster, it.getService());
            case ENDPOINTS -> ClustersetCodec.endpoints(cluster, it.getEndpoints());
            case GATEWAYS -> new PeerResource.OfGateway(gateway(cluster, it.getGateways()));
            case INFO -> info(cluster, it.getInfo());
            case KIND_NOT_SET ->
                throw new IllegalArgumentException(
                        "resource: of no kind we know (expected: a service, endpoints, gateways or a cluster)");
        };
        if (!value.name().equals(it.getName())) {
            throw new IllegalArgumentException("name: " + it.getName() + " (expected: " + value.name() + ")");
        }
        return value;
    }

    private static Resource hashed(Resource.Builder message) {
        byte[] bytes = message.build().toByteArray();
        return message.setHash(ByteBuffer.wrap(sha256().digest(bytes)).getLong())
                .build();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: none (expected: in every JDK)", impossible);
        }
    }

    private static ExportedService service(PeerResource.OfService it) {
        Export export = it.export();
        ExportedService.Builder message = ExportedService.newBuilder()
                .setNamespace(export.service().namespace())
                .setHostname(export.service().hostname())
                .setCreatedAt(export.createdAt().getEpochSecond())
                .addAllIdentities(texts(export.identities()));
        export.ports().forEach(port -> message.addPorts(port(port)));
        String network =
                it.networks().stream().map(Network::name).sorted().findFirst().orElse("");
        export.capacities().stream()
                .sorted(BY_LOCALITY)
                .forEach(capacity -> message.addCapacity(capacity(capacity, network)));
        message.setPolicyDigest(export.guard().digest())
                .addAllWaypointIdentities(texts(export.guard().waypoint()));
        message.setOnFailure(onFailure(export.onFailure())).setSingleWriter(export.writers() == Writers.SINGLE);
        export.mcs().ifPresent(mcs -> message.setClusterset(ClustersetCodec.clusterset(mcs)));
        return message.build();
    }

    private static PeerResource.OfService service(ClusterId cluster, ExportedService it) {
        return new PeerResource.OfService(
                cluster,
                new Export(
                        new ServiceName(
                                word("namespace", it.getNamespace(), WORD_CHARS_MAX),
                                word("hostname", it.getHostname(), NAME_CHARS_MAX)),
                        created(it.getCreatedAt()),
                        it.getPortsList().stream().map(PeerCodec::port).toList(),
                        it.getIdentitiesList().stream().map(SpiffeId::parse).collect(Collectors.toSet()),
                        it.getCapacityList().stream().map(PeerCodec::capacity).toList(),
                        it.hasClusterset()
                                ? Optional.of(ClustersetCodec.clusterset(it.getClusterset()))
                                : Optional.empty(),
                        List.of(),
                        new Export.Guard(
                                word("policy digest", it.getPolicyDigest(), WORD_CHARS_MAX),
                                it.getWaypointIdentitiesList().stream()
                                        .map(SpiffeId::parse)
                                        .collect(Collectors.toSet())),
                        onFailure(it.getOnFailure()),
                        it.getSingleWriter() ? Writers.SINGLE : Writers.MANY),
                it.getCapacityList().stream()
                        .map(capacity -> new Network(capacity.getNetwork()))
                        .collect(Collectors.toSet()));
    }

    private static ExportedService.OnFailure onFailure(OnFailure it) {
        return switch (it) {
            case RESET -> ExportedService.OnFailure.RESET;
            case HOLD -> ExportedService.OnFailure.HOLD;
        };
    }

    /** What only newer peers know is what there was before. */
    private static OnFailure onFailure(ExportedService.OnFailure it) {
        return switch (it) {
            case RESET, UNRECOGNIZED -> OnFailure.RESET;
            case HOLD -> OnFailure.HOLD;
        };
    }

    private static Instant created(long epochSecond) {
        if (epochSecond < 0 || epochSecond > LAST_SECOND) {
            throw new IllegalArgumentException(
                    "created: " + epochSecond + " s (expected: 0 to " + LAST_SECOND + " since 1970)");
        }
        return Instant.ofEpochSecond(epochSecond);
    }

    private static ExportedService.Port port(Export.ExportedPort it) {
        return ExportedService.Port.newBuilder()
                .setName(it.name())
                .setProtocol(protocol(it.protocol()))
                .setPort(it.port())
                .setTarget(it.target())
                .build();
    }

    private static Export.ExportedPort port(ExportedService.Port it) {
        return new Export.ExportedPort(
                it.getName(),
                protocol(it.getProtocol(), it.getProtocolValue()),
                inRange(it.getPort(), 1),
                inRange(it.getTarget(), 0));
    }

    static ExportedService.Protocol protocol(Export.Protocol it) {
        return switch (it) {
            case TCP -> ExportedService.Protocol.TCP;
            case UDP -> ExportedService.Protocol.UDP;
            case SCTP -> ExportedService.Protocol.SCTP;
        };
    }

    /** @param number of it on the wire, known or not */
    static Export.Protocol protocol(ExportedService.Protocol it, int number) {
        return switch (it) {
            case TCP -> Export.Protocol.TCP;
            case UDP -> Export.Protocol.UDP;
            case SCTP -> Export.Protocol.SCTP;
            case PROTOCOL_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("protocol: " + number + " (expected: TCP, UDP or SCTP)");
        };
    }

    static int inRange(int port, int min) {
        if (port < min || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: " + min + " to 65535)");
        }
        return port;
    }

    private static ExportedService.Capacity capacity(Export.Capacity it, String network) {
        return ExportedService.Capacity.newBuilder()
                .setNetwork(network)
                .setRegion(it.locality().region())
                .setZone(it.locality().zone())
                .setSubzone(it.locality().subzone())
                .setReady(it.ready())
                .build();
    }

    private static Export.Capacity capacity(ExportedService.Capacity it) {
        return new Export.Capacity(
                new Locality(
                        word("region", it.getRegion(), WORD_CHARS_MAX),
                        word("zone", it.getZone(), WORD_CHARS_MAX),
                        word("subzone", it.getSubzone(), WORD_CHARS_MAX)),
                it.getReady());
    }

    /** It becomes part of names that our clients are told. */
    static String word(String what, String text, int charsMax) {
        boolean fits = text.length() <= charsMax
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_'
                                || c == '.');
        if (!fits) {
            throw new IllegalArgumentException(what + ": " + text.length() + " characters (expected: at most "
                    + charsMax + " of A-Z, a-z, 0-9, '.', '_', '-')");
        }
        return text;
    }

    private static GatewaySet gateway(GatewayAddress it) {
        return GatewaySet.newBuilder()
                .setName(it.name())
                .addAddresses(ByteString.copyFrom(it.address().ip().bytes()))
                .setHbonePort(it.address().port())
                .addIdentities(it.identity().toString())
                .setNetwork(it.network().name())
                .setRegion(it.region().name())
                .setReady(it.health() == Health.HEALTHY)
                .setWeight(it.weight())
                .build();
    }

    /** A set of more than one address is not told apart by our catalog; nobody sends one yet. */
    private static GatewayAddress gateway(ClusterId cluster, GatewaySet it) {
        return new GatewayAddress(
                cluster,
                new RegionId(it.getRegion()),
                new Network(it.getNetwork()),
                word("gateway", it.getName(), NAME_CHARS_MAX),
                new SocketAddress(
                        IpAddress.of(only("addresses", it.getAddressesList()).toByteArray()), it.getHbonePort()),
                SpiffeId.parse(only("identities", it.getIdentitiesList())),
                it.getReady() ? Health.HEALTHY : Health.UNHEALTHY,
                it.getWeight());
    }

    private static ClusterInfo info(PeerResource.OfCluster it) {
        return ClusterInfo.newBuilder()
                .addNetworks(it.network().name())
                .addAllTrustDomains(texts(it.trustDomains()))
                .setRegion(it.region().name())
                .build();
    }

    private static PeerResource.OfCluster info(ClusterId cluster, ClusterInfo it) {
        return new PeerResource.OfCluster(
                cluster,
                new RegionId(it.getRegion()),
                new Network(only("networks", it.getNetworksList())),
                it.getTrustDomainsList().stream().map(TrustDomain::parse).collect(Collectors.toSet()));
    }

    private static <T> T only(String what, List<T> values) {
        if (values.size() != 1) {
            throw new IllegalArgumentException(what + ": " + values.size() + " (expected: 1)");
        }
        return values.getFirst();
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).sorted().toList();
    }
}
