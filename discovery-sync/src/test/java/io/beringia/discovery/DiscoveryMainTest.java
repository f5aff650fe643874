package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.lab.LabToken;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.wire.CatalogClient;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.TrustDomain;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Discovery of one cluster over the lab's API, and clients of it over real sockets. */
final class DiscoveryMainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ServiceName CART = new ServiceName("shop", "cart.shop.svc.cluster.local");
    private static final String POD = "east-1//Pod/shop/cart-1";
    private static final String HOST_NODE = "beringia-host~127.0.0.1~cart-1.shop~shop.svc.cluster.local";
    private static final String GATEWAY_NODE =
            "beringia-gateway~127.0.0.1~gw-0.beringia-system~beringia-system.svc.cluster.local";
    private static final String ZTUNNEL_NODE = "ztunnel~127.0.0.1~cart-1.shop~shop.svc.cluster.local";
    private static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.1, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: gateway, namespace: beringia-system}
            spec:
              clusterIP: 10.0.0.2
              selector: {app: gateway}
              ports: [{name: hbone, port: 15008, targetPort: 15008}, {name: relay, port: 15018, targetPort: 15018}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: gw-0, namespace: beringia-system, labels: {app: gateway}}
            spec: {serviceAccountName: gateway}
            status: {phase: Running, podIP: 127.0.0.9, conditions: [{type: Ready, status: "True"}]}
            """;
    private static final String CART_POD = """
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart-1
              namespace: shop
              labels: {app: cart}
              annotations: {ambient.istio.io/redirection: enabled}
            spec: {serviceAccountName: cart}
            status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "%s"}]}
            """;

    private static final String WAYPOINT = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gateways.gateway.networking.k8s.io}
            spec: {versions: [{name: v1}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: waypoint, namespace: shop}
            spec: {gatewayClassName: istio-waypoint}
            status: {addresses: [{type: Hostname, value: waypoint.shop.svc.cluster.local}]}
            """;
    private static final String ONLY_WEB = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: authorizationpolicies.security.istio.io}
            spec: {versions: [{name: v1}]}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: only-web, namespace: shop}
            spec:
              selector: {matchLabels: {app: cart}}
              rules: [{from: [{source: {principals: [mesh.example/ns/shop/sa/web]}}]}]
            """;

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private TestMesh mesh;
    private LabApiServer lab;
    private Path manifests;
    private DiscoveryMain discovery;

    @BeforeEach
    void start() throws Exception {
        mesh = new TestMesh(directory.resolve("ca"), "east-1", "west-1");
        manifests = Files.createDirectory(directory.resolve("manifests"));
        write(SHOP + CART_POD.formatted("True"));
        lab = LabApiServer.start(
                new LabApiServer.Options(
                        manifests,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofMillis(20),
                        List.of(new LabToken("s3cret", "shop", "cart", List.of("istio-ca")))),
                InstantSource.system());
        Files.writeString(directory.resolve("kubeconfig"), lab.kubeconfig());
        discovery = startDiscovery(0);
    }

    private DiscoveryMain startDiscovery(int xdsPort) {
        return startDiscovery(xdsPort, List.of(), DiscoveryConfig.DEFAULT_PEER_WAIT);
    }

    private DiscoveryMain startDiscovery(int xdsPort, List<PeerConfig> peers, Duration peerWait) {
        return startDiscovery(TestMesh.TRUST_DOMAIN, xdsPort, peers, peerWait);
    }

    private DiscoveryMain startDiscovery(TrustDomain domain, int xdsPort, List<PeerConfig> peers, Duration peerWait) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return DiscoveryMain.start(
                new DiscoveryConfig(
                        new RegionId("us-east"),
                        new ClusterId("east-1"),
                        new Network("net-east"),
                        domain,
                        "cluster.local",
                        Optional.of(new DiscoveryConfig.Kube(directory.resolve("kubeconfig"), true, "istio-system")),
                        new InetSocketAddress(loopback, xdsPort),
                        new InetSocketAddress(loopback, 0),
                        new DiscoveryConfig.Gateways(
                                new ServiceName("beringia-system", "gateway.beringia-system.svc.cluster.local"),
                                Set.of(TestMesh.id("beringia-system", "gateway")),
                                true),
                        DiscoveryConfig.Exports.DEFAULT,
                        peers,
                        peerWait,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(),
                        DiscoveryConfig.Stale.DEFAULT,
                        PeerLimits.DEFAULT,
                        Optional.empty()),
                mesh.credentials("east-1", "beringia-system", "discovery"),
                new SpiffeVerifier(),
                meters,
                InstantSource.system(),
                System::nanoTime);
    }

    /** In one step: an empty file between would mean that all is gone. */
    private void write(String yaml) throws Exception {
        Path next = Files.writeString(directory.resolve("shop.next"), yaml);
        Files.move(next, manifests.resolve("shop.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    @AfterEach
    void stop() {
        discovery.close();
        lab.close();
    }

    @Test
    void another_trust_domain_than_its_own_certificates_stops_the_start_with_both_names() {
        assertThatThrownBy(() -> startDiscovery(
                        new TrustDomain("renamed.example"), 0, List.of(), DiscoveryConfig.DEFAULT_PEER_WAIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "discovery.trust-domain: renamed.example (expected: " + TestMesh.TRUST_DOMAIN + ", ")
                .hasMessageContaining("trust.federation");
    }

    @Test
    void an_endpoint_appears_goes_unready_and_is_deleted() throws Exception {
        try (Client ztunnel = client(ZTUNNEL_NODE, tokenChannel("s3cret", "east-1"))) {
            awaitCatalog(ztunnel, "ready", catalog -> health(catalog).equals(Optional.of(Health.HEALTHY)));
            assertThat(discovery.awaited()).isEmpty();

            write(SHOP + CART_POD.formatted("False"));
            awaitCatalog(ztunnel, "unready", catalog -> health(catalog).equals(Optional.of(Health.UNHEALTHY)));

            write(SHOP);
            awaitCatalog(ztunnel, "gone", catalog -> health(catalog).isEmpty());
            assertThat(ztunnel.catalog.latest().services())
                    .as("the service stays")
                    .containsKey(CART);
        }
    }

    @Test
    void a_policy_is_known_before_the_workload_that_names_it() throws Exception {
        try (Client ztunnel = client(ZTUNNEL_NODE, tokenChannel("s3cret", "east-1"))) {
            awaitCatalog(ztunnel, "no policy", catalog -> policiesOf(catalog).equals(Optional.of(List.of())));

            write(SHOP + CART_POD.formatted("True") + ONLY_WEB);
            awaitCatalog(
                    ztunnel,
                    "the policy",
                    catalog -> policiesOf(catalog).equals(Optional.of(List.of("shop/only-web"))));
            assertThat(ztunnel.catalog.latest().policies().get("shop/only-web"))
                    .as("admits one identity")
                    .isEqualTo(new Policy(
                            "shop",
                            "only-web",
                            Policy.Scope.WORKLOAD_SELECTOR,
                            Policy.Action.ALLOW,
                            List.of(new Policy.Rule(List.of(new Policy.Clause(List.of(Policy.Match.ofPrincipals(
                                    List.of(new Policy.Text.Exact("mesh.example/ns/shop/sa/web")))))))),
                            false));
            assertThat(meters.get("discovery.policies")
                            .tag("standing", "enforced")
                            .gauge()
                            .value())
                    .isEqualTo(1);

            write(SHOP + CART_POD.formatted("True"));
            awaitCatalog(
                    ztunnel, "no policy again", catalog -> catalog.policies().isEmpty());
            assertThat(policiesOf(ztunnel.catalog.latest())).hasValue(List.of());
        }
    }

    @Test
    void a_service_is_reached_by_its_waypoint_while_that_is_there() throws Exception {
        GatewayRef expected =
                new GatewayRef.ByHostname(new ServiceName("shop", "waypoint.shop.svc.cluster.local"), 15_008);
        try (Client ztunnel = client(ZTUNNEL_NODE, tokenChannel("s3cret", "east-1"))) {
            write(SHOP.replace("{istio.io/global", "{istio.io/use-waypoint: waypoint, istio.io/global")
                    + CART_POD.formatted("True"));
            awaitCatalog(ztunnel, "the service", catalog -> catalog.services().containsKey(CART));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(meters.get("discovery.waypoints.missing")
                                    .gauge()
                                    .value())
                            .isEqualTo(1));

            Files.writeString(manifests.resolve("waypoint.yaml"), WAYPOINT);
            awaitCatalog(
                    ztunnel,
                    "by the waypoint",
                    catalog -> Optional.ofNullable(catalog.services().get(CART))
                            .flatMap(Service::waypoint)
                            .equals(Optional.of(expected)));
            assertThat(meters.get("discovery.waypoints.missing").gauge().value())
                    .isZero();
        }
    }

    private static Optional<List<String>> policiesOf(Catalog catalog) {
        return Optional.ofNullable(catalog.workloads().get(POD)).map(Workload::policies);
    }

    @Test
    void a_ztunnel_comes_with_a_token_and_is_told_of_its_own_cluster() throws Exception {
        try (Client ztunnel = client(ZTUNNEL_NODE, tokenChannel("s3cret", "east-1"))) {
            awaitCatalog(ztunnel, "the pod", catalog -> health(catalog).equals(Optional.of(Health.HEALTHY)));
            assertThat(ztunnel.catalog.latest().clusters())
                    .as("for gateways only")
                    .isEmpty();
        }
    }

    @Test
    void a_gateway_is_told_where_its_cluster_may_be_entered() throws Exception {
        try (Client gateway = client(GATEWAY_NODE, mesh.tls("east-1", "beringia-system", "gateway"))) {
            awaitCatalog(gateway, "the pod", catalog -> health(catalog).equals(Optional.of(Health.HEALTHY)));
            assertThat(gateway.catalog.latest().clusters().values())
                    .singleElement()
                    .satisfies(own -> assertThat(own.gateways())
                            .singleElement()
                            .hasToString("GatewayAddress[cluster=east-1, region=us-east, network=net-east, name=gw-0,"
                                    + " address=127.0.0.9:15008, identity="
                                    + TestMesh.id("beringia-system", "gateway") + ", health=HEALTHY, weight=1]"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // node, cluster and account of the certificate, reason
        GATEWAY_NODE + ", east-1, shop, cart, not-a-gateway",
        GATEWAY_NODE + ", west-1, beringia-system, gateway, other-cluster",
        HOST_NODE + ", east-1, beringia-system, gateway, other-account",
        HOST_NODE + ", west-1, shop, cart, other-cluster",
        ZTUNNEL_NODE + ", east-1, shop, cart, no-proof",
        "router~127.0.0.1~cart-1.shop~shop.svc.cluster.local, east-1, shop, cart, bad-node",
        "beringia-host~127.0.0.1~cart-9.shop~shop.svc.cluster.local, east-1, shop, cart, unknown-workload"
    })
    void who_is_not_what_it_says_is_refused(
            String node, String cluster, String namespace, String account, String reason) throws Exception {
        try (Client host = client(HOST_NODE, mesh.tls("east-1", "shop", "cart"))) {
            awaitCatalog(host, "something is known", catalog -> health(catalog).isPresent());
        }
        try (Client stranger = client(node, mesh.tls(cluster, namespace, account))) {
            assertThat(stranger.disconnects.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .contains(reason);
            assertThat(stranger.catalog.latest()).isEqualTo(Catalog.EMPTY);
        }
        assertThat(refused(reason)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"s3cret, west-1, other-cluster", "guessed, east-1, bad-token", "'', east-1, no-proof"})
    void a_ztunnel_without_a_token_of_ours_is_refused(String token, String cluster, String reason) throws Exception {
        try (Client stranger = client(ZTUNNEL_NODE, tokenChannel(token, cluster))) {
            assertThat(stranger.disconnects.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .contains(reason);
            assertThat(stranger.catalog.latest()).isEqualTo(Catalog.EMPTY);
        }
        assertThat(refused(reason)).isPositive();
    }

    @Test
    void a_restart_sends_nothing_again_to_whom_it_finds_as_it_was() throws Exception {
        try (Client host = client(HOST_NODE, mesh.tls("east-1", "shop", "cart"))) {
            awaitCatalog(host, "ready", catalog -> health(catalog).equals(Optional.of(Health.HEALTHY)));
            String before = FileCatalog.print(host.catalog.latest());
            int port = discovery.xdsPort();
            discovery.close();
            assertThat(host.disconnects.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isNotNull();
            assertThat(FileCatalog.print(host.catalog.latest()))
                    .as("what it knew stays")
                    .isEqualTo(before);

            host.resources.set(0);
            long revision = host.catalog.latest().revision();
            discovery = startDiscovery(port);
            awaitCatalog(host, "answered again", catalog -> catalog.revision() >= revision + 2);
            assertThat(host.resources).hasValue(0);
            assertThat(FileCatalog.print(host.catalog.latest())).isEqualTo(before);

            write(SHOP + CART_POD.formatted("False"));
            awaitCatalog(host, "followed on", catalog -> health(catalog).equals(Optional.of(Health.UNHEALTHY)));
            assertThat(host.resources).as("only what changed").hasValue(1);
        }
    }

    @Test
    void what_a_client_knows_of_a_cluster_that_was_never_heard_stays() throws Exception {
        String remote = "net-west/SplitHorizonWorkload/beringia-system/net-west.gateway.beringia.internal/west-1/shop/"
                + CART.hostname();
        Path kept = Files.writeString(directory.resolve("kept.yaml"), """
                workloads:
                - {uid: %s, name: cart, namespace: shop, cluster: west-1, network: net-west}
                - {uid: east-1//Pod/shop/cart-0, name: cart-0, namespace: shop, cluster: east-1, network: net-east}
                """.formatted(remote));
        discovery.close();
        PeerConfig west = new PeerConfig(
                new ClusterId("west-1"),
                new RegionId("us-west"),
                TestMesh.TRUST_DOMAIN,
                Set.of(TestMesh.id("beringia-system", "discovery")),
                List.of(),
                Set.of(new Network("net-west")),
                PeerConfig.ClusterMark.REQUIRED);
        discovery = startDiscovery(0, List.of(west), Duration.ZERO);

        try (Client host =
                new Client(HOST_NODE, channel(discoveryOf(mesh.tls("east-1", "shop", "cart"))), Optional.of(kept))) {
            awaitCatalog(host, "our own", catalog -> health(catalog).isPresent());
            awaitCatalog(
                    host,
                    "what is gone at home",
                    catalog -> !catalog.workloads().containsKey("east-1//Pod/shop/cart-0"));
            assertThat(host.catalog.latest().workloads())
                    .as("nobody said otherwise")
                    .containsKey(remote);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(kept)
                        .as("kept when the client ended")
                        .content()
                        .contains("cart-1"));
    }

    private static ChannelCredentials discoveryOf(GrpcTls tls) {
        return tls.channel(id -> id.equals(TestMesh.id("beringia-system", "discovery")));
    }

    private double refused(String reason) {
        return meters.get("discovery.xds.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static Optional<Health> health(Catalog catalog) {
        return Optional.ofNullable(catalog.workloads().get(POD)).map(Workload::health);
    }

    private static void awaitCatalog(Client client, String what, Predicate<Catalog> wanted) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(client.catalog.latest()).as(what).matches(wanted));
    }

    private Client client(String node, GrpcTls tls) {
        return client(node, channel(discoveryOf(tls)));
    }

    private ManagedChannel tokenChannel(String token, String cluster) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), cluster);
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return builder(GrpcTls.anonymousChannel(
                        mesh.credentials("east-1", "shop", "cart").bundles(),
                        new SpiffeVerifier(),
                        InstantSource.system(),
                        id -> true))
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
    }

    private ManagedChannel channel(ChannelCredentials credentials) {
        return builder(credentials).build();
    }

    private ManagedChannelBuilder<?> builder(ChannelCredentials credentials) {
        return Grpc.newChannelBuilder("127.0.0.1:" + discovery.xdsPort(), credentials)
                .overrideAuthority("discovery.beringia-system.svc");
    }

    private Client client(String node, ManagedChannel channel) {
        return new Client(node, channel, Optional.empty());
    }

    /** A client that follows, and counts what it is sent. */
    private static final class Client implements AutoCloseable {
        private final AtomicInteger resources = new AtomicInteger();
        private final BlockingQueue<String> disconnects = new LinkedBlockingQueue<>();
        private final ManagedChannel channel;
        private final CatalogClient catalog;

        Client(String node, ManagedChannel channel, Optional<Path> lastGood) {
            this.channel = channel;
            Set<ResourceType> types = node.startsWith("beringia-gateway")
                    ? EnumSet.allOf(ResourceType.class)
                    : EnumSet.of(ResourceType.AUTHORIZATION, ResourceType.ADDRESS);
            this.catalog = CatalogClient.start(
                    ClientInterceptors.intercept(channel, new ResourceCount(resources)),
                    new CatalogClient.Subject(node, Map.of("CLUSTER_ID", "east-1"), types, lastGood),
                    new Random(1),
                    new CatalogClient.Listener() {
                        @Override
                        public void onDisconnected(String why) {
                            disconnects.add(why);
                        }

                        @Override
                        public void onRefused(String what) {
                            disconnects.add(what);
                        }
                    });
        }

        @Override
        public void close() {
            catalog.close();
            channel.shutdownNow();
        }
    }

    private record ResourceCount(AtomicInteger count) implements ClientInterceptor {
        @Override
        public <Q, S> ClientCall<Q, S> interceptCall(MethodDescriptor<Q, S> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<S> responses, Metadata headers) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(responses) {
                                @Override
                                public void onMessage(S message) {
                                    if (message instanceof DeltaDiscoveryResponse response) {
                                        count.addAndGet(response.getResourcesCount());
                                    }
                                    super.onMessage(message);
                                }
                            },
                            headers);
                }
            };
        }
    }
}
