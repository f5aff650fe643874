package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.guard.RemovalGuard;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.peering.PeerLinks;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.ClusterSight.DataPath;
import io.beringia.discovery.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** All that the role knows, put together at one moment from those who know it. Any thread. */
final class Picture {
    private final RegionId region;
    private final Optional<GatewayRef.ByHostname> relay;
    private final Surroundings around;
    private final Instant since;

    /** @param relay through which our proxies go, if they do */
    Picture(RegionId region, Optional<GatewayRef.ByHostname> relay, Surroundings around) {
        this.region = region;
        this.relay = relay;
        this.around = around;
        this.since = around.steady().instant();
    }

    /**
     * Who knows.
     *
     * @param path of data to each region
     * @param clock of the wall
     * @param steady must not jump, ages are told by it
     */
    record Surroundings(
            Federation federation,
            OwnCluster own,
            PeerLinks links,
            Function<RegionId, DataPath> path,
            InstantSource clock,
            InstantSource steady) {}

    Snapshot taken() {
        Instant now = around.steady().instant();
        Set<ClusterId> unheard = around.federation().unheard();
        FederationView view = around.federation().latest();
        Optional<OwnCluster.Told> told = around.own().told();
        return new Snapshot(
                around.clock().instant(),
                view.believed(state -> believed(state, view.own(), unheard, now)),
                unheard,
                sights(view.own(), now),
                told.map(it -> it.part().namespaces()).orElse(Set.of()),
                told.map(Picture::offers).orElse(Map.of()),
                told.map(it -> List.copyOf(it.part().mcs().imports().values())).orElse(List.<ServiceImportObject>of()),
                relay);
    }

    /** Of who was not heard in this life, what is known gets older with it. */
    private Freshness believed(ClusterState state, ClusterId own, Set<ClusterId> unheard, Instant now) {
        if (state.cluster().equals(own)) {
            return around.own().freshness();
        }
        return unheard.contains(state.cluster())
                ? state.freshness().olderBy(Duration.between(since, now))
                : state.freshness();
    }

    private List<ClusterSight> sights(ClusterId own, Instant now) {
        List<ClusterSight> sights = new ArrayList<>();
        sights.add(new ClusterSight(
                own,
                region,
                around.own().freshness(),
                Optional.empty(),
                DataPath.UP,
                around.own().heldBack()));
        around.links().peers().forEach(peer -> sights.add(sight(peer, now)));
        return sights;
    }

    private ClusterSight sight(PeerStatus peer, Instant now) {
        return new ClusterSight(
                peer.cluster(),
                peer.region(),
                peer.api(),
                Optional.of(new ClusterSight.Link(
                        peer.link(), peer.heardAt().map(at -> Duration.between(at, now)), peer.isSynced())),
                around.path().apply(peer.region()),
                held(peer.held()));
    }

    private static List<HeldKind> held(RemovalGuard.Held of) {
        return Stream.of(
                        new HeldKind(ClusterSight.RESOURCES, of.missing(), HeldKind.Reason.MISSING),
                        new HeldKind(ClusterSight.RESOURCES, of.takenBack(), HeldKind.Reason.DELETED))
                .filter(it -> it.objects() > 0)
                .toList();
    }

    private static Map<ServiceName, Snapshot.Offering> offers(OwnCluster.Told told) {
        Map<ServiceName, Snapshot.Offering> offers = new HashMap<>();
        told.decisions()
                .services()
                .forEach((service, decision) -> offers.put(
                        service, new Snapshot.Offering(decision.verdict().word(), decision.consumers())));
        return offers;
    }
}
