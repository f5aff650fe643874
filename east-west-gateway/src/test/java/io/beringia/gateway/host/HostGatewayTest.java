package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.DOMAIN;
import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.WEST;
import static io.beringia.gateway.host.HostLab.echoService;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.GatewayMain;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two host proxies in two networks with real gateways between them: double HBONE. */
@Timeout(60)
final class HostGatewayTest {
    private static final Network EAST = new Network("east");
    private static final ClusterId EAST_1 = new ClusterId("east-1");
    private static final ClusterId WEST_1 = new ClusterId("west-1");
    private static final ServiceName GATEWAY = new ServiceName("beringia", "gateway.beringia.svc.cluster.local");
    private static final SpiffeId EAST_GATEWAY = id("beringia", "gateway-east-1");
    private static final SpiffeId WEST_GATEWAY = id("beringia", "gateway-west-1");

    private final HostLab lab = new HostLab();
    private final List<GatewayMain> gateways = new ArrayList<>();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = Workload.named("east-1//Pod/demo/echo", "demo", "echo", EAST_1, EAST)
            .identity(DOMAIN, "echo")
            .addresses(List.of(IpAddress.parse(lab.ip(2))))
            .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
            .build();

    /** How the client's side reaches the other network. */
    enum Mode {
        /** The client dials the remote gateway. */
        DIRECT,
        /** The client dials its own gateway, which dials the remote one. */
        RELAY
    }

    @AfterEach
    void close() {
        lab.close();
        gateways.forEach(GatewayMain::close);
    }

