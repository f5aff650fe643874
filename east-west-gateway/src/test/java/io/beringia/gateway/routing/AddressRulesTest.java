package io.beringia.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:15008",
                "127.255.0.9:15008",
                "[::1]:15008",
                "[::ffff:7f00:1]:15008",
                "169.254.169.254:80",
                "[::ffff:a9fe:a9fe]:80",
                "[fe80::1]:15008",
                "[febf::1]:15008",
                "[fd00:ec2::254]:80",
                "0.0.0.0:15008",
                "[::]:15008",
                "224.0.0.1:15008",
                "255.255.255.255:15008",
                "[ff02::1]:15008",
                "10.1.0.1:15008",
                "10.1.0.1:443",
                "[::ffff:a01:1]:15008",
                "10.9.9.9:15000",
                "10.9.9.9:15020",
                "10.9.9.9:15021"
            })
    void is_never_dialled(String address) {
        assertThat(AddressRules.refusal(Mesh.EAST, SocketAddress.parse(address)))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.1.1.1:15008", "192.168.0.1:15008", "[2001:db8::1]:15008", "[fd00::1]:15008", "8.8.8.8:443"})
    void may_be_dialled(String address) {
        assertThat(AddressRules.refusal(Mesh.EAST, SocketAddress.parse(address)))
                .isEmpty();
    }

    @Test
    void a_lab_may_dial_loopback_but_not_itself_and_no_admin_port() {
        Self lab = Mesh.self(true);
        assertThat(AddressRules.refusal(lab, SocketAddress.parse("127.0.0.1:15008")))
                .isEmpty();
        assertThat(AddressRules.refusal(lab, SocketAddress.parse("127.0.0.2:15018")))
                .isEmpty();
        assertThat(AddressRules.refusal(lab, SocketAddress.parse("127.0.0.2:15008")))
                .isPresent();
        assertThat(AddressRules.refusal(lab, SocketAddress.parse("127.0.0.1:15000")))
                .isPresent();
        assertThat(AddressRules.refusal(lab, SocketAddress.parse("169.254.0.1:15008")))
                .isPresent();
    }

    @Test
    void a_node_is_no_endpoint() {
        Catalog catalog = Mesh.ofEast()
                .with(Mesh.pod("kube-proxy", "kube-system", "10.1.7.7")
                        .hostNetwork(true)
                        .build())
                .catalog();
        for (String node : List.of("10.1.7.7:15008", "[::ffff:a01:707]:15008")) {
            assertThat(AddressRules.refusal(
                            Mesh.EAST, catalog, new Candidate.Backend("uid", SocketAddress.parse(node))))
                    .as("%s", node)
                    .isPresent();
        }
        assertThat(AddressRules.refusal(
                        Mesh.EAST, catalog, new Candidate.Backend("uid", SocketAddress.parse("10.1.7.8:15008"))))
                .isEmpty();
    }

    /** Some other cluster may publish whatever it likes as the address of its gateway. */
    @ParameterizedTest
    @CsvSource({
        "cluster.local, 10.96.0.1:443, true",
        "cluster.local, 10.1.7.7:6443, true",
        "cluster.local, 10.1.7.7:15008, false",
        "cluster.local, 10.96.0.2:443, false",
        "corp.example, 10.96.0.1:443, true",
        "corp.example, 10.1.7.7:6443, true"
    })
    void the_api_server_is_no_gateway_whatever_its_cluster_is_called(String domain, String address, boolean refused) {
        ServiceName api = ServiceName.parse("default/kubernetes.default.svc." + domain);
        Network here = Mesh.EAST.network();
        Catalog catalog = Catalog.of(
                1,
                PlanVersion.NONE,
                List.of(Mesh.pod("kubernetes", "default", "10.1.7.7")
                        .hostNetwork(true)
                        .services(Map.of(api, List.of(new ServicePort(443, 6443))))
                        .build()),
                List.of(new Service(
                        api,
                        List.of(new NetworkAddress(here, IpAddress.parse("10.96.0.1"))),
                        List.of(new ServicePort(443, 6443)),
                        List.of(),
                        Optional.empty(),
                        LoadBalancing.STANDARD,
                        false,
                        false)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        SocketAddress at = SocketAddress.parse(address);
        GatewayAddress claimed = new GatewayAddress(
                new ClusterId("west"),
                new RegionId("r-west"),
                new Network("n-west"),
                "gw",
                at,
                Mesh.gatewayIdentity("west"),
                Health.HEALTHY,
                1);
        assertThat(AddressRules.refusal(Mesh.EAST, catalog, claimed).isPresent())
                .isEqualTo(refused);
        assertThat(AddressRules.refusal(
                                Mesh.EAST,
                                catalog,
                                new Candidate.Gateway(claimed, io.beringia.discovery.catalog.PathState.UP))
                        .isPresent())
                .isEqualTo(refused);
    }

    @Test
    void a_gateway_is_no_endpoint_but_may_be_chosen_as_a_gateway() {
        Catalog catalog = Mesh.ofEast()
                .cluster("west", RegionStatus.ACTIVE, Mesh.gateway("west", "gw", "10.2.0.1"))
                .catalog();
        SocketAddress west = SocketAddress.parse("10.2.0.1:15008");
        assertThat(AddressRules.refusal(Mesh.EAST, catalog, new Candidate.Backend("uid", west)))
                .isPresent();
        for (String door : List.of("10.2.0.1:15018", "[::ffff:a02:1]:15008", "[::ffff:a02:1]:15018")) {
            assertThat(AddressRules.refusal(
                            Mesh.EAST, catalog, new Candidate.Backend("uid", SocketAddress.parse(door))))
                    .as("%s", door)
                    .isPresent();
        }
        assertThat(AddressRules.refusal(
                        Mesh.EAST,
                        catalog,
                        new Candidate.Gateway(
                                Mesh.gateway("west", "gw", "10.2.0.1"), io.beringia.discovery.catalog.PathState.UP)))
                .isEmpty();
    }
}
