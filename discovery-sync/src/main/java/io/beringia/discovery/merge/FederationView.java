package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The merged view of all clusters, at one revision; what a client sees of it is a {@link Projection}.
 *
 * @param own our cluster, one of the clusters as soon as its own part is known
 * @param clusters the states of all parts, as their clusters tell them; the plan's word is {@link #status}
 * @param overrides what our own observers take from the plan's shares, for our own clients
 */
public record FederationView(
        long revision,
        ClusterId own,
        OwnObjects objects,
        Map<ClusterId, ClusterState> clusters,
        Map<ServiceName, FederatedService> services,
        Optional<TrafficPlan> plan,
        LocalOverrides overrides) {
    public FederationView {
        clusters = Map.copyOf(clusters);
        services = PersistentMap.copyOf(services);
    }

    public static FederationView empty(ClusterId own) {
        return new FederationView(0, own, OwnObjects.NONE, Map.of(), Map.of(), Optional.empty(), LocalOverrides.NONE);
    }

    /** The view that these parts make. */
    public static FederationView of(
            long revision,
            ClusterId own,
            OwnObjects objects,
            Collection<ClusterExports> parts,
            Optional<TrafficPlan> plan,
            LocalOverrides overrides) {
        Map<ServiceName, List<FederatedService.Part>> byService = new HashMap<>();
        Map<ClusterId, ClusterState> states = new HashMap<>();
        for (ClusterExports part : parts) {
            ClusterId cluster = part.cluster().cluster();
            states.put(cluster, part.cluster());
            part.exports()
                    .forEach((name, export) -> byService
                            .computeIfAbsent(name, one -> new ArrayList<>())
                            .add(new FederatedService.Part(cluster, export)));
        }
        Map<ServiceName, FederatedService> services = new HashMap<>();
        byService.forEach(
                (name, exports) -> MergeRules.merge(name, exports).ifPresent(service -> services.put(name, service)));
        return new FederationView(revision, own, objects, states, services, plan, overrides);
    }

    /** What of one cluster's export our own clients may count on, in units of {@link ShareRules#ENDPOINT}. */
    public long capacity(FederatedService.Part part) {
        return capacity(part.cluster(), part.export().ready());
    }

    /** The same of so many ready endpoints of it. */
    long capacity(ClusterId cluster, long ready) {
        return overrides.of(cluster).of(ready * ShareRules.ENDPOINT);
    }

    /** The same, with each cluster to be believed as far as that says. */
    public FederationView believed(Function<ClusterState, Freshness> howFar) {
        Map<ClusterId, ClusterState> states = new HashMap<>();
        clusters.forEach((cluster, state) -> states.put(cluster, state.as(howFar.apply(state))));
        return new FederationView(revision, own, objects, states, services, plan, overrides);
    }

    /** What it was made of, in order of cluster. */
    public List<ClusterExports> parts() {
        Map<ClusterId, List<Export>> exports = new HashMap<>();
        services.values()
                .forEach(service -> service.parts()
                        .forEach(part -> exports.computeIfAbsent(part.cluster(), one -> new ArrayList<>())
                                .add(part.export())));
        return clusters.values().stream()
                .sorted(Comparator.comparing(ClusterState::cluster))
                .map(state -> ClusterExports.of(state, exports.getOrDefault(state.cluster(), List.of())))
                .toList();
    }

    public Optional<ClusterState> ownState() {
        return Optional.ofNullable(clusters.get(own));
    }

    public PlanVersion planVersion() {
        return plan.map(TrafficPlan::version).orElse(PlanVersion.NONE);
    }

    /** The plan's word on a cluster's region; without a plan, that of the cluster's own part. */
    public RegionStatus status(ClusterState cluster) {
        return plan.map(it -> it.status(cluster.region())).orElse(cluster.status());
    }
}
