package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.DOMAIN;
import static io.beringia.gateway.host.HostLab.WEST;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.Backend;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.GatewayMain;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway looks at another network all the way to its probe service: double HBONE, as its clients go. */
@Timeout(60)
final class ProbeTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Network EAST = new Network("east");
    private static final ClusterId EAST_1 = new ClusterId("east-1");
    private static final ClusterId WEST_1 = new ClusterId("west-1");
    private static final SpiffeId EAST_GATEWAY = id("beringia-system", "gateway-east-1");
    private static final SpiffeId WEST_GATEWAY = id("beringia-system", "gateway-west-1");
    private static final SpiffeId ANSWERER = id("beringia-system", "beringia-probe");
    private static final ServiceName PROBE =
            new ServiceName("beringia-system", "beringia-probe.beringia-system.svc.cluster.local");

    private final HostLab lab = new HostLab();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Workload answerer = Workload.named(
                    "east-1//Pod/beringia-system/probe", "beringia-system", "probe", EAST_1, EAST)
            .identity(DOMAIN, "beringia-probe")
            .addresses(List.of(IpAddress.parse(lab.ip(2))))
            .services(Map.of(PROBE, List.of(new ServicePort(7, 7))))
            .build();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : open) {
            it.close();
        }
        lab.close();
    }

    @Test
    void an_echo_from_the_probe_service_keeps_the_path_up() {
        answer(ANSWERER);
        GatewayMain west = look(Set.of());
        awaitMeasured(west);
        assertThat(faults()).isZero();
        assertThat(state(west)).isEqualTo(PathState.UP);
        assertThat(entered(PathState.DOWN)).isZero();
    }

    @Test
    void a_gateway_that_drains_need_not_wait_for_those_who_look_at_it() throws Exception {
        answer(ANSWERER);
        GatewayMain east = start(EAST_GATEWAY, EAST_1, EAST, 10, source(Set.of(), answerer), new SimpleMeterRegistry());
        GatewayMain west = start(WEST_GATEWAY, WEST_1, WEST, 11, source(Set.of()), meters);
        awaitMeasured(west);
        assertThat(east.open()).as("echoes under way").isPositive();
        CompletableFuture<Residue> left = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> left.complete(
                        east.drain(new DrainConfig(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10)))));
        assertThat(left.get(WAIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Residue.NOTHING);
        assertThat(entered(PathState.DOWN)).isZero();
    }

    @Test
    void a_stranger_behind_the_gateway_is_silence_and_inner_tls_is_named() {
        answer(id("beringia-system", "impostor"));
        look(Set.of());
        awaitEntered(PathState.DOWN);
        assertThat(faults("hop", "inner-tls", "reason", "identity-mismatch")).isPositive();
        assertThat(entered(PathState.PROBATION)).isZero();
    }

    @Test
    void a_silent_answerer_is_silence_although_its_gateway_lives() throws Exception {
        open.add(Backend.manual(SocketAddress.parse(lab.ip(2) + ":15008")));
        look(Set.of());
        awaitEntered(PathState.DOWN);
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(faults("hop", "inner-tls", "reason", "timeout"))
                        .isPositive());
    }

    @Test
    void a_gateway_that_finds_nobody_has_answered_and_its_path_lives() {
        GatewayMain west = look(Set.of());
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(faults("hop", "border", "reason", "status-503"))
                        .isGreaterThan(5));
        assertThat(state(west)).isEqualTo(PathState.UP);
        assertThat(entered(PathState.DOWN)).isZero();
    }

    @Test
    void whom_the_border_does_not_let_in_is_told_so_there() {
        answer(ANSWERER);
        GatewayMain west = look(Set.of(id("shop", "client")));
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(faults("hop", "border", "reason", "status-403"))
                        .isPositive());
        assertThat(state(west)).isEqualTo(PathState.UP);
    }

    @Test
    void the_answerer_says_its_cluster_and_then_what_it_hears() throws Exception {
        answer(ANSWERER);
        Workload client = Workload.named("east-1//Pod/shop/client", "shop", "client", EAST_1, EAST)
                .identity(DOMAIN, "client")
                .addresses(List.of(IpAddress.parse(lab.ip(3))))
                .build();
        lab.start(lab.calling(client), lab.credentials(client.identity(), EAST_1), source(Set.of(), client, answerer));
        byte[] said = new byte[1_024 * 16];
        new Random(1).nextBytes(said);
        try (SocksClient socks = SocksClient.connect(lab.ip(3), PROBE.hostname(), 7)) {
            assertThat(socks.reply()).isZero();
            socks.socket().getOutputStream().write(said);
            socks.socket().shutdownOutput();
            DataInputStream in = new DataInputStream(socks.socket().getInputStream());
            assertThat(new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8))
                    .isEqualTo("east-1");
            assertThat(in.readAllBytes()).isEqualTo(said);
        }
    }

    private void answer(SpiffeId identity) {
        lab.start(lab.called(answerer), lab.credentials(identity, EAST_1), source(Set.of(), answerer));
    }

    /** A gateway at the far side that lets these in, and one that looks at it. */
    private GatewayMain look(Set<SpiffeId> clients) {
        start(EAST_GATEWAY, EAST_1, EAST, 10, source(clients, answerer), new SimpleMeterRegistry());
        return start(WEST_GATEWAY, WEST_1, WEST, 11, source(Set.of()), meters);
    }

    private GatewayMain start(
            SpiffeId identity,
            ClusterId cluster,
            Network network,
            int last,
            TurnedCatalog source,
            SimpleMeterRegistry registry) {
        GatewayConfig config = new GatewayConfig(
                new RegionId("us-" + network),
                cluster,
                network,
                "gateway-0",
                SocketAddress.parse(lab.ip(last) + ":15008"),
                Optional.empty(),
                IpAddress.parse(lab.ip(last)),
                1,
                true);
        GatewayMain gateway = GatewayMain.start(
                config,
                lab.credentials(identity, cluster),
                new SpiffeVerifier(),
                source,
                registry,
                InstantSource.system());
        open.add(gateway);
        return gateway;
    }

    private TurnedCatalog source(Set<SpiffeId> clients, Workload... workloads) {
        TurnedCatalog source = new TurnedCatalog();
        source.publish(Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(workloads),
                List.of(new Service(
                        PROBE,
                        List.of(),
                        List.of(new ServicePort(7, 7)),
                        List.of(ANSWERER),
                        Optional.empty(),
                        LoadBalancing.STANDARD,
                        false,
                        false)),
                List.of(),
                List.of(new ExportedAuthority(PROBE, Set.of(7), Set.of(WEST_1, EAST_1), clients)),
                List.of(new RelayTarget(
                        PROBE,
                        Set.of(),
                        List.of(new RelayTarget.Part(EAST_1, Set.of(7), 1, OptionalInt.empty())),
                        RelayTarget.OnFailure.RESET)),
                List.of(state(EAST_1, EAST, EAST_GATEWAY, 10), state(WEST_1, WEST, WEST_GATEWAY, 11))));
        return source;
    }

    private SocketAddress address(int last) {
        return SocketAddress.parse(lab.ip(last) + ":15008");
    }

    private ClusterState state(ClusterId cluster, Network network, SpiffeId gateway, int last) {
        RegionId region = new RegionId("us-" + network);
        return new ClusterState(
                cluster,
                region,
                network,
                Set.of(DOMAIN),
                List.of(new GatewayAddress(
                        cluster, region, network, "gateway-0", address(last), gateway, Health.HEALTHY, 1)),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    private PathState state(GatewayMain west) {
        return west.paths().view(address(10)).state();
    }

    private void awaitMeasured(GatewayMain west) {
        await().atMost(WAIT)
                .untilAsserted(
                        () -> assertThat(west.paths().view(address(10)).srtt()).isPositive());
    }

    private void awaitEntered(PathState state) {
        await().atMost(WAIT).untilAsserted(() -> assertThat(entered(state)).isPositive());
    }

    private double entered(PathState state) {
        return count("gateway.paths.changed", "state", state.name().toLowerCase(Locale.ROOT));
    }

    private double faults(String... tags) {
        return count("gateway.probes.failed", tags);
    }

    private double count(String meter, String... tags) {
        return meters.find(meter).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
