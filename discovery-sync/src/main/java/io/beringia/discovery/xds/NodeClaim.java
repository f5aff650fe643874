package io.beringia.discovery.xds;

import io.beringia.discovery.wire.xds.proto.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a client says of itself, believed of nobody: {@code <kind>~<ip>~<pod>.<namespace>~<namespace>.svc.<domain>}, as
 * Istio's proxies name their node.
 *
 * @param address the second part, whatever it is
 * @param pod the third part without its namespace; it may contain dots
 * @param claims text values of the node's metadata, such as {@code CLUSTER_ID} and {@code SERVICE_ACCOUNT}
 */
public record NodeClaim(Kind kind, String address, String pod, String namespace, Map<String, String> claims) {
    private static final int PARTS = 4;

    /** Metadata of our own clients, and of Istio's. */
    static final String CLUSTER_ID = "CLUSTER_ID";

    static final String NETWORK = "NETWORK";
    static final String SERVICE_ACCOUNT = "SERVICE_ACCOUNT";

    /** The name of a WorkloadEntry, of a host that is no pod. */
    static final String WORKLOAD_ENTRY = "WORKLOAD_ENTRY";

    public NodeClaim {
        claims = Map.copyOf(claims);
    }

    /** The first part of a node id. */
    public enum Kind {
        ZTUNNEL("ztunnel"),
        GATEWAY("beringia-gateway"),
        HOST("beringia-host");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        static Optional<Kind> of(String word) {
            return List.of(values()).stream()
                    .filter(kind -> kind.word.equals(word))
                    .findFirst();
        }
    }

    /** Empty for every other form. */
    static Optional<NodeClaim> of(Node node) {
        Map<String, String> claims = node.getMetadata().getFieldsMap().entrySet().stream()
                .filter(field -> field.getValue().hasStringValue())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, field -> field.getValue().getStringValue()));
        return parse(node.getId(), claims);
    }

    /** Any thread. */
    static Optional<NodeClaim> parse(String id, Map<String, String> claims) {
        List<String> parts = List.of(id.split("~", -1));
        if (parts.size() != PARTS) {
            return Optional.empty();
        }
        String name = parts.get(2);
        int dot = name.lastIndexOf('.');
        boolean whole = dot > 0 && dot < name.length() - 1;
        return Kind.of(parts.getFirst())
                .filter(kind -> whole && parts.get(3).startsWith(name.substring(dot + 1) + ".svc"))
                .map(kind ->
                        new NodeClaim(kind, parts.get(1), name.substring(0, dot), name.substring(dot + 1), claims));
    }

    /** What it says under that key; empty if nothing. */
    Optional<String> claim(String key) {
        return Optional.ofNullable(claims.get(key)).filter(value -> !value.isEmpty());
    }
}