    @ParameterizedTest
    @EnumSource
    void carries_a_connection_end_to_end(Mode mode) throws Exception {
        start(mode, server.identity());
        try (Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            for (int i = 0; i < 3; i++) {
                assertThat(talk()).isEqualTo("hello");
            }
            assertThat(application.accepted()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_server_with_another_identity_gets_nothing(Mode mode) throws Exception {
        start(mode, id("demo", "imposter"));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).isEqualTo(1);
            assertThat(application.accepted()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_side_that_has_said_all_may_still_listen(Mode mode) throws Exception {
        start(mode, server.identity());
        byte[] download = new byte[16 * 1024 * 1024];
        new Random(5).nextBytes(download);
        try (Application application = new Application(lab.ip(2), 8080, socket -> {
                    if (socket.getInputStream().readAllBytes().length == 3) {
                        socket.getOutputStream().write(download);
                    }
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            socks.socket().getOutputStream().write(new byte[3]);
            socks.socket().shutdownOutput();
            assertThat(socks.socket().getInputStream().readAllBytes()).isEqualTo(download);
            assertThat(application.nextEnding()).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void downloads_of_about_one_window_do_not_stall(Mode mode) throws Exception {
        start(mode, server.identity());
        try (Application application = new Application(
                lab.ip(2),
                8080,
                socket -> socket.getOutputStream()
                        .write(download(new DataInputStream(socket.getInputStream()).readInt())))) {
            for (int bytes : new int[] {65_535, 65_536, 262_143, 262_144, 262_145}) {
                try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                    new DataOutputStream(socks.socket().getOutputStream()).writeInt(bytes);
                    assertThat(socks.socket().getInputStream().readAllBytes())
                            .as("%d bytes", bytes)
                            .isEqualTo(download(bytes));
                }
            }
            assertThat(application.accepted()).isEqualTo(5);
        }
    }

    private static byte[] download(int bytes) {
        byte[] download = new byte[bytes];
        new Random(bytes).nextBytes(download);
        return download;
    }

    @ParameterizedTest
    @EnumSource
    void an_abort_of_either_application_is_an_abort_for_the_other(Mode mode) throws Exception {
        start(mode, server.identity());
        try (Application application = new Application(lab.ip(2), 8080, socket -> {
            if (socket.getInputStream().read() == 'a') {
                socket.setSoLinger(true, 0);
            } else {
                socket.getOutputStream().write('b');
                socket.getInputStream().readAllBytes();
            }
        })) {
            try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                socks.socket().getOutputStream().write('a');
                assertThatThrownBy(() -> socks.socket().getInputStream().readAllBytes())
                        .as("RST, not FIN")
                        .isInstanceOf(SocketException.class);
            }
            assertThat(application.nextEnding()).isEqualTo("end");
            SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80);
            socks.socket().getOutputStream().write('b');
            assertThat(socks.socket().getInputStream().read()).isEqualTo('b');
            socks.socket().setSoLinger(true, 0);
            socks.close();
            assertThat(application.nextEnding()).as("RST, not FIN").isEqualTo("reset");
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_gateway_is_tried_before_the_first_byte(Mode mode) throws Exception {
        start(mode, server.identity(), gateway("dead", mode, 12));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            for (int i = 0; i < 10; i++) {
                assertThat(talk()).as("connection %d", i).isEqualTo("hello");
            }
            assertThat(application.accepted()).as("each arrives once").isEqualTo(10);
        }
    }

    /** It accepts, and never says a word: a frozen process looks like this. */
    @ParameterizedTest
    @EnumSource
    void a_silent_gateway_is_left_for_another(Mode mode) throws Exception {
        start(mode, server.identity(), gateway("silent", mode, 13));
        try (ServerSocket silent = new ServerSocket(port(mode), 16, InetAddress.getByName(lab.ip(13)));
                Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            assertThat(silent.isBound()).isTrue();
            for (int i = 0; i < 4; i++) {
                assertThat(talk()).as("connection %d", i).isEqualTo("hello");
            }
            assertThat(application.accepted()).as("each arrives once").isEqualTo(4);
        }
    }

    private void start(Mode mode, SpiffeId serverIdentity, Workload... moreGateways) {
        TurnedCatalog ofClient = new TurnedCatalog();
        ofClient.publish(catalog(
                Stream.concat(
                                Stream.of(client, elsewhere(mode), gateway("gw", mode, mode == Mode.DIRECT ? 10 : 11)),
                                Stream.of(moreGateways))
                        .toList(),
                List.of(echoService(id("demo", "echo")), gatewayService(mode)),
                List.of(),
                List.of()));
        lab.start(lab.calling(client), lab.credentials(client.identity(), WEST_1), ofClient);
        TurnedCatalog ofServer = new TurnedCatalog();
        ofServer.publish(catalog(
                List.of(server),
                List.of(echoService(id("demo", "echo"))),
                List.of(new ExportedAuthority(ECHO, Set.of(80), Set.of(WEST_1, EAST_1), Set.of())),
                List.of()));
        lab.start(lab.called(server), lab.credentials(serverIdentity, EAST_1), ofServer);
        startGateway(EAST_GATEWAY, EAST_1, EAST, 10, ofServer);
        if (mode == Mode.RELAY) {
            TurnedCatalog ofRelay = new TurnedCatalog();
            RelayTarget.Part east = new RelayTarget.Part(EAST_1, Set.of(80), 1, OptionalInt.empty());
            ofRelay.publish(catalog(
                    List.of(client),
                    List.of(),
                    List.of(),
                    List.of(new RelayTarget(ECHO, Set.of(), List.of(east), RelayTarget.OnFailure.RESET))));
            startGateway(WEST_GATEWAY, WEST_1, WEST, 11, ofRelay);
        }
    }

    /** All of the service in the other network, as a client sees it. */
    private static Workload elsewhere(Mode mode) {
        return Workload.named("east/SplitHorizonWorkload/echo", "demo", "echo-east", EAST_1, EAST)
                .networkGateway(new GatewayRef.ByHostname(GATEWAY, port(mode)))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
                .build();
    }

    private Workload gateway(String name, Mode mode, int last) {
        return Workload.named(
                        "NetworkGateway/" + mode + "/" + name,
                        "beringia",
                        name,
                        mode == Mode.DIRECT ? EAST_1 : WEST_1,
                        mode == Mode.DIRECT ? EAST : WEST)
                .identity(DOMAIN, mode == Mode.DIRECT ? "gateway-east-1" : "gateway-west-1")
                .tunnel(Workload.Tunnel.NONE)
                .addresses(List.of(IpAddress.parse(lab.ip(last))))
                .services(Map.of(GATEWAY, List.of(new ServicePort(port(mode), port(mode)))))
                .build();
    }

    private static Service gatewayService(Mode mode) {
        return new Service(
                GATEWAY,
                List.of(),
                List.of(new ServicePort(port(mode), port(mode))),
                List.of(mode == Mode.DIRECT ? EAST_GATEWAY : WEST_GATEWAY),
                Optional.empty(),
                LoadBalancing.STANDARD,
                false,
                false);
    }

    private static int port(Mode mode) {
        return mode == Mode.DIRECT ? 15_008 : 15_018;
    }

    private void startGateway(SpiffeId identity, ClusterId cluster, Network network, int last, TurnedCatalog source) {
        GatewayConfig config = new GatewayConfig(
                new RegionId("us-" + network),
                cluster,
                network,
                "gateway-0",
                SocketAddress.parse(lab.ip(last) + ":15008"),
                Optional.of(SocketAddress.parse(lab.ip(last) + ":15018")),
                IpAddress.parse(lab.ip(last)),
                1,
                true);
        gateways.add(GatewayMain.start(
                config,
                lab.credentials(identity, cluster),
                new SpiffeVerifier(),
                source,
                new SimpleMeterRegistry(),
                InstantSource.system()));
    }

    private Catalog catalog(
            List<Workload> workloads,
            List<Service> services,
            List<ExportedAuthority> exported,
            List<RelayTarget> targets) {
        return Catalog.of(
                1,
                PlanVersion.NONE,
                workloads,
                services,
                List.of(),
                exported,
                targets,
                List.of(state(EAST_1, EAST, EAST_GATEWAY, 10), state(WEST_1, WEST, WEST_GATEWAY, 11)));
    }

    private ClusterState state(ClusterId cluster, Network network, SpiffeId gateway, int last) {
        RegionId region = new RegionId("us-" + network);
        SocketAddress address = SocketAddress.parse(lab.ip(last) + ":15008");
        return new ClusterState(
                cluster,
                region,
                network,
                Set.of(DOMAIN),
                List.of(new GatewayAddress(cluster, region, network, "gateway-0", address, gateway, Health.HEALTHY, 1)),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    private String talk() throws IOException {
        try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).as("SOCKS reply").isZero();
            return socks.say("hello");
        }
    }
}
