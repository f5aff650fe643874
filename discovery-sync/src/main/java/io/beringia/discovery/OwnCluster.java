package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.kube.ClusterNews;
import io.beringia.discovery.kube.ClusterWatch;
import io.beringia.discovery.kube.ExportObjects;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.KubeconfigReader;
import io.beringia.discovery.kube.LocalCluster;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.kube.LocalPolicies;
import io.beringia.discovery.kube.LocalWaypoints;
import io.beringia.discovery.kube.McsObjects;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.kube.OwnPart;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.ExportDecisions;
import io.beringia.discovery.peering.ExportRules;
import io.beringia.discovery.peering.PeerLinks;
import io.beringia.discovery.peering.ProbeName;
import io.beringia.discovery.snapshot.Snapshot;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Our own cluster: what its API says goes to the federation and, as far as it is exported, to peers. News come on the
 * thread of the watch; {@link #freshness()} is the door.
 */
final class OwnCluster {
    private final DiscoveryConfig config;
    private final Surroundings around;
    private final LocalCluster local;
    private final ExportRules rules;
    private volatile OwnApi api = new OwnApi.Unheard();
    private volatile Optional<Told> told = Optional.empty();
    private volatile List<HeldKind> heldBack = List.of();

    OwnCluster(DiscoveryConfig config, Surroundings around) {
        this.config = config;
        this.around = around;
        this.local = local(config);
        this.rules = rules(config);
    }

    static LocalCluster local(DiscoveryConfig config) {
        return new LocalCluster(
                config.cluster(),
                config.network(),
                config.trustDomain(),
                config.clusterDomain(),
                config.kube()
                        .map(DiscoveryConfig.Kube::rootNamespace)
                        .orElse(DiscoveryConfig.Kube.DEFAULT_ROOT_NAMESPACE));
    }

    static ExportRules rules(DiscoveryConfig config) {
        return ExportRules.of(
                config.exports().toClusterset() ? ExportRules.Default.CLUSTERSET : ExportRules.Default.NONE,
                config.exports().systemNamespaces(),
                ProbeName.DEFAULT);
    }

    /**
     * What was last told to the federation.
     *
     * @param objects as the federation holds them when it has taken this in
     * @param decisions who may have what of it
     */
    record Told(LocalPart part, OwnObjects objects, ExportDecisions decisions) {}

    /**
     * Whom it tells.
     *
     * @param federation may wait
     * @param clock must not jump, ages are told by it
     */
    record Surroundings(
            Consumer<Federation.Update> federation,
            PeerLinks links,
            DiscoveryTelemetry telemetry,
            InstantSource clock) {}

    /**
     * How to reach its API. Throws {@link IllegalArgumentException} on a kubeconfig that is refused, and
     * {@link UncheckedIOException} where it cannot be read.
     */
    static Kubeconfig kubeconfig(DiscoveryConfig.Kube kube) {
        return KubeconfigReader.open(kube.kubeconfig(), KubeconfigReader.Allowance.where(kube.plainHttp()));
    }

    /** Follows its API, until the caller closes that. */
    ClusterWatch watch(Kubeconfig kubeconfig) {
        return ClusterWatch.start(kubeconfig, local, ClusterWatch.Liveness.DEFAULT, around.clock(), this::onNews);
    }

    /**
     * Before {@link #watch}. What an earlier life knew, as the federation holds it: names are answered from its imports
     * until our API was read.
     *
     * @param silence since our API was heard last
     */
    void restore(Snapshot before, Duration silence) {
        api = new OwnApi.Restored(around.clock().instant().minus(silence));
        SortedMap<ObjectName, ServiceImportObject> imports = new TreeMap<>();
        before.imports().forEach(it -> imports.put(it.name(), it));
        OwnObjects objects = before.view().objects();
        told = Optional.of(new Told(
                new LocalPart(
                        local,
                        objects.services(),
                        objects.workloads(),
                        Map.of(),
                        before.namespaces(),
                        new LocalPolicies(objects.policies(), new TreeMap<>()),
                        LocalWaypoints.NONE,
                        new McsObjects(false, new TreeMap<>(), imports, new TreeMap<>(), Set.of(), Set.of()),
                        ExportObjects.NONE,
                        Collections.emptySortedSet()),
                objects,
                ExportDecisions.NONE));
    }

    /** A site without an API is known at once, and empty. */
    void haveNothing() {
        onPart(new LocalPart(local, List.of(), List.of(), Map.of(), Set.of()));
    }

    /** Any thread. What a view was made of; empty for one that is older or newer than what was last told. */
    Optional<Told> toldTo(FederationView view) {
        return told.filter(it -> view.objects().equals(it.objects()));
    }

    /** Any thread. What was told last, or comes from an earlier life. */
    Optional<Told> told() {
        return told;
    }

    /** Any thread. What PeerClusters say of peers that are silent; those with a mistake say nothing. */
    Map<ClusterId, StalePolicy> stalePolicies() {
        Map<ClusterId, StalePolicy> policies = new HashMap<>();
        told.ifPresent(it -> it.part().sharing().peers().forEach((name, peer) -> {
            if (it.decisions().peers().getOrDefault(name, List.of()).isEmpty()) {
                peer.stale().ifPresent(policy -> policies.put(new ClusterId(name.name()), policy));
            }
        }));
        return policies;
    }

    /** Any thread. Whether its API answers, as peers are told. */
    Freshness freshness() {
        return api.freshness(around.clock().instant());
    }

    /** Any thread. What stays although its API does not say any more that it is there. */
    List<HeldKind> heldBack() {
        return heldBack;
    }

    /** On the thread of the watch, which waits while the federation is busy. */
    private void onNews(ClusterNews news) {
        api = api.after(news, around.clock().instant());
        switch (news) {
            case ClusterNews.PartChanged changed -> onPart(changed.part());
            case ClusterNews.ClusterStale stale -> around.telemetry().apiLive(false);
            case ClusterNews.HeldBack held -> {
                heldBack = held.kinds();
                around.telemetry().heldBack(held);
            }
            case ClusterNews.ClusterLive live -> around.telemetry().apiLive(true);
        }
    }

    private void onPart(LocalPart part) {
        around.telemetry().ownPart(part);
        OwnPart.Facts facts = new OwnPart.Facts(
                config.region(), config.gateways().service(), config.gateways().identities());
        ClusterExports exports = OwnPart.exports(part, facts);
        ExportDecisions decisions = rules.decide(part, config.peerClusters());
        around.telemetry().exports(decisions);
        OwnObjects objects = OwnPart.objects(
                part,
                decisions.authorities(exports.exports().values()),
                config.exports().unsaid());
        told = Optional.of(new Told(part, objects, decisions));
        around.federation().accept(new Federation.Update.OwnPartChanged(objects, exports));
        around.links().offer(exports, decisions.permitted(), part);
    }
}
