package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Writers;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Set;

/**
 * One service of all clusters.
 *
 * @param ports the union, in order of precedence; target 0 where not every cluster has the port
 * @param identities who may answer for it, in any cluster: sorted, each once
 * @param parts of the clusters that export it, in order of precedence; never empty
 * @param conflicts what the clusters disagree about; the first part prevails
 */
public record FederatedService(
        ServiceName name,
        List<Export.ExportedPort> ports,
        List<SpiffeId> identities,
        List<Part> parts,
        Set<Conflict> conflicts) {
    public FederatedService {
        ports = List.copyOf(ports);
        identities = List.copyOf(identities);
        parts = List.copyOf(parts);
        conflicts = Set.copyOf(conflicts);
    }

    /** Whether its clusters enforce different policies, as far as they say. */
    public boolean isPolicySkewed() {
        return parts.stream()
                        .map(part -> part.export().guard().digest())
                        .filter(digest -> !digest.isEmpty())
                        .distinct()
                        .count()
                > 1;
    }

    /** What becomes of streams to any of its clusters: one client, one rule. */
    public OnFailure onFailure() {
        return parts.getFirst().export().onFailure();
    }

    /** Who disagrees about it is believed where he is the more careful. */
    public Writers writers() {
        return parts.stream().anyMatch(part -> part.export().writers() == Writers.SINGLE)
                ? Writers.SINGLE
                : Writers.MANY;
    }

    /** One cluster's export. */
    public record Part(ClusterId cluster, Export export) {}

    /** Reasons of the {@code Conflict} condition of the Multi-Cluster Services API (KEP-1645). */
    public enum Conflict {
        PORT_CONFLICT
    }
}
