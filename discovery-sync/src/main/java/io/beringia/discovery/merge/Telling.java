package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the clients of one audience are told of one service of a view. Pure. */
final class Telling {
    private final FederationView view;
    private final ClusterState own;
    private final LocalEndpoints local;
    private final SplitHorizon horizon;
    private final LocalRows rows;

    /**
     * @param own our cluster, as clients are told of it
     * @param local of the view's own objects
     */
    Telling(FederationView view, ClusterState own, LocalEndpoints local, SplitHorizon horizon) {
        this.view = view;
        this.own = own;
        this.local = local;
        this.horizon = horizon;
        this.rows = new LocalRows(view, own, local);
    }

    /**
     * All of it.
     *
     * @param workloads what stands for other networks
     * @param target for gateways; its parts are of other clusters, and of our own where it may not be served here
     * @param isMoved nothing of it is to stay at home
     */
    record Told(Service service, List<Workload> workloads, RelayTarget target, boolean isMoved) {}

    /** What stood for other networks. */
    static List<Workload> workloads(Map<ServiceName, Told> told, ServiceName service) {
        Told it = told.get(service);
        return it == null ? List.of() : it.workloads();
    }

    static boolean isMoved(Map<ServiceName, Told> told, ServiceName service) {
        Told it = told.get(service);
        return it != null && it.isMoved();
    }

    Told of(FederatedService service) {
        LocalRows.Ruling ruling = rows.of(service);
        ShareRules.Split split = ruling.split();
        return new Told(
                merged(service, split),
                horizon.workloads(service, split, local.tally(service.name()).capacity()),
                target(service, ruling),
                split.isAway(own.region()));
    }

    private Service merged(FederatedService service, ShareRules.Split split) {
        Optional<Service> here = Optional.ofNullable(local.services().get(service.name()));
        return new Service(
                service.name(),
                Stream.concat(
                                here.map(Service::addresses).orElse(List.of()).stream(),
                                view.objects().vips().getOrDefault(service.name(), List.of()).stream())
                        .toList(),
                service.ports().stream()
                        .filter(port -> port.protocol() == Export.Protocol.TCP)
                        .map(port -> new ServicePort(port.port(), port.target()))
                        .toList(),
                service.identities(),
                here.flatMap(Service::waypoint),
                balancing(split, here),
                true,
                here.map(Service::namespacePrivate).orElse(false));
    }

    /** While a plan weighs a service, all of its endpoints stand in one rank: weights act only within one. */
    private LoadBalancing balancing(ShareRules.Split split, Optional<Service> here) {
        LoadBalancing asHere = here.map(Service::loadBalancing).orElse(LoadBalancing.LOCAL_FIRST);
        return switch (split) {
            case ShareRules.Split.LocalFirst _ -> asHere;
            case ShareRules.Split.Mixed _, ShareRules.Split.Moved _ -> LoadBalancing.STANDARD;
            case ShareRules.Split.Only only -> only.isClosed(own.region()) ? LoadBalancing.STANDARD : asHere;
        };
    }

    private RelayTarget target(FederatedService service, LocalRows.Ruling ruling) {
        Stream<RelayTarget.Part> elsewhere = service.parts().stream()
                .filter(part -> !part.cluster().equals(own.cluster()))
                .sorted((a, b) -> a.cluster().compareTo(b.cluster()))
                .map(part -> target(service, part, ruling));
        Stream<RelayTarget.Part> here = ruling.split().isClosed(own.region())
                ? Stream.of(new RelayTarget.Part(own.cluster(), tcp(service.ports()), 0, OptionalInt.of(0)))
                : Stream.empty();
        return new RelayTarget(
                service.name(), Set.of(), Stream.concat(elsewhere, here).toList(), service.onFailure());
    }

    private RelayTarget.Part target(FederatedService service, FederatedService.Part part, LocalRows.Ruling ruling) {
        // A cluster of which we do not know the region may be anywhere, so it is not the one home.
        boolean isClosed = Optional.ofNullable(view.clusters().get(part.cluster()))
                .map(cluster -> ruling.split().isClosed(cluster.region()))
                .orElse(ruling.split() instanceof ShareRules.Split.Only);
        return new RelayTarget.Part(
                part.cluster(),
                tcp(part.export().ports()),
                isClosed ? 0 : view.capacity(part),
                isClosed ? OptionalInt.of(0) : share(service, part, ruling.row()));
    }

    private static Set<Integer> tcp(List<Export.ExportedPort> ports) {
        return ports.stream()
                .filter(port -> port.protocol() == Export.Protocol.TCP)
                .map(Export.ExportedPort::port)
                .collect(Collectors.toSet());
    }

    /** A region's share goes to its clusters by what each can serve. */
    private OptionalInt share(FederatedService service, FederatedService.Part part, Optional<Shares> any) {
        Optional<Shares> row = any.filter(it -> it.of(own.region()) < Shares.WHOLE);
        ClusterState cluster = view.clusters().get(part.cluster());
        if (row.isEmpty() || cluster == null) {
            return OptionalInt.empty();
        }
        long regionReady = horizon.regionReady(service, cluster.region());
        return OptionalInt.of(
                regionReady == 0
                        ? 0
                        : (int) Math.round(
                                row.get().of(cluster.region()) * ((double) view.capacity(part) / regionReady)));
    }
}
