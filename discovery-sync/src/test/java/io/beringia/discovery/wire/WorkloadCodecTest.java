package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.MessageLite;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.security.proto.Authorization;
import io.beringia.discovery.wire.security.proto.Clause;
import io.beringia.discovery.wire.security.proto.Match;
import io.beringia.discovery.wire.security.proto.Rule;
import io.beringia.discovery.wire.workload.proto.Address;
import io.beringia.discovery.wire.workload.proto.GatewayAddress;
import io.beringia.discovery.wire.workload.proto.LoadBalancing;
import io.beringia.discovery.wire.workload.proto.NetworkAddress;
import io.beringia.discovery.wire.workload.proto.Port;
import io.beringia.discovery.wire.workload.proto.PortList;
import io.beringia.discovery.wire.workload.proto.TunnelProtocol;
import io.beringia.discovery.wire.workload.proto.WeightedWaypoint;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkloadCodecTest {
    private static final int SEEDS = 1_000;

    @Test
    void decoding_is_the_inverse_of_encoding() {
        for (long seed = 0; seed < SEEDS; seed++) {
            MeshValue value = new MeshValues(seed).any();
            EncodedResource resource = WorkloadCodec.encode(value);

            assertThat(WorkloadCodec.decode(resource.type(), resource.bytes()))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(resource.name()).as("seed %d", seed).isEqualTo(value.name());
        }
    }

    @Test
    void a_ztunnel_takes_every_value_a_catalog_can_hold() {
        for (long seed = 0; seed < SEEDS; seed++) {
            EncodedResource resource = WorkloadCodec.encode(new MeshValues(seed).any());

            assertThat(ZtunnelRules.refusal(resource.type(), resource.bytes()))
                    .as("seed %d: %s", seed, resource)
                    .isEmpty();
        }
    }

    @Test
    void a_catalog_of_such_values_survives_the_file_too() {
        for (long seed = 0; seed < 200; seed++) {
            MeshValues values = new MeshValues(seed);
            Catalog catalog = Catalog.of(
                    1,
                    new PlanVersion(seed, 1),
                    List.of(values.workload()),
                    List.of(values.service()),
                    List.of(values.policy()),
                    List.of(values.exported()),
                    List.of(values.relayTarget()),
                    List.of(values.cluster()));

            assertThat(FileCatalog.parse(FileCatalog.print(catalog)))
                    .as("seed %d", seed)
                    .isEqualTo(catalog);
        }
    }

    @Test
    void equal_values_are_equal_bytes_in_whatever_order_they_were_built() {
        Map<ServiceName, List<ServicePort>> forward = new LinkedHashMap<>();
        Map<ServiceName, List<ServicePort>> backward = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            forward.put(new ServiceName("demo", "s" + i), List.of(new ServicePort(80, i)));
            backward.put(new ServiceName("demo", "s" + (49 - i)), List.of(new ServicePort(80, 49 - i)));
        }

        assertThat(encoded(forward)).isEqualTo(encoded(backward));
    }

    @Test
    void the_version_is_the_same_in_every_process_and_release() {
        assertThat(encoded(Map.of()).version()).isEqualTo("08bff940adb86ed0");
    }

    @Test
    void says_nothing_where_istio_has_a_default() {
        Address message = message(Workload.named("a/b/c", "demo", "a", new ClusterId("kubernetes"), new Network("net1"))
                .build());

        assertThat(message.getWorkload().getTrustDomain()).isEmpty();
        assertThat(message.getWorkload().getServiceAccount()).isEmpty();
        assertThat(message.getWorkload().getClusterId()).isEmpty();
        assertThat(message.getWorkload().hasCapacity()).isFalse();
    }

    @Test
    void refuses_messages_that_no_catalog_can_hold() {
        assertThatThrownBy(() -> WorkloadCodec.decode(
                        ResourceType.ADDRESS, Address.getDefaultInstance().toByteString()))
                .hasMessage("address: empty (expected: a workload or service)");
        assertThatThrownBy(() -> WorkloadCodec.decode(ResourceType.ADDRESS, ByteString.copyFromUtf8("\u0001")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ADDRESS: 1 bytes");
        assertThatThrownBy(() -> WorkloadCodec.decode(
                        ResourceType.ADDRESS,
                        workload(builder -> builder.setUid("one/slash").setNetwork("n"))
                                .toByteString()))
                .hasMessageContaining("at least two slashes");
    }

    static Stream<Arguments> refused() {
        NetworkAddress tooShort = NetworkAddress.newBuilder()
                .setAddress(ByteString.copyFrom(new byte[5]))
                .build();
        NetworkAddress block = NetworkAddress.newBuilder()
                .setAddress(ByteString.copyFrom(new byte[4]))
                .setLength(33)
                .build();
        GatewayAddress nowhere =
                GatewayAddress.newBuilder().setHboneMtlsPort(15008).build();
        return Stream.of(
                Arguments.of("neither workload nor service", Address.getDefaultInstance()),
                Arguments.of("unknown tunnel protocol", workload(it -> it.setTunnelProtocolValue(9))),
                Arguments.of(
                        "legacy tunnel protocol",
                        workload(it -> it.setTunnelProtocol(TunnelProtocol.LEGACY_ISTIO_MTLS))),
                Arguments.of("unknown network mode", workload(it -> it.setNetworkModeValue(2))),
                Arguments.of("unknown status", workload(it -> it.setStatusValue(2))),
                Arguments.of("address of 3 bytes", workload(it -> it.addAddresses(ByteString.copyFrom(new byte[3])))),
                Arguments.of("gateway without destination", workload(it -> it.setWaypoint(nowhere))),
                Arguments.of("gateway without destination", workload(it -> it.setNetworkGateway(nowhere))),
                Arguments.of(
                        "address of 5 bytes",
                        workload(it ->
                                it.setNetworkGateway(GatewayAddress.newBuilder().setAddress(tooShort)))),
                Arguments.of(
                        "service without namespace: echo",
                        workload(it -> it.putServices("echo", PortList.getDefaultInstance()))),
                Arguments.of("port 0:80", workload(it -> it.putServices("a/b", ports(0, 80)))),
                Arguments.of("port 80:65536", workload(it -> it.putServices("a/b", ports(80, 65_536)))),
                Arguments.of("port 65536:80", service(it -> it.addPorts(port(65_536, 80)))),
                Arguments.of("port 4294967295:80", service(it -> it.addPorts(port(-1, 80)))),
                Arguments.of("unknown IP families", service(it -> it.setIpFamiliesValue(4))),
                Arguments.of("address of 5 bytes", service(it -> it.addAddresses(tooShort))),
                Arguments.of("block of length 33", service(it -> it.addAddresses(block))),
                Arguments.of("gateway without destination", service(it -> it.setWaypoint(nowhere))),
                Arguments.of(
                        "gateway without destination",
                        service(it -> it.addWeightedWaypoints(WeightedWaypoint.getDefaultInstance()))),
                Arguments.of(
                        "unknown load-balancing mode",
                        service(it ->
                                it.setLoadBalancing(LoadBalancing.newBuilder().setModeValue(4)))),
                Arguments.of(
                        "unknown health policy",
                        service(it ->
                                it.setLoadBalancing(LoadBalancing.newBuilder().setHealthPolicyValue(2)))),
                Arguments.of(
                        "unknown load-balancing scope",
                        service(it -> it.setLoadBalancing(LoadBalancing.newBuilder()
                                .addRoutingPreference(LoadBalancing.Scope.UNSPECIFIED_SCOPE)))),
                Arguments.of(
                        "unknown load-balancing scope",
                        service(it ->
                                it.setLoadBalancing(LoadBalancing.newBuilder().addRoutingPreferenceValue(7)))),
                Arguments.of(
                        "unknown policy scope",
                        Authorization.newBuilder().setScopeValue(3).build()),
                Arguments.of(
                        "unknown policy action",
                        Authorization.newBuilder().setActionValue(2).build()),
                Arguments.of("address of 0 bytes", block(0, 0)),
                Arguments.of("block of length 129", block(16, 129)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void names_what_a_ztunnel_would_refuse(String reason, MessageLite message) {
        ResourceType type = message instanceof Address ? ResourceType.ADDRESS : ResourceType.AUTHORIZATION;

        assertThat(ZtunnelRules.refusal(type, message.toByteString())).isEqualTo(Optional.of(reason));
    }

    @Test
    void names_bytes_that_are_no_message() {
        assertThat(ZtunnelRules.refusal(ResourceType.ADDRESS, ByteString.copyFromUtf8("\u0001")))
                .contains("undecodable");
    }

    @Test
    void a_ztunnel_takes_an_unknown_visibility_and_several_ports_of_one_number() {
        Address odd =
                service(it -> it.setVisibilityValue(7).addPorts(port(80, 1)).addPorts(port(80, 2)));

        assertThat(ZtunnelRules.refusal(ResourceType.ADDRESS, odd.toByteString()))
                .isEmpty();
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(
                        io.beringia.discovery.wire.workload.proto.Workload.getDescriptor(),
                        "istio.workload.Workload",
                        "name 1, namespace 2, addresses 3, network 4, tunnel_protocol 5, trust_domain 6, service_account 7,"
                                + " waypoint 8, node 9, canonical_name 10, canonical_revision 11, workload_type 12,"
                                + " workload_name 13, native_tunnel 14, authorization_policies 16, status 17, cluster_id 18,"
                                + " network_gateway 19, uid 20, hostname 21, services 22, application_tunnel 23, locality 24,"
                                + " network_mode 25, extensions 26, capacity 27"),
                Arguments.of(
                        io.beringia.discovery.wire.workload.proto.Service.getDescriptor(),
                        "istio.workload.Service",
                        "name 1, namespace 2, hostname 3, addresses 4, ports 5, subject_alt_names 6, waypoint 7,"
                                + " load_balancing 8, ip_families 9, extensions 10, canonical 11, ingress_use_waypoint 12,"
                                + " weighted_waypoints 13, visibility 14"),
                Arguments.of(
                        Authorization.getDescriptor(),
                        "istio.security.Authorization",
                        "name 1, namespace 2, scope 3, action 4, rules 5, dry_run 6"),
                Arguments.of(
                        Match.getDescriptor(),
                        "istio.security.Match",
                        "namespaces 1, not_namespaces 2, principals 3, not_principals 4, source_ips 5, not_source_ips 6,"
                                + " destination_ips 7, not_destination_ips 8, destination_ports 9,"
                                + " not_destination_ports 10, service_accounts 11, not_service_accounts 12"),
                Arguments.of(
                        DeltaDiscoveryRequest.getDescriptor(),
                        "envoy.service.discovery.v3.DeltaDiscoveryRequest",
                        "node 1, type_url 2, resource_names_subscribe 3, resource_names_unsubscribe 4,"
                                + " initial_resource_versions 5, response_nonce 6, error_detail 7"),
                Arguments.of(
                        DeltaDiscoveryResponse.getDescriptor(),
                        "envoy.service.discovery.v3.DeltaDiscoveryResponse",
                        "system_version_info 1, resources 2, type_url 4, nonce 5, removed_resources 6"));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void messages_have_the_numbers_of_upstream(Descriptor message, String name, String numbers) {
        assertThat(message.getFullName()).isEqualTo(name);
        assertThat(message.getFields().stream()
                        .sorted((a, b) -> Integer.compare(a.getNumber(), b.getNumber()))
                        .map(field -> field.getName() + " " + field.getNumber())
                        .collect(Collectors.joining(", ")))
                .isEqualTo(numbers);
    }

    private static EncodedResource encoded(Map<ServiceName, List<ServicePort>> services) {
        return WorkloadCodec.encode(new MeshValue.OfWorkload(
                Workload.named("c1//Pod/demo/a", "demo", "a", new ClusterId("c1"), new Network("net1"))
                        .services(services)
                        .build()));
    }

    private static Address message(Workload workload) {
        return WorkloadMessages.address(workload);
    }

    private static Address workload(Consumer<io.beringia.discovery.wire.workload.proto.Workload.Builder> change) {
        Address.Builder address = Address.newBuilder();
        change.accept(address.getWorkloadBuilder());
        return address.build();
    }

    private static Address service(Consumer<io.beringia.discovery.wire.workload.proto.Service.Builder> change) {
        Address.Builder address = Address.newBuilder();
        change.accept(address.getServiceBuilder());
        return address.build();
    }

    private static Authorization block(int bytes, int length) {
        io.beringia.discovery.wire.security.proto.Address block =
                io.beringia.discovery.wire.security.proto.Address.newBuilder()
                        .setAddress(ByteString.copyFrom(new byte[bytes]))
                        .setLength(length)
                        .build();
        Match match = Match.newBuilder().addNotDestinationIps(block).build();
        return Authorization.newBuilder()
                .addRules(Rule.newBuilder().addClauses(Clause.newBuilder().addMatches(match)))
                .build();
    }

    private static Port port(int service, int target) {
        return Port.newBuilder().setServicePort(service).setTargetPort(target).build();
    }

    private static PortList ports(int service, int target) {
        return PortList.newBuilder().addPorts(port(service, target)).build();
    }
}
