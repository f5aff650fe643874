package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.DOMAIN;
import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.WEST;
import static io.beringia.gateway.host.HostLab.echoService;
import static io.beringia.gateway.host.HostLab.id;

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
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** A client in the west, a server in the east, and real gateways between their networks. Owned by one test. */
final class TwoNetworks implements AutoCloseable {
    static final Network EAST = new Network("east");
    static final ClusterId EAST_1 = new ClusterId("east-1");
    static final ClusterId WEST_1 = new ClusterId("west-1");
    private static final ServiceName GATEWAY = new ServiceName("beringia", "gateway.beringia.svc.cluster.local");

    private final HostLab lab = new HostLab();
    private final List<GatewayMain> gateways = new ArrayList<>();
    private final Workload client = lab.workload("shop", "client", 1).build();
    private final Workload server = server(2);

    /** How the client's side reaches the other network. */
    enum Mode {
        /** The client dials the remote gateway. */
        DIRECT,
        /** The client dials its own gateway, which dials the remote one. */
        RELAY;

        ClusterId cluster() {
            return this == DIRECT ? EAST_1 : WEST_1;
        }

        /** Of the gateway that the client dials. */
        SpiffeId gateway() {
            return id("beringia", "gateway-" + cluster());
        }
    }

    /**
     * Who plays what.
     *
     * @param server what the server proves itself by
     * @param gateway what the gateway that the client dials proves itself by
     * @param gatewayNames whom the client expects there
     * @param serverNames whom the client expects behind it
     * @param serverAt where the gateways find the server
     */
    record Cast(
            Mode mode,
            Credentials server,
            Credentials gateway,
            List<SpiffeId> gatewayNames,
            List<SpiffeId> serverNames,
            int serverAt) {
        Cast serverIs(Credentials other) {
            return new Cast(mode, other, gateway, gatewayNames, serverNames, serverAt);
        }

        Cast gatewayIs(Credentials other) {
            return new Cast(mode, server, other, gatewayNames, serverNames, serverAt);
        }

        Cast expectingGateway(SpiffeId... others) {
            return new Cast(mode, server, gateway, List.of(others), serverNames, serverAt);
        }

        Cast expectingServer(SpiffeId... others) {
            return new Cast(mode, server, gateway, gatewayNames, List.of(others), serverAt);
        }

        Cast serverSeenAt(int last) {
            return new Cast(mode, server, gateway, gatewayNames, serverNames, last);
        }
    }

    HostLab lab() {
        return lab;
    }

    /** Everybody is who they should be. */
    Cast cast(Mode mode) {
        return new Cast(
                mode,
                lab.credentials(server.identity(), EAST_1),
                lab.credentials(mode.gateway(), mode.cluster()),
                List.of(mode.gateway()),
                List.of(server.identity()),
                2);
    }

    void start(Cast cast, Workload... moreGateways) {
        startClient(cast, Patience.DEFAULT, moreGateways);
        TurnedCatalog ofServer = new TurnedCatalog();
        ofServer.publish(ofEast(server));
        lab.start(lab.called(server), cast.server(), ofServer);
        startGateways(cast);
    }

    void startClient(Cast cast, Patience patience, Workload... moreGateways) {
        Mode mode = cast.mode();
        TurnedCatalog ofClient = new TurnedCatalog();
        ofClient.publish(catalog(
                Stream.concat(
                                Stream.of(client, elsewhere(mode), gateway("gw", mode, mode == Mode.DIRECT ? 10 : 11)),
                                Stream.of(moreGateways))
                        .toList(),
                List.of(echoService(cast.serverNames().toArray(SpiffeId[]::new)), gatewayService(cast)),
                List.of(),
                List.of()));
        lab.start(lab.calling(client).with(patience), lab.credentials(client.identity(), WEST_1), ofClient);
    }

