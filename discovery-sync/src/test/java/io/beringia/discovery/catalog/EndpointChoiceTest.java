package io.beringia.discovery.catalog;

import static io.beringia.discovery.catalog.Mesh.CLIENT;
import static io.beringia.discovery.catalog.Mesh.EAST;
import static io.beringia.discovery.catalog.Mesh.ECHO;
import static io.beringia.discovery.catalog.Mesh.GATEWAY;
import static io.beringia.discovery.catalog.Mesh.VIP;
import static io.beringia.discovery.catalog.Mesh.WAYPOINT;
import static io.beringia.discovery.catalog.Mesh.WEST;
import static io.beringia.discovery.catalog.Mesh.echo;
import static io.beringia.discovery.catalog.Mesh.echoElsewhere;
import static io.beringia.discovery.catalog.Mesh.echoService;
import static io.beringia.discovery.catalog.Mesh.gateway;
import static io.beringia.discovery.catalog.Mesh.gatewayService;
import static io.beringia.discovery.catalog.Mesh.id;
import static io.beringia.discovery.catalog.Mesh.service;
import static io.beringia.discovery.catalog.Mesh.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.beringia.discovery.catalog.LoadBalancing.HealthPolicy;
import io.beringia.discovery.catalog.LoadBalancing.Mode;
import io.beringia.discovery.catalog.LoadBalancing.Scope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointChoiceTest {
    private static final Destination BY_VIP = new Destination.ByAddress(new SocketAddress(VIP, 80));
    private static final Destination BY_NAME = new Destination.ByName(ECHO.hostname(), 80);

    @Test
    void goes_straight_to_a_pod_of_the_own_network() {
        Mesh mesh = new Mesh().with(echoService(LoadBalancing.STANDARD)).with(echo("a", WEST, "10.1.0.2"));

        for (Destination asked : List.of(BY_VIP, BY_NAME)) {
            Way.Direct way = (Way.Direct) choose(mesh, asked, 1);
            assertThat(way.hop().toString())
                    .as("HBONE is always dialled on 15008")
                    .isEqualTo("10.1.0.2:15008");
            assertThat(way.authority(IpAddress.parse("10.1.0.2"))).isEqualTo("10.1.0.2:8080");
            assertThat(way.expected()).containsExactly(id("demo", "echo"), id("demo", "a"));
            assertThat(way.service()).contains(ECHO);
        }
    }

    @Test
    void reaches_another_network_through_the_endpoints_of_its_gateway_service() {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.STANDARD), gatewayService())
                .with(echoElsewhere("east"), gateway("gw1", "203.0.113.1"));

        Way.ViaGateway way = (Way.ViaGateway) choose(mesh, BY_VIP, 1);
        assertThat(way.hop().toString()).as("target port of 15008").isEqualTo("203.0.113.1:16008");
        assertThat(way.expected()).containsExactly(id("beringia", "gateway-c2"), id("beringia", "gw1"));
        assertThat(way.authority()).isEqualTo("echo.demo.svc.cluster.local:80");
        assertThat(way.innerExpected()).as("only the service's own names").containsExactly(id("demo", "echo"));
    }

    @Test
    void finds_a_gateway_by_virtual_address_then_by_workload_address_then_by_workload_hostname() {
        NetworkAddress address = new NetworkAddress(EAST, IpAddress.parse("203.0.113.9"));
        Workload.Builder split = workload("split", "demo", EAST)
                .networkGateway(new GatewayRef.ByAddress(address, 15_443))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))));
        Mesh byWorkload = new Mesh()
                .with(echoService(LoadBalancing.STANDARD))
                .with(split, workload("gw", "beringia", EAST).addresses(List.of(address.ip())));
        assertThat(((Way.ViaGateway) choose(byWorkload, BY_VIP, 1)).hop().toString())
                .isEqualTo("203.0.113.9:15443");

        Mesh byService = new Mesh()
                .with(
                        echoService(LoadBalancing.STANDARD),
                        new Service(
                                GATEWAY,
                                List.of(address),
                                List.of(new ServicePort(15_443, 16_008)),
                                List.of(),
                                Optional.empty(),
                                LoadBalancing.STANDARD,
                                false,
                                false))
                .with(
                        split,
                        workload("gw", "beringia", EAST)
                                .addresses(List.of(IpAddress.parse("203.0.113.1")))
                                .services(Map.of(GATEWAY, List.of(new ServicePort(15_443, 16_008)))));
        assertThat(((Way.ViaGateway) choose(byService, BY_VIP, 1)).hop().toString())
                .isEqualTo("203.0.113.1:16008");

        Mesh byName = new Mesh()
                .with(echoService(LoadBalancing.STANDARD))
                .with(
                        workload("split", "demo", EAST)
                                .networkGateway(new GatewayRef.ByHostname(
                                        new ServiceName("beringia", "gw.example.com"), 15_008))
                                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080)))),
                        workload("gw", "beringia", EAST).hostname("gw.example.com"));
        assertThat(((Way.ViaGateway) choose(byName, BY_VIP, 1)).hop())
                .isEqualTo(new Hop.Named("gw.example.com", 15_008));
    }

    @Test
    void a_local_gateway_may_be_the_way_to_another_network() {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.STANDARD), gatewayService())
                .with(
                        echoElsewhere("relay"),
                        workload("local-gw", "beringia", WEST)
                                .addresses(List.of(IpAddress.parse("10.1.0.9")))
                                .services(Map.of(GATEWAY, List.of(new ServicePort(15_008, 15_018)))));

        assertThat(((Way.ViaGateway) choose(mesh, BY_VIP, 1)).hop().toString()).isEqualTo("10.1.0.9:15018");
    }

    @Test
    void a_service_waypoint_is_told_what_the_application_asked_for() {
        Mesh mesh = waypointMesh(WEST);
        assertThat(((Way.ViaWaypoint) choose(mesh, BY_VIP, 1)).authority()).isEqualTo("10.96.0.10:80");
        assertThat(((Way.ViaWaypoint) choose(mesh, BY_NAME, 1)).hop().toString())
                .isEqualTo("10.1.0.7:15008");
    }

    @Test
    void a_waypoint_of_another_network_answers_for_the_service_inside() {
        Way.ViaGateway way = (Way.ViaGateway) choose(waypointMesh(EAST), BY_VIP, 1);
        assertThat(way.authority())
                .as("the target service, not the waypoint")
                .isEqualTo("echo.demo.svc.cluster.local:80");
        assertThat(way.innerExpected()).containsExactly(id("demo", "waypoint"));
    }

    private static Mesh waypointMesh(Network network) {
        Service echo = echoService(LoadBalancing.STANDARD);
        return new Mesh()
                .with(
                        new Service(
                                ECHO,
                                echo.addresses(),
                                echo.ports(),
                                echo.subjectAltNames(),
                                Optional.of(new GatewayRef.ByHostname(WAYPOINT, 15_008)),
                                echo.loadBalancing(),
                                true,
                                false),
                        gatewayService(),
                        service(WAYPOINT, List.of(new ServicePort(15_008, 15_008)), List.of(id("demo", "waypoint"))))
                .with(
                        workload("waypoint", "demo", network)
                                .addresses(List.of(IpAddress.parse("10.1.0.7")))
                                .networkGateway(new GatewayRef.ByHostname(GATEWAY, 15_008))
                                .services(Map.of(WAYPOINT, List.of(new ServicePort(15_008, 15_008)))),
                        gateway("gw1", "203.0.113.1"));
    }

    @Test
    void a_workload_waypoint_counts_for_its_address_only() {
        Mesh mesh = new Mesh()
                .with(
                        echoService(LoadBalancing.STANDARD),
                        service(WAYPOINT, List.of(new ServicePort(15_008, 15_008)), List.of()))
                .with(
                        echo("a", WEST, "10.1.0.2").waypoint(new GatewayRef.ByHostname(WAYPOINT, 15_008)),
                        workload("waypoint", "demo", WEST)
                                .addresses(List.of(IpAddress.parse("10.1.0.7")))
                                .services(Map.of(WAYPOINT, List.of(new ServicePort(15_008, 15_008)))));

        Destination pod = new Destination.ByAddress(SocketAddress.parse("10.1.0.2:8080"));
        assertThat(((Way.ViaWaypoint) choose(mesh, pod, 1)).authority()).isEqualTo("10.1.0.2:8080");
        assertThat(choose(mesh, BY_VIP, 1)).isInstanceOf(Way.Direct.class);
    }

    @Test
    void plain_tcp_is_for_workloads_without_hbone_and_for_unknown_addresses() {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.STANDARD))
                .with(echo("a", WEST, "10.1.0.2").tunnel(Workload.Tunnel.NONE));
        assertThat(((Way.Plain) choose(mesh, BY_VIP, 1)).hop().toString()).isEqualTo("10.1.0.2:8080");

        SocketAddress unknown = SocketAddress.parse("198.51.100.1:443");
        assertThat(choose(mesh, new Destination.ByAddress(unknown), 1))
                .isEqualTo(new Way.Plain(new Hop.At(unknown), Optional.empty()));
    }

    @Test
    void says_why_there_is_no_way() {
        assertThat(reason(new Mesh(), BY_NAME)).isEqualTo(Way.Reason.UNKNOWN_HOST);
        Mesh empty = new Mesh().with(echoService(LoadBalancing.STANDARD));
        assertThat(reason(empty, BY_VIP)).isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
        assertThat(reason(
                        new Mesh().with(echoService(LoadBalancing.STANDARD)).with(echo("a", WEST, "10.1.0.2")),
                        new Destination.ByName(ECHO.hostname(), 81)))
                .as("a port it does not have")
                .isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
        assertThat(reason(new Mesh().with(echoService(LoadBalancing.STANDARD)).with(echoElsewhere("east")), BY_VIP))
                .isEqualTo(Way.Reason.UNKNOWN_NETWORK_GATEWAY);
        assertThat(reason(
                        new Mesh().with(echoService(LoadBalancing.STANDARD)).with(echo("far", EAST, "10.2.0.1")),
                        BY_VIP))
                .as("a pod of another network without a gateway")
                .isEqualTo(Way.Reason.NO_NETWORK_GATEWAY);
        assertThat(reason(
                        new Mesh()
                                .with(service(ECHO, List.of(new ServicePort(80, 8080)), List.of()), gatewayService())
                                .with(echoElsewhere("east"), gateway("gw1", "203.0.113.1")),
                        BY_NAME))
                .as("nobody may answer")
                .isEqualTo(Way.Reason.NO_EXPECTED_IDENTITY);
    }

    @Test
    void a_service_that_shares_its_address_is_chosen_by_visibility_then_namespace_then_canonical() {
        assertThat(chosenAmong(shared("z", false, true), shared("a", false, false)))
                .isEqualTo("z");
        assertThat(chosenAmong(shared("z", false, true), shared("shop", false, false)))
                .isEqualTo("shop");
        assertThat(chosenAmong(shared("a", true, true), shared("z", false, false)))
                .isEqualTo("z");
        assertThat(chosenAmong(shared("shop", true, false), shared("a", false, true)))
                .isEqualTo("shop");
        assertThat(reason(new Mesh().with(shared("a", true, true)), BY_NAME)).isEqualTo(Way.Reason.UNKNOWN_HOST);
    }

    private static Service shared(String namespace, boolean isPrivate, boolean canonical) {
        Service echo = echoService(LoadBalancing.STANDARD);
        return new Service(
                new ServiceName(namespace, ECHO.hostname()),
                echo.addresses(),
                echo.ports(),
                echo.subjectAltNames(),
                Optional.empty(),
                echo.loadBalancing(),
                canonical,
                isPrivate);
    }

    private static String chosenAmong(Service... services) {
        Mesh mesh = new Mesh().with(services);
        for (Service service : services) {
            mesh.with(workload("pod", service.name().namespace(), WEST)
                    .addresses(List.of(IpAddress.parse("10.1.0.2")))
                    .services(Map.of(service.name(), service.ports())));
        }
        return ((Way.Direct) choose(mesh, BY_VIP, 1)).service().orElseThrow().namespace();
    }

    @Test
    void an_unhealthy_endpoint_serves_only_where_all_are_allowed() {
        Workload.Builder sick = echo("a", WEST, "10.1.0.2").health(Health.UNHEALTHY);
        assertThat(reason(new Mesh().with(echoService(LoadBalancing.STANDARD)).with(sick), BY_VIP))
                .isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
        LoadBalancing all = new LoadBalancing(List.of(), Mode.STANDARD, HealthPolicy.ALLOW_ALL);
        assertThat(choose(new Mesh().with(echoService(all)).with(sick), BY_VIP, 1))
                .isInstanceOf(Way.Direct.class);
    }

    @Test
    void a_named_target_port_must_be_said_by_the_endpoint() {
        Service named = service(ECHO, List.of(new ServicePort(80, 0)), List.of());
        Workload.Builder silent = workload("a", "demo", WEST)
                .addresses(List.of(IpAddress.parse("10.1.0.2")))
                .services(Map.of(ECHO, List.of()));
        assertThat(reason(new Mesh().with(named).with(silent), BY_NAME)).isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
        assertThat(((Way.Direct) choose(new Mesh().with(named).with(echo("a", WEST, "10.1.0.2")), BY_NAME, 1))
                        .targetPort())
                .isEqualTo(8080);
    }

    @ParameterizedTest
    @CsvSource({
        "west, us-west, a, 5", "west, us-west, b, 4", "west, us-east, a, 3",
        "east, us-west, a, 2", "east, us-west, b, 1", "east, us-east, a, 0"
    })
    void a_leading_network_outranks_all_localities(String network, String region, String zone, int rank) {
        Workload endpoint = echo("a", new Network(network), "10.1.0.2")
                .locality(new Locality(region, zone, ""))
                .build();
        assertThat(EndpointRanks.rank(endpoint, LoadBalancing.LOCAL_FIRST.preference(), CLIENT))
                .isEqualTo(rank);
    }

    @ParameterizedTest
    @CsvSource({"us-west, a, 2", "us-west, b, 1", "us-east, a, 0"})
    void without_a_leading_network_the_first_mismatch_ends_the_prefix(String region, String zone, int rank) {
        Workload endpoint = echo("a", EAST, "10.1.0.2")
                .locality(new Locality(region, zone, ""))
                .build();
        assertThat(EndpointRanks.rank(endpoint, List.of(Scope.REGION, Scope.ZONE), CLIENT))
                .isEqualTo(rank);
    }

    @Test
    void failover_leaves_the_own_network_only_when_nothing_there_can_serve() {
        Service service = echoService(LoadBalancing.LOCAL_FIRST);
        Mesh mesh = new Mesh()
                .with(service, gatewayService())
                .with(
                        echo("local", WEST, "10.1.0.2").capacity(1),
                        echoElsewhere("east").capacity(1000))
                .with(gateway("gw1", "203.0.113.1"));
        for (int seed = 0; seed < 200; seed++) {
            assertThat(choose(mesh, BY_VIP, seed)).as("seed %d", seed).isInstanceOf(Way.Direct.class);
        }
        Mesh dead = new Mesh()
                .with(service, gatewayService())
                .with(echo("local", WEST, "10.1.0.2").health(Health.UNHEALTHY), echoElsewhere("east"))
                .with(gateway("gw1", "203.0.113.1"));
        assertThat(choose(dead, BY_VIP, 1)).isInstanceOf(Way.ViaGateway.class);
    }

    @Test
    void the_best_rank_without_capacity_is_not_replaced_by_a_worse_one() {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.LOCAL_FIRST), gatewayService())
                .with(echo("local", WEST, "10.1.0.2").capacity(0), echoElsewhere("east"))
                .with(gateway("gw1", "203.0.113.1"));
        assertThat(reason(mesh, BY_VIP)).isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
    }

    @Test
    void strict_takes_full_matches_only() {
        LoadBalancing strict = new LoadBalancing(List.of(Scope.NODE), Mode.STRICT, HealthPolicy.ONLY_HEALTHY);
        Workload.Description elsewhere = new Workload.Description("node-9", "", "pod", "", "");
        Mesh mesh = new Mesh()
                .with(echoService(strict))
                .with(echo("a", WEST, "10.1.0.2").description(elsewhere));
        assertThat(reason(mesh, BY_VIP)).isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
        mesh.with(echo("b", WEST, "10.1.0.3"));
        assertThat(((Way.Direct) choose(mesh, BY_VIP, 1)).dialled().name()).isEqualTo("b");
    }

    @Test
    void passthrough_keeps_the_original_destination() {
        LoadBalancing passing = new LoadBalancing(List.of(), Mode.PASSTHROUGH, HealthPolicy.ONLY_HEALTHY);
        Mesh mesh = new Mesh().with(echoService(passing)).with(echo("a", WEST, "10.1.0.2"));
        assertThat(((Way.Plain) choose(mesh, BY_VIP, 1)).hop().toString()).isEqualTo("10.96.0.10:80");
        assertThat(reason(mesh, BY_NAME)).isEqualTo(Way.Reason.NO_HEALTHY_UPSTREAM);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 17, 4711})
    void shares_follow_capacity(long seed) {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.STANDARD))
                .with(echo("a", WEST, "10.1.0.2").capacity(900))
                .with(
                        echo("b", WEST, "10.1.0.3").capacity(100),
                        echo("never", WEST, "10.1.0.4").capacity(0));
        Catalog catalog = mesh.catalog();
        Random random = new Random(seed);
        Map<String, Integer> taken = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            Way.Direct way = (Way.Direct) EndpointChoice.choose(catalog, CLIENT, BY_VIP, random);
            taken.merge(way.dialled().name(), 1, Integer::sum);
        }
        assertThat(taken).as("capacity 0 is never chosen").doesNotContainKey("never");
        assertThat(taken.get("a")).as("within 3 sigma").isCloseTo(9_000, within(90));
    }

    @Test
    void a_further_attempt_takes_another_gateway_then_gives_up() {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.STANDARD), gatewayService())
                .with(echoElsewhere("east"), gateway("gw1", "203.0.113.1"), gateway("gw2", "203.0.113.2"));
        Set<String> tried = new HashSet<>();
        for (int attempt = 0; attempt < 2; attempt++) {
            Way.Tunnelled way =
                    (Way.Tunnelled) EndpointChoice.choose(mesh.catalog(), CLIENT, BY_VIP, tried, new Random(attempt));
            assertThat(tried.add(way.dialled().uid()))
                    .as("never the same twice")
                    .isTrue();
        }
        assertThat(EndpointChoice.choose(mesh.catalog(), CLIENT, BY_VIP, tried, new Random(1)))
                .isInstanceOf(Way.None.class);
    }

    @Test
    void a_further_attempt_goes_down_the_ranks() {
        Mesh mesh = new Mesh()
                .with(echoService(LoadBalancing.LOCAL_FIRST), gatewayService())
                .with(echo("local", WEST, "10.1.0.2"), echoElsewhere("east"), gateway("gw1", "203.0.113.1"));
        Way.Direct first = (Way.Direct) choose(mesh, BY_VIP, 1);
        assertThat(EndpointChoice.choose(
                        mesh.catalog(), CLIENT, BY_VIP, Set.of(first.dialled().uid()), new Random(1)))
                .isInstanceOf(Way.ViaGateway.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void no_way_is_ever_half_a_way(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Mesh mesh = anyMesh(random);
            Set<String> tried = new HashSet<>();
            for (int attempt = 0; attempt < 8; attempt++) {
                Way way = EndpointChoice.choose(mesh.catalog(), CLIENT, BY_VIP, tried, random);
                if (!(way instanceof Way.Tunnelled tunnelled)) {
                    break;
                }
                assertThat(tunnelled.expected()).as("somebody is expected").isNotEmpty();
                assertThat(tunnelled.dialled().capacity())
                        .as("capacity 0 is never chosen")
                        .isPositive();
                assertThat(tunnelled.dialled().health()).isEqualTo(Health.HEALTHY);
                assertThat(tried.add(tunnelled.dialled().uid()))
                        .as("never the same twice")
                        .isTrue();
                assertThat(EndpointChoice.choose(mesh.catalog(), CLIENT, BY_VIP, tried, new Random(seed)))
                        .as("same arguments, same way")
                        .isEqualTo(EndpointChoice.choose(mesh.catalog(), CLIENT, BY_VIP, tried, new Random(seed)));
            }
        }
    }

    private static Mesh anyMesh(Random random) {
        Mesh mesh = new Mesh()
                .with(
                        echoService(random.nextBoolean() ? LoadBalancing.STANDARD : LoadBalancing.LOCAL_FIRST),
                        gatewayService());
        for (int i = 0; i < random.nextInt(4); i++) {
            mesh.with(any(echo("pod" + i, WEST, "10.1.0." + (i + 2)), random));
            mesh.with(any(echoElsewhere("split" + i), random));
            mesh.with(any(gateway("gw" + i, "203.0.113." + (i + 1)), random));
        }
        return mesh;
    }

    private static Workload.Builder any(Workload.Builder builder, Random random) {
        return builder.capacity(random.nextInt(3)).health(random.nextInt(4) == 0 ? Health.UNHEALTHY : Health.HEALTHY);
    }

    private static Way choose(Mesh mesh, Destination asked, long seed) {
        return EndpointChoice.choose(mesh.catalog(), CLIENT, asked, new Random(seed));
    }

    private static Way.Reason reason(Mesh mesh, Destination asked) {
        return ((Way.None) choose(mesh, asked, 1)).reason();
    }
}
