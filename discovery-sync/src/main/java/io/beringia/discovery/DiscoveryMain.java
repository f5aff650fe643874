package io.beringia.discovery;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.explain.ExplainService;
import io.beringia.discovery.kube.Kubeconfig;
import io.beringia.discovery.kube.Reviewed;
import io.beringia.discovery.kube.TokenReviews;
import io.beringia.discovery.merge.Audience;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Federation;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.peering.OwnSite;
import io.beringia.discovery.peering.PeerAuthority;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLinks;
import io.beringia.discovery.peering.PeerService;
import io.beringia.discovery.peering.PeeringServer;
import io.beringia.discovery.peering.ProbeName;
import io.beringia.discovery.peering.Vitals;
import io.beringia.discovery.xds.ClientAdmission;
import io.beringia.discovery.xds.DeltaService;
import io.beringia.discovery.xds.HostWatch;
import io.beringia.discovery.xds.MissingClusters;
import io.beringia.discovery.xds.ResourceFeed;
import io.beringia.discovery.xds.XdsServer;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustDomain;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** The role {@code discovery}, put together. Any thread; start, drain and close from one. */
public final class DiscoveryMain implements AutoCloseable {
    /** Port of our gateways' service where workloads of our network come in. */
    private static final int RELAY_PORT = 15_018;

    private final DiscoveryConfig config;
    private final GrpcTls tls;
    private final DiscoveryTelemetry telemetry;
    private final Federation federation;
    private final PeerLinks links;
    private final PeerTelemetry peerTelemetry;
    private final SteeringTelemetry steeringTelemetry;
    private final ClustersetTelemetry clustersetTelemetry;
    private final SnapshotTelemetry snapshotTelemetry;
    private final HostsTelemetry hostsTelemetry;
    private final InstantSource steady;
    private final OwnCluster own;
    private final LongSupplier nanoTime;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private int xdsPort;
    private int peeringPort;
    private int dnsPort;

    private DiscoveryMain(
            DiscoveryConfig config,
            GrpcTls tls,
            DiscoveryTelemetry telemetry,
            PeerTelemetry peerTelemetry,
            SteeringTelemetry steeringTelemetry,
            ClustersetTelemetry clustersetTelemetry,
            SnapshotTelemetry snapshotTelemetry,
            HostsTelemetry hostsTelemetry,
            LongSupplier nanoTime) {
        this.hostsTelemetry = hostsTelemetry;
        this.snapshotTelemetry = snapshotTelemetry;
        this.clustersetTelemetry = clustersetTelemetry;
        this.config = config;
        this.tls = tls;
        this.telemetry = telemetry;
        this.peerTelemetry = peerTelemetry;
        this.steeringTelemetry = steeringTelemetry;
        this.nanoTime = nanoTime;
        this.steady = steady(tls.clock().instant(), nanoTime);
        this.federation = new Federation(config.cluster(), config.exporters());
        this.links = new PeerLinks(
                ownSite(),
                config.peers().stream().map(this::authority).toList(),
                new PeerLinks.Surroundings(
                        tls,
                        federation,
                        this::vitals,
                        PeerLinks.DEFAULT_TRANSFERS,
                        peerTelemetry,
                        steady,
                        new SecureRandom()));
        this.own = new OwnCluster(config, new OwnCluster.Surroundings(this::post, links, telemetry, steady));
    }

    /**
     * Starts it. Throws {@link IllegalArgumentException} on a kubeconfig that is refused and where the trust domain is not that
     * of {@code credentials}, and {@link UncheckedIOException} where a file cannot be read or an address is taken.
     *
     * @param clock tells whether a certificate is valid
     * @param nanoTime tells ages, which must not jump with the wall clock
     */
    public static DiscoveryMain start(
            DiscoveryConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            MeterRegistry meters,
            InstantSource clock,
            LongSupplier nanoTime) {
        refuseRename(config.trustDomain(), credentials.svid().id().trustDomain());
        DiscoveryMain discovery = new DiscoveryMain(
                config,
                new GrpcTls(credentials, verifier, clock),
                new DiscoveryTelemetry(meters),
                new PeerTelemetry(meters),
                new SteeringTelemetry(meters),
                new ClustersetTelemetry(meters),
                new SnapshotTelemetry(meters),
                new HostsTelemetry(meters),
                nanoTime);
        try {
            discovery.begin();
            return discovery;
        } catch (RuntimeException refused) {
            discovery.close();
            throw refused;
        }
    }

