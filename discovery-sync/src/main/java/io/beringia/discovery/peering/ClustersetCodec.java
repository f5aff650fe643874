package io.beringia.discovery.peering;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.beringia.discovery.peering.proto.ClustersetPort;
import io.beringia.discovery.peering.proto.ExportedService.Clusterset;
import io.beringia.discovery.peering.proto.Family;
import io.beringia.discovery.peering.proto.ServiceEndpoints;
import io.beringia.discovery.peering.proto.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What peers tell each other of the Multi-Cluster Services API, as messages and back; see {@link PeerCodec}. Any thread. */
final class ClustersetCodec {
    /** Of the value of an annotation; more is no hint but a document. */
    private static final int VALUE_CHARS_MAX = 4_096;

    /** Of each: an object with more is refused by Kubernetes in the end. */
    private static final int TEXTS_MAX = 64;

    /** An IPv4 and an IPv6 one, with room for what nobody does. */
    private static final int ADDRESSES_MAX = 8;

    private ClustersetCodec() {}

    static Clusterset clusterset(McsExport it) {
        return Clusterset.newBuilder()
                .setHeadless(it.type() == McsExport.Type.HEADLESS)
                .addAllPorts(it.ports().stream().map(ClustersetCodec::port).toList())
                .setClientIpAffinity(it.affinity().isByClient())
                .setAffinitySeconds(it.affinity().seconds().orElse(0))
                .setInternalTrafficPolicy(it.internalTrafficPolicy())
                .setTrafficDistribution(it.trafficDistribution())
                .addAllFamilies(
                        it.families().stream().map(ClustersetCodec::family).toList())
                .addAllLabels(texts(it.labels()))
                .addAllAnnotations(texts(it.annotations()))
                .build();
    }

