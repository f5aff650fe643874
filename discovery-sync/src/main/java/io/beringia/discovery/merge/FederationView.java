package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.TrafficPlan;
import java.util.Map;
import java.util.Optional;

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
        services = Map.copyOf(services);
    }

    public static FederationView empty(ClusterId own) {
        return new FederationView(0, own, OwnObjects.NONE, Map.of(), Map.of(), Optional.empty(), LocalOverrides.NONE);
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