    /** Every workload would be expected under a name for which nobody has a certificate. */
    private static void refuseRename(TrustDomain configured, TrustDomain certified) {
        if (!configured.equals(certified)) {
            throw new IllegalArgumentException("discovery.trust-domain: " + configured + " (expected: " + certified
                    + ", as our own certificate says; workloads move to another trust domain by certificates of a CA"
                    + " of it, and the two recognise one another in trust.federation meanwhile)");
        }
    }

    private void begin() {
        Optional<Kubeconfig> api = config.kube().map(OwnCluster::kubeconfig);
        thread("federation", federation);
        telemetry.revision(() -> federation.latest().revision());
        Optional<SnapshotKeeper> keeper = config.keeping().flatMap(this::restore);
        Steering steering = started(steering(serveXds(api)));
        Picture picture = picture(steering);
        servePeering(steering, picture);
        steering.start();
        links.start();
        started.push(links);
        peerTelemetry.watch(links);
        api.ifPresent(it -> config.clusterset().ifPresent(clusterset -> joinClusterset(it, clusterset, steering)));
        api.ifPresentOrElse(it -> started(own.watch(it)), own::haveNothing);
        if (!config.peers().isEmpty()) {
            thread("peers-late", this::waitForPeers);
        }
        keeper.ifPresent(it -> {
            it.start(picture::taken);
            started(it);
        });
        snapshotTelemetry.watch(tls.clock(), federation::unheard);
        telemetry.started(config, xdsPort, peeringPort);
    }

    /** What an earlier life knew is served at once; a disk that gives nothing stops nothing. */
    private Optional<SnapshotKeeper> restore(DiscoveryConfig.Keeping keeping) {
        try {
            SnapshotKeeper keeper = SnapshotKeeper.open(config, keeping, tls, federation, snapshotTelemetry);
            keeper.restored(keeping.maxAge()).ifPresent(this::restore);
            return Optional.of(keeper);
        } catch (IOException unusable) {
            snapshotTelemetry.unusable(unusable);
            return Optional.empty();
        }
    }

    private void restore(SnapshotKeeper.Restored before) {
        Set<ClusterId> known = config.exporters();
        List<ClusterExports> parts = before.parts().stream()
                .filter(part -> known.contains(part.cluster().cluster())
                        || part.cluster().cluster().equals(config.cluster()))
                .toList();
        links.restore(parts, before.snapshot().namespaces());
        own.restore(before.snapshot(), before.silence());
        post(new Federation.Update.Restored(before.snapshot().view().objects(), parts));
    }

    private Picture picture(Steering steering) {
        return new Picture(
                config.region(),
                config.gateways().relay()
                        ? Optional.of(
                                new GatewayRef.ByHostname(config.gateways().service(), RELAY_PORT))
                        : Optional.empty(),
                new Picture.Surroundings(federation, own, links, steering::path, tls.clock(), steady));
    }

    private DeltaService serveXds(Optional<Kubeconfig> api) {
        CatalogSource proxies = source(Audience.Kind.ZTUNNEL);
        ClientAdmission admission = new ClientAdmission(
                config.cluster(),
                config.network(),
                config.gateways().identities(),
                new ClientAdmission.Feeds(feed("proxy", proxies), feed("gateway", source(Audience.Kind.GATEWAY))),
                proxies,
                api.map(this::tokens).orElse(token -> new Reviewed.Refused("no API to ask (expected: an SVID)")));
        DeltaService service = new DeltaService(admission, telemetry, hosts(api, proxies));
        xdsPort = started(XdsServer.start(config.xds(), tls, service)).port();
        return service;
    }

    private HostWatch hosts(Optional<Kubeconfig> api, CatalogSource proxies) {
        return api.flatMap(access -> config.hosts()
                        .map(it -> started(Hosts.start(
                                config,
                                it,
                                new Hosts.Surroundings(proxies, hostsTelemetry, tls.clock(), steady),
                                access))))
                .map(Hosts::watch)
                .orElseGet(hostsTelemetry::unwritten);
    }

    private Steering steering(DeltaService clients) {
        return new Steering(
                config,
                new Steering.Surroundings(
                        federation,
                        tls,
                        own::freshness,
                        links::heard,
                        links::peers,
                        own::stalePolicies,
                        clients::proxies,
                        steady,
                        nanoTime),
                steeringTelemetry);
    }

