package io.beringia.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.xds.proto.AggregatedDiscoveryServiceGrpc;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.beringia.discovery.wire.xds.proto.Resource;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client and a server over a loopback socket. */
final class DeltaServiceTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final String WORKLOADS = """
            plan: {epoch: 4, seq: 2}
            workloads: [{uid: c1//Pod/demo/a, name: a, namespace: demo, cluster: c1, network: net1, capacity: %d}]
            """;

    private final HeldCatalog catalog = new HeldCatalog();
    private final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    private final ResourceFeed feed = new ResourceFeed(catalog, withheld -> {});
    private final Thread encoder = Thread.ofVirtual().unstarted(feed);
    private volatile Admission.Standing standing = Admission.Standing.FOR_GOOD;
    private final DeltaService service = new DeltaService(
            node -> node.kind() == NodeClaim.Kind.ZTUNNEL
                    ? new Admission.Verdict.Admitted(feed, standing, Optional.empty())
                    : new Admission.Verdict.Refused(Admission.Refusal.NOT_A_GATEWAY, "a gateway"),
            new Unheard());
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        encoder.start();
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(service)
                .build()
                .start();
        channel = Grpc.newChannelBuilderForAddress("127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        server.shutdownNow();
        encoder.interrupt();
        assertThat(server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answers_both_types_policies_first_and_pushes_what_changes() throws Exception {
        catalog.set(FileCatalog.parse(WORKLOADS.formatted(1)));
        StreamObserver<DeltaDiscoveryRequest> requests = open("ztunnel~10.0.0.1~z.istio-system~istio-system.svc");

        DeltaDiscoveryResponse policies = next();
        assertThat(policies.getTypeUrl()).isEqualTo(ResourceType.AUTHORIZATION.url());
        assertThat(policies.getResourcesList()).isEmpty();
        DeltaDiscoveryResponse addresses = next();
        assertThat(addresses.getSystemVersionInfo()).isEqualTo("4.2.1");
        assertThat(addresses.getResourcesList()).extracting(Resource::getName).containsExactly("c1//Pod/demo/a");

        requests.onNext(ack(addresses));
        catalog.set(HeldCatalog.later(2, FileCatalog.parse(WORKLOADS.formatted(9))));
        DeltaDiscoveryResponse changed = next();
        assertThat(changed.getTypeUrl()).isEqualTo(ResourceType.ADDRESS.url());
        assertThat(changed.getResources(0).getVersion())
                .isNotEqualTo(addresses.getResources(0).getVersion());

        requests.onNext(ack(changed));
        catalog.set(HeldCatalog.later(3, FileCatalog.parse("{}")));
        assertThat(next().getRemovedResourcesList()).containsExactly("c1//Pod/demo/a");
    }

    @Test
    void counts_who_is_connected_and_who_has_acknowledged_the_plan() throws Exception {
        PlanVersion first = new PlanVersion(4, 2);
        PlanVersion second = new PlanVersion(4, 3);
        catalog.set(FileCatalog.parse(WORKLOADS.formatted(1)));
        StreamObserver<DeltaDiscoveryRequest> requests = open("ztunnel~10.0.0.1~z.istio-system~istio-system.svc");
        requests.onNext(ack(next()));
        DeltaDiscoveryResponse addresses = next();
        assertThat(service.proxies(first)).as("not yet").isEqualTo(new Proxies(first, 1, 0));
        requests.onNext(ack(addresses));
        awaitProxies(new Proxies(first, 1, 1));

        catalog.set(
                HeldCatalog.later(2, FileCatalog.parse(WORKLOADS.formatted(9).replace("seq: 2", "seq: 3"))));
        DeltaDiscoveryResponse changed = next();
        assertThat(service.proxies(second)).as("it has an answer to give").isEqualTo(new Proxies(second, 1, 0));
        requests.onNext(ack(changed).toBuilder()
                .setErrorDetail(com.google.rpc.Status.newBuilder().setMessage("c1//Pod/demo/a: no"))
                .build());
        catalog.set(
                HeldCatalog.later(3, FileCatalog.parse(WORKLOADS.formatted(8).replace("seq: 2", "seq: 3"))));
        DeltaDiscoveryResponse again = next();
        assertThat(service.proxies(second)).as("it refused").isEqualTo(new Proxies(second, 1, 0));
        requests.onNext(ack(again));
        awaitProxies(new Proxies(second, 1, 1));
        assertThat(service.proxies(first)).as("an older one as well").isEqualTo(new Proxies(first, 1, 1));

        requests.onCompleted();
        awaitProxies(new Proxies(second, 0, 0));
    }

    private void awaitProxies(Proxies expected) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> service.proxies(expected.accepted()).equals(expected));
    }

    @Test
    void says_nothing_before_anything_is_known() throws Exception {
        StreamObserver<DeltaDiscoveryRequest> requests = open("ztunnel~10.0.0.1~z.istio-system~istio-system.svc");
        requests.onNext(request(ResourceType.CLUSTER_STATE, ""));
        assertThat(responses).isEmpty();

        catalog.set(FileCatalog.parse("{}"));
        assertThat(List.of(next().getTypeUrl(), next().getTypeUrl(), next().getTypeUrl()))
                .containsExactlyInAnyOrder(
                        ResourceType.AUTHORIZATION.url(), ResourceType.ADDRESS.url(), ResourceType.CLUSTER_STATE.url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stranger~10.0.0.1~s.demo~demo.svc", "beringia-gateway~10.0.0.1~s.demo~demo.svc"})
    void refuses_who_is_not_admitted(String node) throws Exception {
        open(node);

        Status end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(end).isNotNull();
        assertThat(end.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void a_fault_of_ours_ends_the_stream_and_keeps_it_from_being_silent() throws Exception {
        standing = new Admission.Standing() {
            @Override
            public Optional<Admission.Verdict.Refused> byTrust() {
                return Optional.empty();
            }

            @Override
            public Optional<Admission.Verdict.Refused> byCatalog() {
                throw new IllegalStateException("a fault");
            }
        };
        catalog.set(FileCatalog.parse(WORKLOADS.formatted(1)));
        open("ztunnel~10.0.0.1~z.istio-system~istio-system.svc");
        next();
        catalog.set(HeldCatalog.later(2, FileCatalog.parse(WORKLOADS.formatted(9))));

        Status end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(end).isNotNull();
        assertThat(end.getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(end.getDescription()).isEqualTo("a fault of this server: IllegalStateException");
    }

    private StreamObserver<DeltaDiscoveryRequest> open(String node) {
        StreamObserver<DeltaDiscoveryRequest> requests =
                AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(new Responses());
        requests.onNext(request(ResourceType.ADDRESS, node));
        requests.onNext(request(ResourceType.AUTHORIZATION, node));
        return requests;
    }

    private DeltaDiscoveryResponse next() throws Exception {
        DeltaDiscoveryResponse response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(response).as("a response in time").isNotNull();
        return response;
    }

    private static DeltaDiscoveryRequest request(ResourceType type, String node) {
        DeltaDiscoveryRequest.Builder request =
                DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.url());
        request.getNodeBuilder().setId(node);
        return request.build();
    }

    private static DeltaDiscoveryRequest ack(DeltaDiscoveryResponse response) {
        return DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce())
                .build();
    }

    private final class Responses implements StreamObserver<DeltaDiscoveryResponse> {
        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable broken) {
            ends.add(Status.fromThrowable(broken));
        }

        @Override
        public void onCompleted() {
            ends.add(Status.OK);
        }
    }
}
