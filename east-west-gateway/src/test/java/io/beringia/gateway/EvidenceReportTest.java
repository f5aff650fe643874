package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.SiblingReport;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.EvidenceServer;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a gateway sees arrives at the discovery of its site, under its own identity. */
final class EvidenceReportTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final World world = new World();
    private final Map<SpiffeId, ObserverReport> heard = new ConcurrentHashMap<>();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    @Test
    void the_way_to_the_other_region_and_to_a_dead_sibling_are_reported() throws Exception {
        SocketAddress self = world.east.addGateway();
        world.east.addGateway();
        SocketAddress west = world.west.addGateway();
        World.Running there = world.west.start(west);
        world.publish();
        world.east.startReporting(self, List.of(startDiscovery()));
        await().atMost(WAIT).untilAsserted(() -> {
            assertThat(heard).containsOnlyKeys(world.east.gatewayId());
            ObserverReport report = heard.values().iterator().next();
            assertThat(report.observer()).isEqualTo("east-1/gateway-0");
            assertThat(report.isControlProbeOk()).isTrue();
            assertThat(report.credentialsLeft())
                    .as("of an SVID of an hour")
                    .isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
            assertThat(report.paths()).hasSize(1);
            assertThat(report.paths().getFirst().target()).isEqualTo(world.west.region());
            assertThat(report.paths().getFirst().roundTrip()).isPositive();
            assertThat(report.siblings()).containsExactly(new SiblingReport("gateway-1", PathState.DOWN));
        });
        there.gateway().close();
        await().atMost(WAIT).untilAsserted(() -> {
            RegionEvidence.PathReport path =
                    heard.values().iterator().next().paths().getFirst();
            assertThat(path.state()).isEqualTo(PathState.DOWN);
            assertThat(path.isRefusedEverywhere()).isTrue();
            assertThat(path.silence()).isPositive();
        });
    }

    @Test
    void tunnels_are_reported_by_both_gateways_under_the_region_in_which_they_end() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress west = world.west.addGateway();
        SocketAddress self = world.east.addGateway();
        world.publish();
        ReportFeed.Replica discovery = startDiscovery();
        world.west.startReporting(west, List.of(discovery));
        World.Running east = world.east.startReporting(self, List.of(discovery));
        HboneClient client = world.client(east.relay(), world.east.svid(world.east.clientId()));
        HboneClient.Tunnel first = client.open(World.AUTHORITY);
        HboneClient.Tunnel second = client.open(World.AUTHORITY);
        assertThat(List.of(first.status(), second.status())).containsOnly("200");

        awaitTunnels(new TunnelReport(world.west.region(), 2, 2));
        first.finish();
        assertThat(first.drain()).isZero();
        awaitTunnels(new TunnelReport(world.west.region(), 1, 2));
        second.reset(0x8);
        awaitTunnels(new TunnelReport(world.west.region(), 0, 2));
    }

    private void awaitTunnels(TunnelReport expected) {
        await().atMost(WAIT).untilAsserted(() -> {
            assertThat(heard).containsOnlyKeys(world.east.gatewayId(), world.west.gatewayId());
            assertThat(heard.values())
                    .allSatisfy(report -> assertThat(report.tunnels()).containsExactly(expected));
        });
    }

    @Test
    void what_clients_meet_is_reported_by_endpoint() throws Exception {
        Backend backend = world.keep(Backend.manual(world.west.addPod()));
        SocketAddress west = world.west.addGateway();
        SocketAddress self = world.east.addGateway();
        world.publish();
        ReportFeed.Replica discovery = startDiscovery();
        world.west.startReporting(west, List.of(discovery));
        World.Running east = world.east.startReporting(self, List.of(discovery));
        HboneClient client = world.client(east.relay(), world.east.svid(world.east.clientId()));
        HboneClient.Tunnel tunnel = client.open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.write("four");
        try (Socket socket = backend.next()) {
            assertThat(socket.getInputStream().readNBytes(4)).hasSize(4);
            socket.getOutputStream().write(7);
            assertThat(tunnel.read(1)).isNotEmpty();
            socket.setSoLinger(true, 0);
        }
        assertThat(tunnel.resetCode()).isEqualTo(0xa);

        awaitOutcome(world.east.gatewayId(), world.west.cluster() + "/gateway-0");
        awaitOutcome(world.west.gatewayId(), world.west.cluster() + "//Pod/demo/echo-0");
    }

    @Test
    void who_was_outrun_is_reported_beside_who_answered() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        SocketAddress listed = world.west.addGateway();
        SocketAddress real = world.west.pod(7);
        world.west.start(real);
        Wire wire = world.keep(new Wire(listed, real));
        world.west.start(world.west.addGateway());
        SocketAddress self = world.east.addGateway();
        world.publish();
        World.Running east = world.east.startReporting(self, List.of(startDiscovery()));
        HboneClient client = world.client(east.relay(), world.east.svid(world.east.clientId()));
        await().atMost(WAIT)
                .untilAsserted(() ->
                        assertThat(east.gateway().paths().view(listed).srtt()).isPositive());
        wire.freeze();
        List<HboneClient.Tunnel> tunnels = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tunnels.add(client.open(World.AUTHORITY));
        }
        for (HboneClient.Tunnel tunnel : tunnels) {
            assertThat(tunnel.status()).isEqualTo("200");
        }
        await().atMost(WAIT).untilAsserted(() -> {
            assertThat(attempts(world.west.cluster() + "/gateway-1")).containsExactly(Map.entry(Outcome.ANSWERED, 16L));
            assertThat(attempts(world.west.cluster() + "/gateway-0")).containsKey(Outcome.OUTRUN);
        });
    }

    private Map<Outcome, Long> attempts(String endpoint) {
        return heard.values().stream()
                .flatMap(report -> report.outcomes().stream())
                .filter(outcome -> outcome.endpoint().equals(endpoint))
                .findFirst()
                .map(outcome -> outcome.counts().attempts())
                .orElse(Map.of());
    }

    private void awaitOutcome(SpiffeId gateway, String endpoint) {
        await().atMost(WAIT).untilAsserted(() -> {
            List<OutcomeReport> outcomes = Optional.ofNullable(heard.get(gateway))
                    .map(ObserverReport::outcomes)
                    .orElse(List.of());
            assertThat(outcomes).singleElement().satisfies(outcome -> {
                assertThat(outcome.service()).isEqualTo(World.ECHO.hostname());
                assertThat(outcome.to()).isEqualTo(world.west.region());
                assertThat(outcome.endpoint()).isEqualTo(endpoint);
                assertThat(outcome.clients()).isEqualTo(1);
                OutcomeCounts counts = outcome.counts();
                assertThat(counts.attempts()).containsExactly(Map.entry(Outcome.ANSWERED, 1L));
                assertThat(List.of(counts.closed(), counts.aborted(), counts.bytesUp(), counts.bytesDown()))
                        .containsExactly(1L, 1L, 4L, 1L);
                assertThat(counts.firstBytes().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(1);
            });
        });
    }

    private ReportFeed.Replica startDiscovery() throws Exception {
        SpiffeId id = SpiffeId.ofWorkload(World.MESH, "beringia-system", "discovery");
        EvidenceServer evidence = new EvidenceServer(
                (caller, report) -> heard.put(caller, report),
                () -> new RegionEvidence(
                        world.east.region(), List.of(), List.of(), List.of(), RegionEvidence.Proxies.NONE),
                new EvidenceServer.Admission(peer -> true, peer -> false),
                (caller, why) -> {});
        GrpcTls tls = new GrpcTls(world.east.credentials(id), new SpiffeVerifier(), InstantSource.system());
        Server server = Grpc.newServerBuilderForPort(0, tls.server())
                .addService(ServerInterceptors.intercept(
                        evidence,
                        new VerifiedPeer(world.east.credentials(id), new SpiffeVerifier(), InstantSource.system())))
                .build()
                .start();
        world.keep(server::shutdownNow);
        return new ReportFeed.Replica(SocketAddress.parse("127.0.0.1:" + server.getPort()), id);
    }
}
