package io.beringia.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.observe.PathTable;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TunnelRouterTest {
    private static final PeerIdentity CLIENT = Mesh.peer(Mesh.CLIENT);
    private static final ServiceName WAYPOINT = ServiceName.parse("shop/waypoint.shop.svc.cluster.local");
    private static final GatewayRef BY_NAME = new GatewayRef.ByHostname(WAYPOINT, 15_008);

    @Nested
    final class On_the_hbone_listener {
        @Test
        void delivers_to_a_ready_endpoint_on_15008_whatever_the_target_port() {
            Routing routing =
                    deliver(exported().with(Mesh.cart("cart-1", "10.1.2.1").build()));
            assertThat(routing).isEqualTo(new Routing.Deliver(List.of(backend("cart-1", "10.1.2.1"))));
        }

        @Test
        void delivers_for_a_client_that_a_gateway_vouches_for() {
            Mesh mesh = exported().with(Mesh.cart("cart-1", "10.1.2.1").build());
            assertThat(route(
                            ListenerRole.HBONE, mesh, Mesh.peer(Mesh.gatewayIdentity("west")), Mesh.vouched("west"), 1))
                    .isInstanceOf(Routing.Deliver.class);
        }

        @Test
        void tries_at_most_three_different_endpoints() {
            Mesh mesh = exported();
            IntStream.rangeClosed(1, 9)
                    .forEach(
                            i -> mesh.with(Mesh.cart("cart-" + i, "10.1.2." + i).build()));
            for (int seed = 0; seed < 100; seed++) {
                List<SocketAddress> tried = addresses(route(ListenerRole.HBONE, mesh, CLIENT, Mesh.request(), seed));
                assertThat(tried).hasSize(3).doesNotHaveDuplicates();
            }
        }

        /** Our own address is one of IPv4. */
        @Test
        void tries_each_pod_by_our_own_family_before_any_by_the_other() {
            Mesh mesh = exported()
                    .with(dual("cart-1", "2001:db8::1", "10.1.2.1"))
                    .with(dual("cart-2", "10.1.2.2", "2001:db8::2"));
            for (int seed = 0; seed < 20; seed++) {
                List<SocketAddress> tried = addresses(route(ListenerRole.HBONE, mesh, CLIENT, Mesh.request(), seed));
                assertThat(tried.subList(0, 2)).containsExactlyInAnyOrder(at("10.1.2.1"), at("10.1.2.2"));
                assertThat(tried).hasSize(LocalEndpoints.CANDIDATES_MAX);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "10.1.2.1, 2001:db8::1, 10.1.2.1 2001:db8::1",
            "2001:db8::1, 10.1.2.1, 10.1.2.1 2001:db8::1",
            "127.0.0.1, 2001:db8::1, 2001:db8::1",
            "10.1.2.1, fe80::1, 10.1.2.1"
        })
        void of_one_pod_every_address_that_may_be_dialled_is_tried(String one, String other, String expected) {
            Mesh mesh = exported().with(dual("cart-1", one, other));
            assertThat(addresses(route(ListenerRole.HBONE, mesh, CLIENT, Mesh.request(), 1)))
                    .isEqualTo(Stream.of(expected.split(" "))
                            .map(TunnelRouterTest::at)
                            .toList());
        }

        private static Workload dual(String name, String one, String other) {
            return Mesh.cart(name, one)
                    .addresses(List.of(IpAddress.parse(one), IpAddress.parse(other)))
                    .build();
        }

        @Test
        void weighs_endpoints_by_capacity() {
            Mesh mesh = exported()
                    .with(Mesh.cart("big", "10.1.2.1").capacity(900).build())
                    .with(Mesh.cart("small", "10.1.2.2").capacity(100).build());
            Map<SocketAddress, Double> shares = shares(mesh, ListenerRole.HBONE, Routings::first);
            assertThat(shares.get(at("10.1.2.1"))).isCloseTo(0.9, within(0.03));
        }

        @Test
        void without_a_usable_endpoint_of_this_network_it_says_so() {
            assertRefused(Refusal.NO_ENDPOINT, deliver(exported()));
            assertRefused(
                    Refusal.NO_ENDPOINT,
                    deliver(exported()
                            .with(Mesh.cart("sick", "10.1.2.1")
                                    .health(Health.UNHEALTHY)
                                    .build())
                            .with(Mesh.cart("empty", "10.1.2.2").capacity(0).build())
                            .with(Mesh.cart("node", "10.1.2.3")
                                    .hostNetwork(true)
                                    .build())
                            .with(Mesh.cart("nowhere", "10.1.2.4")
                                    .addresses(List.of())
                                    .build())
                            .with(elsewhere("remote", "10.2.2.1"))
                            .with(Mesh.cart("other-port", "10.1.2.5")
                                    .services(Map.of(Mesh.CART, List.of(new ServicePort(81, 8081))))
                                    .build())));
        }

        @Test
        void a_ready_endpoint_without_a_tunnel_cannot_end_one() {
            assertRefused(
                    Refusal.NO_HBONE_ENDPOINT,
                    deliver(exported()
                            .with(Mesh.cart("plain", "10.1.2.1")
                                    .tunnel(Workload.Tunnel.NONE)
                                    .build())));
        }

        @Test
        void an_endpoint_at_a_forbidden_address_is_passed_over() {
            Mesh mesh = exported()
                    .with(Mesh.cart("evil", "169.254.169.254")
                            .capacity(1_000_000)
                            .build());
            assertRefused(Refusal.NO_ENDPOINT, deliver(mesh));
            assertThat(deliver(mesh.with(Mesh.cart("good", "10.1.2.1").build())))
                    .isEqualTo(new Routing.Deliver(List.of(backend("good", "10.1.2.1"))));
        }

        /** Whoever asks follows an older plan: two regions must not serve it. */
        @Test
        void what_is_to_be_served_elsewhere_alone_is_not_delivered() {
            Mesh mesh = exported()
                    .part("west", 10, 10_000)
                    .part("east", 0, 0)
                    .with(Mesh.cart("cart-1", "10.1.2.1").build());
            assertRefused(Refusal.NO_ENDPOINT, deliver(mesh));
        }

        @Test
        void never_forwards() {
            Mesh mesh = exported().part("west", 100);
            for (int seed = 0; seed < 50; seed++) {
                assertThat(route(ListenerRole.HBONE, mesh, CLIENT, Mesh.request(), seed))
                        .isNotInstanceOf(Routing.Forward.class);
            }
        }

        @Test
        void a_service_with_a_waypoint_is_entered_through_it() {
            Mesh mesh = exported().with(Mesh.cart("cart-1", "10.1.2.1").build()).waypoint(BY_NAME);
            assertRefused(Refusal.NO_ENDPOINT, deliver(mesh));
            assertThat(deliver(mesh.with(waypointPod()))).isEqualTo(new Routing.Deliver(List.of(waypoint())));
        }

        @Test
        void a_waypoint_may_be_named_by_address() {
            Mesh mesh = exported()
                    .with(Mesh.cart("cart-1", "10.1.2.1").build())
                    .with(waypointPod())
                    .waypoint(new GatewayRef.ByAddress(
                            new NetworkAddress(new Network("n-east"), IpAddress.parse("10.1.3.1")), 15_008));
            assertThat(deliver(mesh)).isEqualTo(new Routing.Deliver(List.of(waypoint())));
        }

        @Test
        void only_the_waypoint_itself_or_a_gateway_gets_past_the_waypoint() {
            Mesh mesh = exported()
                    .with(Mesh.cart("cart-1", "10.1.2.1").build())
                    .with(waypointPod())
                    .waypoint(BY_NAME);
            Routing past = new Routing.Deliver(List.of(backend("cart-1", "10.1.2.1")));
            Routing through = new Routing.Deliver(List.of(waypoint()));
            PeerIdentity waypoint = Mesh.peer(SpiffeId.ofWorkload(Mesh.DOMAIN, "shop", "waypoint"));
            PeerIdentity gateway = Mesh.peer(Mesh.gatewayIdentity("west"));
            ConnectRequest said = Mesh.saying(Mesh.request(), "waypoint");

            assertThat(route(ListenerRole.HBONE, mesh, waypoint, said, 1)).isEqualTo(past);
            assertThat(route(ListenerRole.HBONE, mesh, gateway, Mesh.saying(Mesh.vouched("west"), "waypoint"), 1))
                    .isEqualTo(past);
            assertThat(route(ListenerRole.HBONE, mesh, CLIENT, said, 1))
                    .as("a liar")
                    .isEqualTo(through);
            assertThat(route(ListenerRole.HBONE, mesh, waypoint, Mesh.request(), 1))
                    .isEqualTo(through);
            assertThat(route(ListenerRole.HBONE, mesh, waypoint, Mesh.saying(Mesh.request(), "gateway"), 1))
                    .isEqualTo(through);
        }

        @Test
        void a_service_whose_definition_is_missing_may_have_a_waypoint() {
            Catalog whole =
                    exported().with(Mesh.cart("cart-1", "10.1.2.1").build()).catalog();
            Catalog torn = Catalog.of(
                    1,
                    whole.plan(),
                    whole.workloads().values(),
                    List.of(),
                    List.of(),
                    whole.exported().values(),
                    List.of(),
                    whole.clusters().values());
            assertRefused(
                    Refusal.NO_ENDPOINT,
                    TunnelRouter.route(
                            Mesh.EAST,
                            ListenerRole.HBONE,
                            torn,
                            PathTable.EMPTY,
                            CLIENT,
                            Mesh.request(),
                            new Random(1)));
        }

        private Mesh exported() {
            return federation().exportedTo(Set.of("west"));
        }

        private Routing deliver(Mesh mesh) {
            return route(ListenerRole.HBONE, mesh, CLIENT, Mesh.request(), 1);
        }
    }

    @Nested
    final class On_the_relay_listener {
        @Test
        void forwards_by_the_shares_of_the_plan() {
            Mesh mesh = federation().part("west", 1, 3_000).part("north", 1_000, 7_000);
            Map<SocketAddress, Double> shares = shares(mesh, ListenerRole.RELAY, Routings::first);
            assertThat(shares.get(at("10.3.0.1"))).isCloseTo(0.7, within(0.03));
        }

        @Test
        void forwards_by_ready_capacity_while_no_plan_says_otherwise() {
            Mesh mesh = federation().part("west", 3).part("north", 1);
            Map<SocketAddress, Double> shares = shares(
                    mesh,
                    ListenerRole.RELAY,
                    routing -> Routings.first(routing).equals(at("10.3.0.1")) ? at("10.3.0.1") : at("10.2.0.1"));
            assertThat(shares.get(at("10.2.0.1"))).isCloseTo(0.75, within(0.03));
        }

        @Test
        void all_gateways_of_the_chosen_region_stand_before_the_next_region() {
            Mesh mesh = federation().part("west", 1).part("north", 1);
            for (int seed = 0; seed < 200; seed++) {
                List<SocketAddress> order = addresses(relay(mesh, seed));
                assertThat(order).hasSize(3);
                assertThat(order.indexOf(at("10.3.0.1")))
                        .as("north has one, west two")
                        .isNotEqualTo(1);
            }
        }

        @Test
        void a_large_region_does_not_crowd_out_the_next_one() {
            Mesh mesh = Mesh.ofEast()
                    .cluster(
                            "west",
                            RegionStatus.ACTIVE,
                            IntStream.rangeClosed(1, 30)
                                    .mapToObj(i -> Mesh.gateway("west", "gw-" + i, "10.2.0." + i))
                                    .toArray(GatewayAddress[]::new))
                    .cluster("north", RegionStatus.ACTIVE, Mesh.gateway("north", "gw-1", "10.3.0.1"))
                    .part("west", 1_000_000)
                    .part("north", 1);
            assertThat(addresses(relay(mesh, 1))).hasSize(4).endsWith(at("10.3.0.1"));
        }

        @Test
        void gateways_of_a_region_are_weighed() {
            Mesh mesh = Mesh.ofEast()
                    .cluster(
                            "west",
                            RegionStatus.ACTIVE,
                            Mesh.gateway("west", "gw-1", "10.2.0.1", Health.HEALTHY, 4),
                            Mesh.gateway("west", "gw-2", "10.2.0.2", Health.HEALTHY, 1))
                    .part("west", 1);
            assertThat(shares(mesh, ListenerRole.RELAY, Routings::first).get(at("10.2.0.1")))
                    .isCloseTo(0.8, within(0.03));
        }

        @Test
        void what_cannot_or_must_not_serve_is_left_out() {
            Mesh mesh = Mesh.ofEast()
                    .cluster("out", RegionStatus.OUT, Mesh.gateway("out", "gw", "10.4.0.1"))
                    .cluster("idle", RegionStatus.ACTIVE, Mesh.gateway("idle", "gw", "10.5.0.1"))
                    .cluster("sick", RegionStatus.ACTIVE, Mesh.gateway("sick", "gw", "10.6.0.1", Health.UNHEALTHY, 1))
                    .cluster("west", RegionStatus.RAMPING, Mesh.gateway("west", "gw", "10.2.0.1"))
                    .part("out", 10)
                    .part("idle", 0)
                    .part("sick", 10)
                    .part("unheard-of", 10)
                    .part("west", 1);
            for (int seed = 0; seed < 50; seed++) {
                assertThat(addresses(relay(mesh, seed))).containsExactly(at("10.2.0.1"));
            }
        }

        @Test
        void a_share_of_zero_gets_nothing() {
            Mesh mesh = federation().part("west", 10, 0).part("north", 1, 1);
            for (int seed = 0; seed < 50; seed++) {
                assertThat(addresses(relay(mesh, seed))).containsExactly(at("10.3.0.1"));
            }
        }

        @Test
        void never_back_to_the_own_region_or_network() {
            Mesh mesh = Mesh.ofEast()
                    .clusterIn("near", "r-east", "n-near", RegionStatus.ACTIVE, Mesh.gateway("near", "gw", "10.7.0.1"))
                    .clusterIn("same", "r-same", "n-east", RegionStatus.ACTIVE, Mesh.gateway("same", "gw", "10.8.0.1"))
                    .part("east", 10)
                    .part("near", 10)
                    .part("same", 10);
            assertRefused(Refusal.NO_ENDPOINT, relay(mesh, 1));
        }

        @Test
        void never_to_an_address_of_our_own_whoever_claims_it() {
            Mesh mesh = Mesh.ofEast()
                    .cluster("west", RegionStatus.ACTIVE, Mesh.gateway("west", "gw", "10.1.0.1"))
                    .part("west", 1);
            assertRefused(Refusal.NO_ENDPOINT, relay(mesh, 1));
        }

        @Test
        void paths_that_are_not_up_come_after_those_that_are() {
            Mesh mesh = federation().part("west", 1_000_000).part("north", 1);
            PathTable paths = paths(Map.of("10.2.0.1", PathState.SUSPECT, "10.2.0.2", PathState.PROBATION));
            for (int seed = 0; seed < 50; seed++) {
                assertThat(addresses(along(mesh, paths, seed)))
                        .containsExactly(at("10.3.0.1"), at("10.2.0.2"), at("10.2.0.1"));
            }
        }

        @Test
        void a_gateway_whose_certificate_ends_is_the_last_of_its_region_and_its_region_keeps_its_place() {
            Mesh mesh = federation().part("west", 1_000_000).part("north", 1);
            PathTable.PathView expiring = new PathTable.PathView(PathState.UP, Duration.ofMillis(70), true);
            PathTable one = new PathTable(Map.of(at("10.2.0.1"), expiring));
            PathTable both = new PathTable(Map.of(at("10.2.0.1"), expiring, at("10.2.0.2"), expiring));
            Set<SocketAddress> first = new HashSet<>();
            for (int seed = 0; seed < 50; seed++) {
                assertThat(addresses(along(mesh, one, seed)))
                        .containsExactly(at("10.2.0.2"), at("10.2.0.1"), at("10.3.0.1"));
                first.add(addresses(along(mesh, both, seed)).getFirst());
            }
            assertThat(first).containsExactlyInAnyOrder(at("10.2.0.1"), at("10.2.0.2"));
        }

        @Test
        void a_path_that_is_down_is_left_out_unless_it_is_all_there_is() {
            Mesh mesh = federation().part("west", 1_000_000).part("north", 1);
            PathTable west = paths(Map.of("10.2.0.1", PathState.DOWN, "10.2.0.2", PathState.DOWN));
            PathTable all =
                    paths(Map.of("10.2.0.1", PathState.DOWN, "10.2.0.2", PathState.DOWN, "10.3.0.1", PathState.DOWN));
            assertThat(addresses(along(mesh, west, 1))).containsExactly(at("10.3.0.1"));
            assertThat(addresses(along(mesh, all, 1))).hasSize(3);
            assertThat(addresses(along(mesh.with(Mesh.cart("cart-1", "10.1.2.1").build()), all, 1)))
                    .containsExactly(at("10.1.2.1"));
        }

        @Test
        void endpoints_of_the_own_network_are_the_last_resort() {
            Mesh mesh = federation()
                    .part("west", 1)
                    .part("east", 10)
                    .with(Mesh.cart("cart-1", "10.1.2.1").build());
            for (int seed = 0; seed < 50; seed++) {
                List<SocketAddress> order = addresses(relay(mesh, seed));
                assertThat(order).hasSize(3).endsWith(at("10.1.2.1"));
            }
        }

        @Test
        void the_last_resort_goes_through_the_waypoint_too() {
            Mesh mesh = federation()
                    .part("west", 1)
                    .with(Mesh.cart("cart-1", "10.1.2.1").build())
                    .with(waypointPod())
                    .waypoint(BY_NAME);
            assertThat(addresses(relay(mesh, 1))).endsWith(at("10.1.3.1"));
        }

        @Test
        void what_the_plan_moved_away_does_not_come_back_by_the_back_door() {
            Mesh byShare = federation()
                    .part("west", 1, 10_000)
                    .part("east", 10, 0)
                    .with(Mesh.cart("cart-1", "10.1.2.1").build());
            Mesh byRegion = federation()
                    .cluster("east", RegionStatus.OUT)
                    .part("west", 1)
                    .with(Mesh.cart("cart-1", "10.1.2.1").build());
            assertThat(addresses(relay(byShare, 1)))
                    .doesNotContain(at("10.1.2.1"))
                    .isNotEmpty();
            assertThat(addresses(relay(byRegion, 1)))
                    .doesNotContain(at("10.1.2.1"))
                    .isNotEmpty();
        }

        @Test
        void what_is_served_in_one_region_goes_nowhere_else_although_its_path_is_down() {
            Mesh mesh = federation()
                    .part("west", 10, 10_000)
                    .part("north", 0, 0)
                    .part("east", 0, 0)
                    .with(Mesh.cart("cart-1", "10.1.2.1").build());
            assertThat(addresses(relay(mesh, 1)))
                    .isNotEmpty()
                    .allMatch(at -> at.toString().startsWith("10.2."));
        }

        @Test
        void says_what_becomes_of_the_tunnel_when_its_path_is_down() {
            assertThat(relay(federation().part("west", 1), 1))
                    .isInstanceOfSatisfying(
                            Routing.Forward.class,
                            forward -> assertThat(forward.onFailure()).isEqualTo(RelayTarget.OnFailure.HOLD));
        }

        @Test
        void the_order_does_not_hang_on_the_order_of_the_catalog() {
            Mesh one = federation().part("west", 5).part("north", 3);
            Mesh other = federation().part("north", 3).part("west", 5);
            for (int seed = 0; seed < 50; seed++) {
                assertThat(relay(one, seed)).isEqualTo(relay(other, seed));
            }
        }

        @Test
        void only_a_waypoints_word_that_it_is_one_is_passed_on() {
            Catalog catalog = federation()
                    .part("west", 1)
                    .with(waypointPod())
                    .waypoint(BY_NAME)
                    .catalog();
            ConnectRequest said = Mesh.saying(Mesh.request(), "waypoint");
            PeerIdentity waypoint = Mesh.peer(SpiffeId.ofWorkload(Mesh.DOMAIN, "shop", "waypoint"));
            assertThat(TunnelRouter.passedOn(catalog, waypoint, said).istioSource())
                    .contains("waypoint");
            assertThat(TunnelRouter.passedOn(catalog, CLIENT, said).istioSource())
                    .isEmpty();
        }

        private Routing relay(Mesh mesh, int seed) {
            return route(ListenerRole.RELAY, mesh, CLIENT, Mesh.request(), seed);
        }

        private Routing along(Mesh mesh, PathTable paths, int seed) {
            return TunnelRouter.route(
                    Mesh.EAST, ListenerRole.RELAY, mesh.catalog(), paths, CLIENT, Mesh.request(), new Random(seed));
        }
    }

    /** What a routing says first. */
    private static final class Routings {
        static SocketAddress first(Routing routing) {
            return addresses(routing).getFirst();
        }
    }

    private static Mesh federation() {
        return Mesh.ofEast()
                .cluster(
                        "west",
                        RegionStatus.ACTIVE,
                        Mesh.gateway("west", "gw-1", "10.2.0.1"),
                        Mesh.gateway("west", "gw-2", "10.2.0.2"))
                .cluster("north", RegionStatus.ACTIVE, Mesh.gateway("north", "gw-1", "10.3.0.1"));
    }

    private static Workload elsewhere(String name, String ip) {
        return Workload.named("west//Pod/shop/" + name, "shop", name, new ClusterId("west"), new Network("n-west"))
                .addresses(List.of(IpAddress.parse(ip)))
                .services(Map.of(Mesh.CART, List.of(new ServicePort(80, 8080))))
                .build();
    }

    private static Workload waypointPod() {
        return Mesh.pod("waypoint-1", "shop", "10.1.3.1")
                .identity(Mesh.DOMAIN, "waypoint")
                .services(Map.of(WAYPOINT, List.of(new ServicePort(15_008, 15_008))))
                .build();
    }

    private static Candidate.Backend waypoint() {
        return new Candidate.Backend("east//Pod/shop/waypoint-1", at("10.1.3.1"));
    }

    private static Candidate.Backend backend(String name, String ip) {
        return new Candidate.Backend("east//Pod/shop/" + name, at(ip));
    }

    private static SocketAddress at(String ip) {
        return new SocketAddress(IpAddress.parse(ip), 15_008);
    }

    private static PathTable paths(Map<String, PathState> states) {
        return new PathTable(states.entrySet().stream()
                .collect(Collectors.toMap(
                        state -> at(state.getKey()),
                        state -> new PathTable.PathView(state.getValue(), Duration.ofMillis(70)))));
    }

    private static Routing route(ListenerRole role, Mesh mesh, PeerIdentity peer, ConnectRequest request, int seed) {
        return TunnelRouter.route(Mesh.EAST, role, mesh.catalog(), PathTable.EMPTY, peer, request, new Random(seed));
    }

    /** Relative frequency of an answer over 3,000 seeded decisions. */
    private static Map<SocketAddress, Double> shares(
            Mesh mesh, ListenerRole role, Function<Routing, SocketAddress> answer) {
        Catalog catalog = mesh.catalog();
        Random random = new Random(42);
        Map<SocketAddress, Double> shares =
                new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
        for (int i = 0; i < 3_000; i++) {
            Routing routing =
                    TunnelRouter.route(Mesh.EAST, role, catalog, PathTable.EMPTY, CLIENT, Mesh.request(), random);
            shares.merge(answer.apply(routing), 1 / 3_000.0, Double::sum);
        }
        return shares;
    }

    private static List<SocketAddress> addresses(Routing routing) {
        return switch (routing) {
            case Routing.Deliver deliver ->
                deliver.candidates().stream().map(Candidate.Backend::address).toList();
            case Routing.Forward forward ->
                forward.candidates().stream().map(Candidate::address).toList();
            case Routing.Refuse refuse -> throw new AssertionError(refuse.detail());
        };
    }

    private static void assertRefused(Refusal why, Routing routing) {
        assertThat(routing)
                .isInstanceOfSatisfying(
                        Routing.Refuse.class, refuse -> assertThat(refuse.why()).isEqualTo(why));
    }
}
