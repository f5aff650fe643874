package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
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
 * All of a view that may change what is told of many services; between views of one scene only services that differ
 * themselves are told anew, and where only what the plan says differs, those that go by it. A value. Pure.
 *
 * @param own our cluster, with the gateways that clients are told of
 * @param relay the gateway that clients go through, if they do
 * @param clusters without gateways and ages, on which no service rests
 * @param standings of each cluster, by the plan's word on its region
 * @param row by which our clients go to services that have none of their own, if the plan has one
 */
record Scene(
        ClusterState own,
        Optional<GatewayRef> relay,
        Map<ClusterId, ClusterState> clusters,
        LocalOverrides overrides,
        Map<ClusterId, Standing> standings,
        Optional<Shares> row) {
    /** Of all that a plan says of a region, what decides who is sent there: not since when, nor why. */
    record Standing(boolean isAllowed, boolean isPinned) {
        private static Standing of(FederationView view, ClusterState cluster) {
            return new Standing(
                    view.status(cluster).isAllowed(),
                    view.plan()
                            .flatMap(plan -> plan.region(cluster.region()))
                            .map(RegionPlan::overlays)
                            .filter(overlays -> overlays.contains(Overlay.PINNED))
                            .isPresent());
        }
    }

    static Scene of(FederationView view, ClusterState own, Optional<GatewayRef> relay) {
        Map<ClusterId, ClusterState> places = new HashMap<>();
        Map<ClusterId, Standing> standings = new HashMap<>();
        view.clusters().forEach((id, state) -> {
            places.put(id, ageless(state).with(List.of()));
            standings.put(id, Standing.of(view, state));
        });
        return new Scene(
                ageless(own),
                relay,
                places,
                view.overrides(),
                standings,
                view.plan().flatMap(plan -> plan.defaultRow(own.region())));
    }

    /** Whether it differs from that one in nothing but what the plan says. */
    boolean isAt(Scene other) {
        return own.equals(other.own)
                && relay.equals(other.relay)
                && clusters.equals(other.clusters)
                && overrides.equals(other.overrides);
    }

    /** Services that go by what the plan says of a region, or of services in general, where that was something else. */
    static Set<ServiceName> ruledAnew(Scene before, Scene now, FederationView view) {
        if (before.standings.equals(now.standings) && before.row.equals(now.row)) {
            return Set.of();
        }
        boolean isRowNew = !before.row.equals(now.row);
        RegionId own = now.own.region();
        return view.services().values().stream()
                .filter(service -> (isRowNew && goesByDefault(view, service.name(), own))
                        || service.parts().stream()
                                .map(FederatedService.Part::cluster)
                                .anyMatch(cluster -> !Optional.ofNullable(before.standings.get(cluster))
                                        .equals(Optional.ofNullable(now.standings.get(cluster)))))
                .map(FederatedService::name)
                .collect(Collectors.toSet());
    }

    private static boolean goesByDefault(FederationView view, ServiceName service, RegionId own) {
        return view.plan()
                .flatMap(plan -> plan.service(service))
                .flatMap(one -> one.row(own))
                .isEmpty();
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
