package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an ExportPolicy asks for: who, of which clusters, may have which services.
 *
 * @param services of the policy's namespace, or of those that {@code namespaces} selects
 * @param namespaces in the root namespace only; empty there means all of them
 * @param consumers together; none means nobody
 * @param clients the only identities that may call; none named means everybody of the consumers
 */
public record ExportPolicySpec(
        Services services, Optional<LabelSelector> namespaces, List<Consumers> consumers, Set<SpiffeId> clients) {
    public ExportPolicySpec {
        consumers = List.copyOf(consumers);
        clients = Set.copyOf(clients);
    }

    /** The same, and nobody may have them. */
    ExportPolicySpec forNobody() {
        return new ExportPolicySpec(services, namespaces, List.of(), Set.of());
    }

    /** Which services of a namespace. */
    public sealed interface Services {
        boolean include(String name, Map<String, String> labels);

        record Named(Set<String> names) implements Services {
            public Named {
                names = Set.copyOf(names);
            }

            @Override
            public boolean include(String name, Map<String, String> labels) {
                return names.contains(name);
            }
        }

        record Labelled(LabelSelector selector) implements Services {
            @Override
            public boolean include(String name, Map<String, String> labels) {
                return selector.matches(labels);
            }
        }
    }

    /** Which clusters. */
    public sealed interface Consumers {
        record Cluster(ClusterId cluster) implements Consumers {}

        /** By labels of their PeerClusters. */
        record Labelled(LabelSelector selector) implements Consumers {}

        /** Every peer. */
        record Clusterset() implements Consumers {}
    }
}
