package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One view, for one audience: what its clients are told. Pure; equal views give equal catalogs, and so does a view after
 * another ({@link Projected}) and by itself.
 */
public final class Projection {
    private final Projected before;
    private final FederationView view;
    private final ClusterState own;
    private final Scene scene;
    private final LocalEndpoints local;
    private final SplitHorizon horizon;
    private final PersistentMap<ServiceName, Telling.Told> told;

    private Projection(Projected before, FederationView view, ClusterState own) {
        Optional<GatewayRef> relay = before.relay().filter(it -> isRelayed(before.audience(), own));
        this.before = before;
        this.view = view;
        this.own = own;
        this.scene = Scene.of(view, own, relay);
        this.local = before.local().next(view.objects());
        this.horizon = new SplitHorizon(view, own, relay);
        this.told = told(new Telling(view, own, local, horizon));
    }

    /**
     * Any thread.
     *
     * @param relay our own gateway's service, as clients name it; without one, relay mode is served as direct mode
     */
    public static Catalog of(FederationView view, Audience audience, Optional<GatewayRef> relay) {
        return Projected.none(view.own(), audience, relay).next(view).catalog();
    }

    static Projected next(Projected before, FederationView view) {
        return view.ownState()
                .map(own -> new Projection(before, view, reached(own, view.overrides())).projected())
                .orElseGet(() -> onlyOwnObjects(before, view));
    }

    /** Without a gateway of our own that could carry anything, clients dial those of the other networks themselves. */
    private static boolean isRelayed(Audience audience, ClusterState own) {
        return audience.mode() == Audience.Mode.RELAY
                && own.gateways().stream().anyMatch(gateway -> gateway.health() == Health.HEALTHY);
    }

    /** Gateways that no sibling reaches carry nothing; unless that is all of them, which is more likely our own mistake. */
    private static ClusterState reached(ClusterState own, LocalOverrides overrides) {
        List<GatewayAddress> gateways = own.gateways().stream()
                .map(it -> overrides.shutGateways().contains(it.name()) ? it.as(Health.UNHEALTHY) : it)
                .toList();
        return gateways.stream().anyMatch(it -> it.health() == Health.HEALTHY) ? own.with(gateways) : own;
    }

    private static Projected onlyOwnObjects(Projected before, FederationView view) {
        LocalEndpoints local = before.local().next(view.objects());
        return before.with(
                view,
                Optional.empty(),
                local,
                PersistentMap.empty(),
                List.of(local.workloads(), PersistentMap.empty(), PersistentMap.empty()),
                List.of(local.services(), PersistentMap.empty(), PersistentMap.empty()),
                PersistentMap.empty());
    }

    private Projected projected() {
        boolean isGateway = before.audience().kind() == Audience.Kind.GATEWAY;
        List<Workload> gateways = new ArrayList<>();
        Map<ServiceName, Service> networks = new HashMap<>();
        horizon.gateways(gateways, networks);
        return before.with(
                view,
                Optional.of(scene),
                local,
                told,
                List.of(
                        isGateway ? local.workloads() : ours(),
                        remote(),
                        before.workloads().layers().getLast().holding(gateways, Workload::uid)),
                List.of(
                        local.services(),
                        merged(),
                        before.services().layers().getLast().holding(networks.values(), Service::name)),
                isGateway ? targets() : PersistentMap.empty());
    }

    /** The last scene, where nothing but the plan's word differs. */
    private Optional<Scene> sameScene() {
        return before.scene().filter(scene::isAt);
    }

    private PersistentMap<ServiceName, Telling.Told> told(Telling telling) {
        PersistentMap<ServiceName, Telling.Told> next = before.told();
        for (ServiceName name : suspects()) {
            FederatedService service = view.services().get(name);
            next = service == null ? next.without(name) : next.with(name, telling.of(service));
        }
        return next;
    }

    /** Services of which something else may be told than before. */
    private Set<ServiceName> suspects() {
        Set<ServiceName> suspects = new HashSet<>();
        Optional<Scene> was = sameScene();
        if (was.isPresent()) {
            suspects.addAll(Scene.ruledAnew(was.get(), scene, view));
            suspects.addAll(PersistentMap.differences(before.view().services(), view.services()));
            suspects.addAll(local.differences(before.local()));
            suspects.addAll(Scene.replanned(before.view().plan(), view.plan()));
        } else {
            suspects.addAll(before.told().keySet());
            suspects.addAll(view.services().keySet());
        }
        return suspects;
    }