    /** Every service for callers with an SVID stands here: peering, evidence, and what comes. */
    private void servePeering(Steering steering, Picture picture) {
        ExplainService explain =
                new ExplainService(config.operators(), picture::taken, links::forget, snapshotTelemetry);
        PeeringServer server = started(PeeringServer.start(
                config.peering(), tls, List.of(new PeerService(links, peerTelemetry), steering.service(), explain)));
        peeringPort = server.port();
    }

    private void joinClusterset(Kubeconfig api, DiscoveryConfig.Clusterset clusterset, Steering steering) {
        Clusterset joined = started(Clusterset.start(
                clusterset,
                new Clusterset.Surroundings(
                        federation,
                        own,
                        links,
                        config.exporters(),
                        steering::alive,
                        clustersetTelemetry,
                        steady,
                        nanoTime),
                api));
        dnsPort = joined.dnsPort();
    }

    private ClientAdmission.Tokens tokens(Kubeconfig api) {
        return started(new TokenReviews(api))::review;
    }

    private CatalogSource source(Audience.Kind kind) {
        boolean relayed = config.gateways().relay() && kind != Audience.Kind.GATEWAY;
        return federation.source(
                new Audience(kind, relayed ? Audience.Mode.RELAY : Audience.Mode.DIRECT),
                relayed
                        ? Optional.of(
                                new GatewayRef.ByHostname(config.gateways().service(), RELAY_PORT))
                        : Optional.empty());
    }

    private ResourceFeed feed(String name, CatalogSource source) {
        ResourceFeed feed =
                new ResourceFeed(source, () -> new MissingClusters(federation.unheard()), telemetry::withheld);
        thread("encode/" + name, feed);
        return feed;
    }

    /** What heartbeats to peers say. */
    private Vitals vitals() {
        FederationView view = federation.latest();
        return new Vitals(own.freshness(), view.revision(), view.planVersion());
    }

    private PeerAuthority authority(PeerConfig peer) {
        return new PeerAuthority(peer, OwnSite.DEFAULT_CLUSTERSET, ProbeName.DEFAULT, config.limits());
    }

    private OwnSite ownSite() {
        return new OwnSite(
                config.cluster(),
                OwnSite.DEFAULT_CLUSTERSET,
                config.trustDomain(),
                config.region().name(),
                "",
                config.kube().isPresent() ? OwnSite.Kind.MEMBER : OwnSite.Kind.WITNESS);
    }

    private static InstantSource steady(Instant start, LongSupplier nanoTime) {
        long startNanos = nanoTime.getAsLong();
        return () -> start.plusNanos(nanoTime.getAsLong() - startNanos);
    }

    private void post(Federation.Update update) {
        try {
            federation.post(update);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitForPeers() {
        try {
            Thread.sleep(config.peerWait());
            List<String> missing = missing();
            if (!missing.isEmpty()) {
                telemetry.peersLate(missing);
            }
            post(new Federation.Update.AwaitedLate());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> missing() {
        return federation.awaited().stream().map(ClusterId::name).toList();
    }

    /** What is still missing before clients are told anything; empty when it is ready. */
    public List<String> awaited() {
        return federation.awaited().stream()
                .map(cluster -> cluster.equals(config.cluster()) ? "own API" : "peer " + cluster)
                .toList();
    }

    /** Any thread. How long ago the control plane of each other site was heard; one that never was is not there. */
    public Map<RegionId, Duration> heard() {
        return links.heard();
    }

    /** The port of delta xDS. */
    public int xdsPort() {
        return xdsPort;
    }

    /** The port for callers with an SVID. */
    public int peeringPort() {
        return peeringPort;
    }

    /** The port of the name server; 0 without one. */
    public int dnsPort() {
        return dnsPort;
    }

    /** Clients keep what they have and come back by themselves: there is nothing to finish. */
    public void drain(Duration deadline) {}

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception stuck) {
                telemetry.stuck(stuck);
            }
        }
    }

    private <T extends AutoCloseable> T started(T one) {
        started.push(one);
        return one;
    }

    private void thread(String name, Runnable owner) {
        Thread thread = Thread.ofVirtual().name(config.region() + "/" + name).start(owner);
        started.push(thread::interrupt);
    }
}
