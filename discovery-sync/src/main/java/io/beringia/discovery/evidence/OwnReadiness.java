package io.beringia.discovery.evidence;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.FederationView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How many of our own endpoints of each service that we export are ready, and what stands before them. Pure. Any thread. */
public final class OwnReadiness {
    private OwnReadiness() {}

    private record Count(int ready, int total, String guard, Writers writers) {
        Count with(Health health) {
            return new Count(health == Health.HEALTHY ? ready + 1 : ready, total + 1, guard, writers);
        }
    }

    /** In order of service; a service without any endpoint of ours is 0 of 0. */
    public static List<Readiness> of(FederationView view) {
        Map<ServiceName, Count> counts = new TreeMap<>();
        view.services().values().stream()
                .forEach(service -> ours(service, view.own())
                        .ifPresent(export -> counts.put(
                                service.name(), new Count(0, 0, export.guard().digest(), export.writers()))));
        for (Workload workload : view.objects().workloads()) {
            workload.services()
                    .keySet()
                    .forEach(service ->
                            counts.computeIfPresent(service, (name, count) -> count.with(workload.health())));
        }
        Freshness freshness = view.ownState().map(ClusterState::freshness).orElseGet(Freshness.Unknown::new);
        return counts.entrySet().stream()
                .map(it -> new Readiness(
                        it.getKey(),
                        it.getValue().ready(),
                        it.getValue().total(),
                        freshness,
                        it.getValue().guard(),
                        it.getValue().writers()))
                .toList();
    }

    private static Optional<Export> ours(FederatedService service, ClusterId own) {
        return service.parts().stream()
                .filter(part -> part.cluster().equals(own))
                .map(FederatedService.Part::export)
                .findFirst();
    }
}
