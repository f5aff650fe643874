package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All of a view that may change what is told of every service; between views of one scene only services that differ
 * themselves are told anew. A value. Pure.
 *
 * @param own our cluster, with the gateways that clients are told of
 * @param relay the gateway that clients go through, if they do
 * @param clusters without gateways and ages, on which no service rests
 * @param plan what the plan says of regions and of services without a row of their own
 */
record Scene(
        ClusterState own,
        Optional<GatewayRef> relay,
        Map<ClusterId, ClusterState> clusters,
        Optional<Rows> plan,
        LocalOverrides overrides) {
    /** Of a plan, what is about all services. */
    record Rows(List<RegionPlan> regions, List<SourceShares> defaults) {}

    static Scene of(FederationView view, ClusterState own, Optional<GatewayRef> relay) {
        Map<ClusterId, ClusterState> places = new HashMap<>();
        view.clusters().forEach((id, state) -> places.put(id, ageless(state).with(List.of())));
        return new Scene(
                ageless(own),
                relay,
                places,
                view.plan().map(plan -> new Rows(plan.regions(), plan.defaults())),
                view.overrides());
    }

    private static ClusterState ageless(ClusterState state) {
        return state.as(new Freshness.Live());
    }

    /** Services of which one plan says something else than the other. */
    static Set<ServiceName> replanned(Optional<TrafficPlan> before, Optional<TrafficPlan> now) {
        if (before.equals(now)) {
            return Set.of();
        }
        Map<ServiceName, ServicePlan> old = byService(before);
        Map<ServiceName, ServicePlan> next = byService(now);
        Set<ServiceName> differing = new HashSet<>(old.keySet());
        differing.addAll(next.keySet());
        differing.removeIf(
                service -> Optional.ofNullable(old.get(service)).equals(Optional.ofNullable(next.get(service))));
        return differing;
    }

    private static Map<ServiceName, ServicePlan> byService(Optional<TrafficPlan> plan) {
        return plan.map(TrafficPlan::services).orElse(List.of()).stream()
                .collect(Collectors.toMap(ServicePlan::service, Function.identity()));
    }
}
