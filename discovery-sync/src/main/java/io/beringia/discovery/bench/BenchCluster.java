package io.beringia.discovery.bench;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.DiscoveryMain;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A cluster with an API of the lab, in which one pod serves {@code web}, and its discovery. Owned by the bench's thread. */
final class BenchCluster implements AutoCloseable {
    static final ServiceName WEB = SimulatedPeer.service("web");

    /** Nobody is told anything before every peer was heard. */
    private static final Duration PEER_WAIT = Duration.ofMinutes(10);

    private static final int OK = 200;

    private static final String MANIFESTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: bench}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: bench, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.1, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: web-0
              namespace: bench
              labels: {app: web}
              annotations: {ambient.istio.io/redirection: enabled}
            spec: {serviceAccountName: web}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
            """;

    private final Ground ground;
    private final String name;
    private final LabApiServer lab;
    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<DiscoveryMain> discovery = Optional.empty();
    private MeterRegistry meters = new SimpleMeterRegistry();
    private boolean isReady = true;

    /** Its API; {@link #start} starts its discovery. */
    BenchCluster(Ground ground, String name) throws IOException, InterruptedException {
        this.ground = ground;
        this.name = name;
        Path manifests = Files.createDirectory(ground.directory().resolve(name));
        Files.writeString(manifests.resolve("all.yaml"), MANIFESTS);
        this.lab = LabApiServer.start(
                new LabApiServer.Options(manifests, Ground.loopback(0), Duration.ofSeconds(1), List.of()),
                InstantSource.system());
        Files.writeString(kubeconfig(), lab.kubeconfig());
    }

    private Path kubeconfig() {
        return ground.directory().resolve(name + ".kubeconfig");
    }

    void start(List<PeerConfig> peers) {
        start(peers, 0);
    }

    /** @param xdsPort 0 takes a free one */
    void start(List<PeerConfig> peers, int xdsPort) {
        GrpcTls tls = ground.tls(name, Ground.DISCOVERY);
        meters = new SimpleMeterRegistry();
        discovery = Optional.of(DiscoveryMain.start(
                new DiscoveryConfig(
                        new RegionId("region-" + name),
                        new ClusterId(name),
                        new Network("net-" + name),
                        tls.credentials().svid().id().trustDomain(),
                        "cluster.local",
                        Optional.of(new DiscoveryConfig.Kube(
                                kubeconfig(), true, DiscoveryConfig.Kube.DEFAULT_ROOT_NAMESPACE)),
                        Ground.loopback(xdsPort),
                        Ground.loopback(0),
                        new DiscoveryConfig.Gateways(
                                new ServiceName(Ground.SYSTEM, "gateway." + Ground.SYSTEM + ".svc.cluster.local"),
                                Set.of(ground.id(name, Ground.GATEWAY)),
                                false),
                        DiscoveryConfig.Exports.DEFAULT,
                        peers,
                        PEER_WAIT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new DiscoveryConfig.Keeping(
                                ground.directory().resolve(name + "-snapshots"),
                                DiscoveryConfig.Keeping.DEFAULT_MAX_AGE)),
                        Set.of(),
                        DiscoveryConfig.Stale.DEFAULT,
                        PeerLimits.DEFAULT,
                        Optional.empty()),
                tls.credentials(),
                new SpiffeVerifier(),
                meters,
                InstantSource.system(),
                System::nanoTime));
    }

    DiscoveryMain discovery() {
        return discovery.orElseThrow();
    }

    /** As others dial it. */
    PeerConfig asPeer() {
        return SimulatedPeer.config(
                ground, name, Optional.of("127.0.0.1:" + discovery().peeringPort()));
    }

    Follower follower(int number) {
        return follower(number, ground.tls(name, Ground.GATEWAY));
    }

    /** A gateway of this cluster, over a connection of its own. */
    Follower follower(int number, GrpcTls tls) {
        SpiffeId server = ground.id(name, Ground.DISCOVERY);
        return new Follower(RemoteCatalog.start(
                new RemoteCatalog.Server("127.0.0.1", discovery().xdsPort(), server),
                CatalogClient.Subject.gateway(
                        new CatalogClient.Place(
                                new ClusterId(name),
                                new Network("net-" + name),
                                IpAddress.parse("127.0.0.1"),
                                Ground.SYSTEM,
                                "gw-" + number),
                        Optional.empty()),
                tls,
                new Random(number),
                new Follower.Unheard()));
    }

    /** Writes the other readiness of its pod to its API, and says which that is. */
    boolean toggle() throws IOException, InterruptedException {
        isReady = !isReady;
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(lab.uri() + "/api/v1/namespaces/bench/pods/web-0/status"))
                        .header("Content-Type", "application/merge-patch+json")
                        .method(
                                "PATCH",
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\""
                                                + (isReady ? "True" : "False") + "\"}]}}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != OK) {
            throw new IOException("lab: " + answer.statusCode() + " (expected: " + OK + ")");
        }
        return isReady;
    }

    /** Resources that clients were sent since its discovery started. */
    double sent() {
        return meters.get("discovery.xds.sent")
                .tag("change", "resource")
                .counter()
                .count();
    }

    void stopDiscovery() {
        discovery.ifPresent(DiscoveryMain::close);
        discovery = Optional.empty();
    }

    /** From here on nobody answers there. */
    void stopApi() {
        lab.close();
    }

    @Override
    public void close() {
        stopDiscovery();
        lab.close();
        http.close();
    }
}
