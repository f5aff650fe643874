package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.beringia.discovery.xds.Admission;
import io.beringia.discovery.xds.DeltaService;
import io.beringia.discovery.xds.ResourceFeed;
import io.beringia.discovery.xds.Unheard;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name = UUID.randomUUID().toString();
    private final BlockingQueue<String> disconnects = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
    private final AtomicInteger resourcesSent = new AtomicInteger();
    private ManagedChannel channel;

    @TempDir
    Path directory;

    @BeforeEach
    void dial() {
        channel = InProcessChannelBuilder.forName(name).build();
    }

    @AfterEach
    void hangUp() {
        channel.shutdownNow();
    }

    @Test
    void sees_every_kind_of_value_that_the_server_has() throws Exception {
        Catalog served = catalog(1, 1);
        try (Discovery discovery = new Discovery(served);
                CatalogClient client = client(Optional.empty())) {
            awaitCatalog(client, served);

            assertThat(refusals).isEmpty();
            assertThat(discovery.server.isShutdown()).isFalse();
        }
    }

    @Test
    void another_server_with_the_same_catalog_sends_nothing_again() throws Exception {
        Catalog served = catalog(1, 1);
        try (CatalogClient client = client(Optional.empty())) {
            try (Discovery first = new Discovery(served)) {
                awaitCatalog(client, served);
                assertThat(first.server.isShutdown()).isFalse();
            }
            assertThat(disconnects.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
            assertThat(content(client.latest())).as("the last catalog stays").isEqualTo(content(served));
            long before = client.latest().revision();
            resourcesSent.set(0);
            try (Discovery second = new Discovery(served)) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(client.latest().revision())
                                .as("every type was answered again")
                                .isGreaterThanOrEqualTo(before + ResourceType.values().length));
                assertThat(resourcesSent).hasValue(0);
                assertThat(second.server.isShutdown()).isFalse();
            }
            assertThat(content(client.latest())).isEqualTo(content(served));
        }
    }

    @Test
    void leaves_a_server_that_rests_on_an_older_plan() throws Exception {
        Catalog newer = catalog(1, 2);
        try (CatalogClient client = client(Optional.empty())) {
            try (Discovery first = new Discovery(newer)) {
                awaitCatalog(client, newer);
                assertThat(first.server.isShutdown()).isFalse();
            }
            try (Discovery stale = new Discovery(FileCatalog.parse("plan: {epoch: 1, seq: 1}"))) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(disconnects).as("why it left").contains("an older plan: 1.1.1"));
                assertThat(content(client.latest())).isEqualTo(content(newer));
                assertThat(stale.server.isShutdown()).isFalse();
            }
        }
    }

    @Test
    void starts_with_what_it_kept() throws Exception {
        Path file = directory.resolve("catalog.yaml");
        Catalog served = catalog(3, 1);
        try (CatalogClient client = client(Optional.of(file))) {
            try (Discovery discovery = new Discovery(served)) {
                awaitCatalog(client, served);
                assertThat(discovery.server.isShutdown()).isFalse();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(file).as("kept when the stream ended").exists());
        }

        try (CatalogClient restarted = client(Optional.of(file))) {
            assertThat(content(restarted.latest())).isEqualTo(content(served));
        }
    }

    @Test
    void a_kept_catalog_that_cannot_be_read_is_told_and_passed_over() throws Exception {
        Path file = Files.writeString(directory.resolve("catalog.yaml"), "nonsense: 1");
        try (CatalogClient client = client(Optional.of(file))) {
            assertThat(client.latest()).isEqualTo(Catalog.EMPTY);
            assertThat(refusals.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("nonsense");
        }
    }

    @Test
    void an_older_plan_is_refused_over_a_restart_too() throws Exception {
        Path file = directory.resolve("catalog.yaml");
        Catalog newer = catalog(1, 2);
        try (CatalogClient client = client(Optional.of(file));
                Discovery first = new Discovery(newer)) {
            awaitCatalog(client, newer);
            assertThat(first.server.isShutdown()).isFalse();
        }
        Files.deleteIfExists(file);

        try (CatalogClient restarted = client(Optional.of(file));
                Discovery stale = new Discovery(catalog(1, 1))) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(disconnects).as("why it left").contains("an older plan: 1.1.1"));
            assertThat(restarted.latest()).as("nothing of it is used").isEqualTo(Catalog.EMPTY);
            assertThat(stale.server.isShutdown()).isFalse();
        }
    }

    @Test
    void a_server_that_knows_no_plans_is_left_once_a_plan_was_obeyed() throws Exception {
        Path file = directory.resolve("catalog.yaml");
        PlanFloor.open(directory.resolve("catalog.yaml.plan")).raise(new PlanVersion(1, 2));
        Catalog planless = FileCatalog.parse("workloads: []");

        try (CatalogClient client = client(Optional.of(file));
                Discovery foreign = new Discovery(planless)) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(disconnects).as("why it left").contains("an older plan: 0.0.1"));
            assertThat(client.latest()).isEqualTo(Catalog.EMPTY);
            assertThat(foreign.server.isShutdown()).isFalse();
        }
    }

    @Test
    void the_plan_is_on_the_disk_before_anybody_hears_of_what_rests_on_it() throws Exception {
        Path floor = directory.resolve("catalog.yaml.plan");
        BlockingQueue<PlanVersion> floors = new LinkedBlockingQueue<>();
        Catalog served = catalog(1, 2);
        try (CatalogClient client = client(Optional.of(directory.resolve("catalog.yaml")));
                CatalogSource.Subscription heard = client.subscribe(() -> floors.add(read(floor)));
                Discovery discovery = new Discovery(served, () -> floors.add(read(floor)))) {
            awaitCatalog(client, served);
            assertThat(heard).isNotNull();
            assertThat(discovery.server.isShutdown()).isFalse();
        }
        assertThat(floors)
                .as("at every answer to the server, and at every change that a reader heard of")
                .hasSizeGreaterThan(ResourceType.values().length)
                .containsOnly(new PlanVersion(1, 2));
    }

    @Test
    void a_client_that_cannot_tell_which_plan_it_obeyed_does_not_start() throws Exception {
        Path floor = Files.writeString(directory.resolve("catalog.yaml.plan"), "beringia-plan-floor 1 1 2 00\n");

        assertThatThrownBy(() -> client(Optional.of(directory.resolve("catalog.yaml"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(floor.toString())
                .hasMessageContaining("remove this file");
    }

    private static PlanVersion read(Path floor) {
        try {
            return PlanFloor.open(floor).version();
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    @Test
    void asks_for_policies_always() {
        assertThatThrownBy(
                        () -> new CatalogClient.Subject("n", Map.of(), Set.of(ResourceType.ADDRESS), Optional.empty()))
                .hasMessageContaining("AUTHORIZATION");
    }

    private CatalogClient client(Optional<Path> lastGood) {
        return CatalogClient.start(
                channel,
                new CatalogClient.Subject(
                        "beringia-gateway~127.0.0.1~gw.beringia-system~beringia-system.svc.cluster.local",
                        Map.of(),
                        EnumSet.allOf(ResourceType.class),
                        lastGood),
                new Random(1),
                new CatalogClient.Listener() {
                    @Override
                    public void onDisconnected(String why) {
                        disconnects.add(why);
                    }

                    @Override
                    public void onRefused(String what) {
                        refusals.add(what);
                    }
                });
    }

    private static void awaitCatalog(CatalogClient client, Catalog served) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(content(client.latest()))
                        .as("what was served")
                        .isEqualTo(content(served)));
    }

    private static String content(Catalog catalog) {
        return FileCatalog.print(catalog);
    }

    private static Catalog catalog(long seed, long seq) {
        MeshValues values = new MeshValues(seed);
        return Catalog.of(
                1,
                new PlanVersion(1, seq),
                List.of(values.workload()),
                List.of(values.service()),
                List.of(values.policy()),
                List.of(values.exported()),
                List.of(values.relayTarget()),
                List.of(values.cluster()));
    }

    /** A server of one catalog. */
    private final class Discovery implements AutoCloseable {
        private final Thread encoder;
        private final Server server;

        Discovery(Catalog served) throws Exception {
            this(served, () -> {});
        }

        /** {@code onAnswer} is called at each answer of the client to what it was sent. */
        Discovery(Catalog served, Runnable onAnswer) throws Exception {
            ResourceFeed feed = new ResourceFeed(new Fixed(served), refusals::addAll);
            encoder = Thread.ofVirtual().start(feed);
            server = InProcessServerBuilder.forName(name)
                    .addService(new DeltaService(node -> new Admission.Verdict.Admitted(feed), new Unheard()))
                    .intercept(new ResourceCount(onAnswer))
                    .build()
                    .start();
        }

        @Override
        public void close() throws InterruptedException {
            encoder.interrupt();
            server.shutdownNow();
            assertThat(server.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private record Fixed(Catalog latest) implements CatalogSource {
        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }

    private final class ResourceCount implements ServerInterceptor {
        private final Runnable onAnswer;

        ResourceCount(Runnable onAnswer) {
            this.onAnswer = onAnswer;
        }

        @Override
        public <Q, S> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
            ServerCall.Listener<Q> requests = next.startCall(
                    new SimpleForwardingServerCall<Q, S>(call) {
                        @Override
                        public void sendMessage(S message) {
                            if (message instanceof DeltaDiscoveryResponse response) {
                                resourcesSent.addAndGet(response.getResourcesCount());
                            }
                            super.sendMessage(message);
                        }
                    },
                    headers);
            return new SimpleForwardingServerCallListener<>(requests) {
                @Override
                public void onMessage(Q message) {
                    if (message instanceof DeltaDiscoveryRequest request
                            && !request.getResponseNonce().isEmpty()) {
                        onAnswer.run();
                    }
                    super.onMessage(message);
                }
            };
        }
    }
}
