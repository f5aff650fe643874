package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import java.util.List;
import java.util.Optional;

/**
 * What the clients of one audience are told of one view, with all that is needed to tell them of another at the price of what
 * differs: it holds on to that one view, and to nothing of those before. Immutable.
 *
 * @param scene empty where our own part is not known
 * @param local of the view's own objects
 * @param workloads our own, what stands for other networks, gateways of these
 * @param services our own, those of the federation, those of gateways of other networks
 */
record Projected(
        Audience audience,
        Optional<GatewayRef> relay,
        FederationView view,
        Optional<Scene> scene,
        LocalEndpoints local,
        PersistentMap<ServiceName, Telling.Told> told,
        Layers<String, Workload> workloads,
        Layers<ServiceName, Service> services,
        PersistentMap<String, RelayTarget> targets,
        Catalog catalog) {
    private static final int LAYERS = 3;

    /** Before any view. */
    static Projected none(ClusterId own, Audience audience, Optional<GatewayRef> relay) {
        return new Projected(
                audience,
                relay,
                FederationView.empty(own),
                Optional.empty(),
                LocalEndpoints.NONE,
                PersistentMap.empty(),
                Layers.none(LAYERS),
                Layers.none(LAYERS),
                PersistentMap.empty(),
                Catalog.EMPTY);
    }

    Projected next(FederationView now) {
        return Projection.next(this, now);
    }

    Projected with(
            FederationView now,
            Optional<Scene> nextScene,
            LocalEndpoints nextLocal,
            PersistentMap<ServiceName, Telling.Told> nextTold,
            List<PersistentMap<String, Workload>> nextWorkloads,
            List<PersistentMap<ServiceName, Service>> nextServices,
            PersistentMap<String, RelayTarget> nextTargets) {
        Layers<String, Workload> allWorkloads = workloads.next(nextWorkloads);
        Layers<ServiceName, Service> allServices = services.next(nextServices);
        boolean isGateway = audience.kind() == Audience.Kind.GATEWAY && nextScene.isPresent();
        return new Projected(
                audience,
                relay,
                now,
                nextScene,
                nextLocal,
                nextTold,
                allWorkloads,
                allServices,
                nextTargets,
                catalog.next(
                        now.revision(),
                        now.planVersion(),
                        allWorkloads.all(),
                        allServices.all(),
                        PersistentMap.copyOf(catalog.policies())
                                .holding(now.objects().policies(), Policy::key),
                        PersistentMap.copyOf(catalog.exported())
                                .holding(
                                        isGateway ? now.objects().exported() : List.<ExportedAuthority>of(),
                                        one -> one.service().hostname()),
                        nextTargets,
                        PersistentMap.copyOf(catalog.clusters())
                                .holding(isGateway ? clusters(now) : List.of(), ClusterState::cluster)));
    }

    /** As the plan has them. */
    private static List<ClusterState> clusters(FederationView view) {
        return view.clusters().values().stream()
                .map(it -> new ClusterState(
                        it.cluster(),
                        it.region(),
                        it.network(),
                        it.trustDomains(),
                        it.gateways(),
                        view.status(it),
                        it.freshness()))
                .toList();
    }
}