    static McsExport clusterset(Clusterset it) {
        int seconds = it.getAffinitySeconds();
        return new McsExport(
                it.getHeadless() ? McsExport.Type.HEADLESS : McsExport.Type.CLUSTER_SET_IP,
                it.getPortsList().stream().map(ClustersetCodec::port).toList(),
                new McsExport.Affinity(
                        it.getClientIpAffinity(), seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds)),
                word("internal traffic policy", it.getInternalTrafficPolicy()),
                word("traffic distribution", it.getTrafficDistribution()),
                it.getFamiliesList().stream()
                        .map(ClustersetCodec::family)
                        .distinct()
                        .toList(),
                texts("labels", it.getLabelsList()),
                texts("annotations", it.getAnnotationsList()));
    }

    static ServiceEndpoints endpoints(PeerResource.OfEndpoints it) {
        return ServiceEndpoints.newBuilder()
                .setNamespace(it.service().namespace())
                .setHostname(it.service().hostname())
                .setSlice(it.slice().name())
                .setNetwork(it.network().name())
                .setFamily(family(it.slice().family()))
                .addAllPorts(
                        it.slice().ports().stream().map(ClustersetCodec::port).toList())
                .addAllEndpoints(it.slice().endpoints().stream()
                        .map(ClustersetCodec::endpoint)
                        .toList())
                .build();
    }

    static PeerResource.OfEndpoints endpoints(ClusterId cluster, ServiceEndpoints it) {
        return new PeerResource.OfEndpoints(
                cluster,
                new ServiceName(
                        PeerCodec.word("namespace", it.getNamespace(), PeerCodec.WORD_CHARS_MAX),
                        PeerCodec.word("hostname", it.getHostname(), PeerCodec.NAME_CHARS_MAX)),
                new Network(it.getNetwork()),
                new ExportedSlice(
                        PeerCodec.word("slice", it.getSlice(), PeerCodec.NAME_CHARS_MAX),
                        family(it.getFamily()),
                        it.getPortsList().stream().map(ClustersetCodec::port).toList(),
                        it.getEndpointsList().stream()
                                .map(endpoint -> endpoint(endpoint, family(it.getFamily())))
                                .toList()));
    }

    private static ServiceEndpoints.Endpoint endpoint(ExportedSlice.Endpoint it) {
        return ServiceEndpoints.Endpoint.newBuilder()
                .addAllAddresses(it.addresses().stream()
                        .map(address -> ByteString.copyFrom(address.bytes()))
                        .toList())
                .setHostname(it.hostname())
                .setZone(it.zone())
                .setReady(it.isReady())
                .setServing(it.isServing())
                .setTerminating(it.isTerminating())
                .build();
    }

    private static ExportedSlice.Endpoint endpoint(ServiceEndpoints.Endpoint it, IpFamily family) {
        List<IpAddress> addresses = it.getAddressesList().stream()
                .map(bytes -> IpAddress.of(bytes.toByteArray()))
                .toList();
        if (addresses.size() > ADDRESSES_MAX
                || addresses.stream().anyMatch(address -> address.isV6() != (family == IpFamily.IPV6))) {
            throw new IllegalArgumentException("addresses: " + addresses.size() + " (expected: at most " + ADDRESSES_MAX
                    + ", all " + family.word() + ")");
        }
        return new ExportedSlice.Endpoint(
                addresses,
                word("endpoint hostname", it.getHostname()),
                word("zone", it.getZone()),
                it.getReady(),
                it.getServing(),
                it.getTerminating());
    }

    private static ClustersetPort port(McsExport.Port it) {
        return ClustersetPort.newBuilder()
                .setName(it.name())
                .setProtocol(PeerCodec.protocol(it.protocol()))
                .setPort(it.port())
                .setAppProtocol(it.appProtocol())
                .build();
    }

    private static McsExport.Port port(ClustersetPort it) {
        return new McsExport.Port(
                word("port", it.getName()),
                PeerCodec.protocol(it.getProtocol(), it.getProtocolValue()),
                PeerCodec.inRange(it.getPort(), 1),
                appProtocol(it.getAppProtocol()));
    }

    /** A Kubernetes qualified name, which may have a slash. */
    private static String appProtocol(String text) {
        PeerCodec.word("application protocol", text.replaceFirst("/", "."), PeerCodec.NAME_CHARS_MAX);
        return text;
    }

    private static Family family(IpFamily it) {
        return switch (it) {
            case IPV4 -> Family.IPV4;
            case IPV6 -> Family.IPV6;
        };
    }

    private static IpFamily family(Family it) {
        return switch (it) {
            case IPV4 -> IpFamily.IPV4;
            case IPV6 -> IpFamily.IPV6;
            case FAMILY_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("family: " + it + " (expected: IPv4 or IPv6)");
        };
    }

    private static List<Text> texts(Map<String, String> it) {
        return new TreeMap<>(it)
                .entrySet().stream()
                        .map(text -> Text.newBuilder()
                                .setName(text.getKey())
                                .setValue(text.getValue())
                                .build())
                        .toList();
    }

    private static Map<String, String> texts(String what, List<Text> it) {
        Map<String, String> texts = new HashMap<>();
        for (Text text : it) {
            if (text.getValue().length() > VALUE_CHARS_MAX) {
                throw new IllegalArgumentException(what + ": a value of "
                        + text.getValue().length() + " characters (expected: at most " + VALUE_CHARS_MAX + ")");
            }
            PeerCodec.word(
                    what, text.getName().replaceFirst("/", "."), PeerCodec.NAME_CHARS_MAX + PeerCodec.WORD_CHARS_MAX);
            texts.put(text.getName(), text.getValue());
        }
        if (texts.size() != it.size() || texts.size() > TEXTS_MAX) {
            throw new IllegalArgumentException(
                    what + ": " + it.size() + " (expected: each once, at most " + TEXTS_MAX + ")");
        }
        return texts;
    }

    private static String word(String what, String text) {
        return PeerCodec.word(what, text, PeerCodec.WORD_CHARS_MAX);
    }
}