    private PersistentMap<ServiceName, Service> merged() {
        PersistentMap<ServiceName, Service> next = before.services().layers().get(1);
        for (ServiceName name : PersistentMap.differences(before.told(), told)) {
            Telling.Told now = told.get(name);
            next = now == null ? next.without(name) : next.with(name, now.service());
        }
        return next;
    }

    private PersistentMap<String, Workload> remote() {
        PersistentMap<String, Workload> next = before.workloads().layers().get(1);
        for (ServiceName name : PersistentMap.differences(before.told(), told)) {
            for (Workload gone : Telling.workloads(before.told(), name)) {
                next = next.without(gone.uid());
            }
            for (Workload now : Telling.workloads(told, name)) {
                next = next.with(now.uid(), now);
            }
        }
        return next;
    }

    private PersistentMap<String, RelayTarget> targets() {
        PersistentMap<String, RelayTarget> next = before.targets();
        for (ServiceName name : PersistentMap.differences(before.told(), told)) {
            Telling.Told now = told.get(name);
            next = now == null || now.target().parts().isEmpty()
                    ? next.without(name.hostname())
                    : next.with(name.hostname(), now.target());
        }
        return next;
    }

    /** Our own workloads; all are looked at only where something that they all rest on differs. */
    private PersistentMap<String, Workload> ours() {
        if (sameScene().isEmpty() || isAnyMoved()) {
            return before.workloads()
                    .layers()
                    .getFirst()
                    .holding(
                            local.workloads().values().stream()
                                    .map(this::asTold)
                                    .toList(),
                            Workload::uid);
        }
        PersistentMap<String, Workload> next = before.workloads().layers().getFirst();
        for (String uid : PersistentMap.differences(before.local().workloads(), local.workloads())) {
            Workload now = local.workloads().get(uid);
            next = now == null ? next.without(uid) : next.with(uid, asTold(now));
        }
        return next;
    }

    /** Whether a service has left home, or come back. */
    private boolean isAnyMoved() {
        return PersistentMap.differences(before.told(), told).stream()
                .anyMatch(name -> Telling.isMoved(before.told(), name) != Telling.isMoved(told, name));
    }

    private Workload asTold(Workload it) {
        return withoutMoved(reached(it));
    }

    /** A pod leaves the services that moved away; one that has no other is given nothing at all. */
    private Workload withoutMoved(Workload it) {
        Set<ServiceName> moved = it.services().keySet().stream()
                .filter(name -> Telling.isMoved(told, name))
                .collect(Collectors.toSet());
        if (moved.isEmpty()) {
            return it;
        }
        if (moved.size() == it.services().size()) {
            return changed(it, it.services(), Health.UNHEALTHY);
        }
        Map<ServiceName, List<ServicePort>> kept = new HashMap<>(it.services());
        kept.keySet().removeAll(moved);
        return changed(it, kept, it.health());
    }

    /** One of our gateways that is shut stays known, so that proxies drop what they have to it. */
    private Workload reached(Workload it) {
        boolean isShut =
                own.gateways().stream().anyMatch(gateway -> gateway.health() == Health.UNHEALTHY && isOf(gateway, it));
        return isShut ? changed(it, it.services(), Health.UNHEALTHY) : it;
    }

    private static boolean isOf(GatewayAddress gateway, Workload it) {
        return gateway.name().equals(it.name())
                && it.addresses().contains(gateway.address().ip());
    }

    private static Workload changed(Workload it, Map<ServiceName, List<ServicePort>> services, Health health) {
        return new Workload(
                it.uid(),
                it.name(),
                it.namespace(),
                it.addresses(),
                it.hostname(),
                it.network(),
                it.tunnel(),
                it.trustDomain(),
                it.serviceAccount(),
                it.waypoint(),
                it.networkGateway(),
                it.description(),
                it.proxyProtocolPort(),
                services,
                it.policies(),
                health,
                it.cluster(),
                it.locality(),
                it.hostNetwork(),
                it.capacity());
    }
}
