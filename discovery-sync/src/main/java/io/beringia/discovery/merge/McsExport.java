package io.beringia.discovery.merge;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What one cluster's export says of a service beyond where its traffic goes: all that its import is made of
 * (Multi-Cluster Services API, KEP-1645).
 *
 * @param internalTrafficPolicy as the Service says it; empty if unset
 * @param trafficDistribution as the Service says it; empty if unset
 * @param families in the Service's order
 * @param labels those that the author exports, never those of the Service
 * @param annotations the same
 */
public record McsExport(
        Type type,
        List<Port> ports,
        Affinity affinity,
        String internalTrafficPolicy,
        String trafficDistribution,
        List<IpFamily> families,
        Map<String, String> labels,
        Map<String, String> annotations) {
    public McsExport {
        ports = List.copyOf(ports);
        families = List.copyOf(families);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** The same with what a ServiceExport adds to its Service. */
    public McsExport with(Map<String, String> exportedLabels, Map<String, String> exportedAnnotations) {
        return new McsExport(
                type,
                ports,
                affinity,
                internalTrafficPolicy,
                trafficDistribution,
                families,
                exportedLabels,
                exportedAnnotations);
    }

    public enum Type {
        CLUSTER_SET_IP("ClusterSetIP"),
        HEADLESS("Headless");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As the API writes it. */
        public String word() {
            return word;
        }
    }

    public enum IpFamily {
        IPV4("IPv4"),
        IPV6("IPv6");

        private final String word;

        IpFamily(String word) {
            this.word = word;
        }

        /** As the API writes it. */
        public String word() {
            return word;
        }
    }

    /** @param appProtocol empty if unset */
    public record Port(String name, Export.Protocol protocol, int port, String appProtocol) {}

    /** Whether a client stays with its endpoint, and for how long; empty for the default of the API. */
    public record Affinity(boolean isByClient, OptionalInt seconds) {
        public static final Affinity NONE = new Affinity(false, OptionalInt.empty());
    }
}