    void startGateways(Cast cast) {
        Mode mode = cast.mode();
        startGateway(mode == Mode.DIRECT ? cast.gateway() : honest(Mode.DIRECT), EAST_1, EAST, 10, east(cast));
        if (mode == Mode.RELAY) {
            startGateway(cast.gateway(), WEST_1, WEST, 11, west());
        }
    }

    private Credentials honest(Mode mode) {
        return lab.credentials(mode.gateway(), mode.cluster());
    }

    private TurnedCatalog east(Cast cast) {
        TurnedCatalog seen = new TurnedCatalog();
        seen.publish(ofEast(server(cast.serverAt())));
        return seen;
    }

    private Catalog ofEast(Workload echo) {
        return catalog(
                List.of(echo),
                List.of(echoService(id("demo", "echo"))),
                List.of(new ExportedAuthority(ECHO, Set.of(80), Set.of(WEST_1, EAST_1), Set.of())),
                List.of());
    }

    private TurnedCatalog west() {
        TurnedCatalog seen = new TurnedCatalog();
        RelayTarget.Part part = new RelayTarget.Part(EAST_1, Set.of(80), 1, OptionalInt.empty());
        seen.publish(catalog(
                List.of(client),
                List.of(),
                List.of(),
                List.of(new RelayTarget(ECHO, Set.of(), List.of(part), RelayTarget.OnFailure.RESET))));
        return seen;
    }

    private Workload server(int last) {
        return Workload.named("east-1//Pod/demo/echo", "demo", "echo", EAST_1, EAST)
                .identity(DOMAIN, "echo")
                .addresses(List.of(IpAddress.parse(lab.ip(last))))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
                .build();
    }

    /** All of the service in the other network, as a client sees it. */
    private static Workload elsewhere(Mode mode) {
        return Workload.named("east/SplitHorizonWorkload/echo", "demo", "echo-east", EAST_1, EAST)
                .networkGateway(new GatewayRef.ByHostname(GATEWAY, port(mode)))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))))
                .build();
    }

    /** One more gateway that the client may dial. */
    Workload gateway(String name, Mode mode, int last) {
        return Workload.named(
                        "NetworkGateway/" + mode + "/" + name,
                        "beringia",
                        name,
                        mode.cluster(),
                        mode == Mode.DIRECT ? EAST : WEST)
                .identity(DOMAIN, "gateway-" + mode.cluster())
                .tunnel(Workload.Tunnel.NONE)
                .addresses(List.of(IpAddress.parse(lab.ip(last))))
                .services(Map.of(GATEWAY, List.of(new ServicePort(port(mode), port(mode)))))
                .build();
    }

    private static Service gatewayService(Cast cast) {
        int port = port(cast.mode());
        return new Service(
                GATEWAY,
                List.of(),
                List.of(new ServicePort(port, port)),
                cast.gatewayNames(),
                Optional.empty(),
                LoadBalancing.STANDARD,
                false,
                false);
    }

    static int port(Mode mode) {
        return mode == Mode.DIRECT ? 15_008 : 15_018;
    }

    private void startGateway(
            Credentials credentials, ClusterId cluster, Network network, int last, TurnedCatalog source) {
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
                config, credentials, new SpiffeVerifier(), source, new SimpleMeterRegistry(), InstantSource.system()));
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
                List.of(state(EAST_1, EAST, Mode.DIRECT, 10), state(WEST_1, WEST, Mode.RELAY, 11)));
    }

    private ClusterState state(ClusterId cluster, Network network, Mode dials, int last) {
        RegionId region = new RegionId("us-" + network);
        SocketAddress address = SocketAddress.parse(lab.ip(last) + ":15008");
        return new ClusterState(
                cluster,
                region,
                network,
                Set.of(DOMAIN),
                List.of(new GatewayAddress(
                        cluster, region, network, "gateway-0", address, dials.gateway(), Health.HEALTHY, 1)),
                RegionStatus.ACTIVE,
                new Freshness.Live());
    }

    @Override
    public void close() {
        lab.close();
        gateways.forEach(GatewayMain::close);
    }
}
