package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.WEST;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.routing.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InboundRulesTest {
    private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");
    private static final InboundRules RULES = new InboundRules(
            new HostConfig.Inbound(
                    SocketAddress.parse("10.1.0.2:15008"), LOCALHOST, Set.of(7070), Set.of(15_000), true),
            Set.of(15_008, 15_080, 15_000));
    private static final InboundRules.Caller CALLER = new InboundRules.Caller(
            id("shop", "client"), SocketAddress.parse("10.1.0.1:40000"), SocketAddress.parse("10.1.0.2:15008"));
    private static final Workload SERVER = server().build();

    @ParameterizedTest
    @CsvSource({
        "10.1.0.2:8080, 8080",
        "10.1.0.2:7070, 7070",
        "echo.demo.svc.cluster.local:80, 8080",
    })
    void dials_the_application_on_the_target_port(String authority, int port) {
        assertThat(answer(SERVER, authority))
                .isEqualTo(new InboundRules.Answer.Dial(new SocketAddress(LOCALHOST, port), port, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.3:8080, BAD_AUTHORITY",
        "nonsense, BAD_AUTHORITY",
        "10.1.0.2, BAD_AUTHORITY",
        "10.1.0.2:0, BAD_AUTHORITY",
        "unknown.demo.svc.cluster.local:80, NO_ENDPOINT",
        "echo.demo.svc.cluster.local:81, NO_ENDPOINT",
        "10.1.0.2:15008, NO_ENDPOINT",
        "10.1.0.2:15080, NO_ENDPOINT",
        "10.1.0.2:15000, NO_ENDPOINT",
        "10.1.0.2:22, RBAC_DENIED",
    })
    void refuses_what_is_not_its_own(String authority, Refusal why) {
        assertThat(answer(SERVER, authority))
                .as("%s", authority)
                .isInstanceOfSatisfying(
                        InboundRules.Answer.Refuse.class,
                        refused -> assertThat(refused.why()).isEqualTo(why));
    }

    @Test
    void the_probe_is_answered_here_and_judged_like_all_else() {
        assertThat(answer(SERVER, "10.1.0.2:7")).isEqualTo(new InboundRules.Answer.Probe(7));
        assertThat(answer(SERVER, "10.1.0.2:7", policy(Policy.Action.DENY, "cluster.local/ns/shop/sa/client")))
                .isInstanceOf(InboundRules.Answer.Refuse.class);
    }

    @Test
    void policies_judge_the_target_port_and_the_proved_identity() {
        Policy deny = policy(Policy.Action.DENY, "cluster.local/ns/shop/sa/client");
        assertThat(answer(SERVER, "10.1.0.2:8080", deny))
                .isInstanceOfSatisfying(
                        InboundRules.Answer.Refuse.class,
                        refused -> assertThat(refused.why()).isEqualTo(Refusal.RBAC_DENIED));
        Policy other = policy(Policy.Action.DENY, "cluster.local/ns/shop/sa/other");
        assertThat(answer(SERVER, "10.1.0.2:8080", other)).isInstanceOf(InboundRules.Answer.Dial.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.96.0.10:80", "10.1.0.3:8080"})
    void an_application_tunnel_takes_every_address(String authority) {
        Workload tunnelled = server().proxyProtocolPort(9090)
                .services(Map.of(ECHO, List.of(new ServicePort(80, 80), new ServicePort(81, 8080))))
                .build();
        InboundRules.Answer.Dial dial = (InboundRules.Answer.Dial) answer(tunnelled, authority);
        assertThat(dial.application()).hasToString("127.0.0.1:9090");
        assertThat(dial.header())
                .contains(new ProxyHeader(CALLER.source(), SocketAddress.parse(authority), CALLER.peer()));
    }

    @Test
    void an_application_tunnel_is_told_the_service_address_for_a_name() {
        Workload tunnelled = server().proxyProtocolPort(9090).build();
        InboundRules.Answer.Dial dial = (InboundRules.Answer.Dial) answer(tunnelled, "echo.demo.svc.cluster.local:80");
        assertThat(dial.target()).as("what policies judge").isEqualTo(8080);
        assertThat(dial.header().orElseThrow().destination()).hasToString("10.96.0.10:80");
    }

    @Test
    void a_waypoint_takes_the_addresses_that_lead_to_it() {
        ServiceName name = new ServiceName("demo", "waypoint.demo.svc.cluster.local");
        Workload waypoint = server().services(Map.of(name, List.of(new ServicePort(80, 80))))
                .build();
        Service behind = echo(Optional.of(new GatewayRef.ByHostname(name, 15_008)));
        assertThat(RULES.answer(catalog(waypoint, List.of(behind)), waypoint, CALLER, "10.96.0.10:80"))
                .isInstanceOf(InboundRules.Answer.Dial.class);
        assertThat(RULES.answer(catalog(waypoint, List.of(echo(Optional.empty()))), waypoint, CALLER, "10.96.0.10:80"))
                .isInstanceOf(InboundRules.Answer.Refuse.class);
    }

    private static Workload.Builder server() {
        return Workload.named("west-1//Pod/demo/echo", "demo", "echo", new ClusterId("west-1"), WEST)
                .addresses(List.of(IpAddress.parse("10.1.0.2")))
                .services(Map.of(ECHO, List.of(new ServicePort(80, 8080))));
    }

    private static Service echo(Optional<GatewayRef> waypoint) {
        return new Service(
                ECHO,
                List.of(new NetworkAddress(WEST, IpAddress.parse("10.96.0.10"))),
                List.of(new ServicePort(80, 8080)),
                List.of(),
                waypoint,
                LoadBalancing.STANDARD,
                true,
                false);
    }

    private static InboundRules.Answer answer(Workload self, String authority, Policy... policies) {
        return RULES.answer(catalog(self, List.of(echo(Optional.empty())), policies), self, CALLER, authority);
    }

    private static Catalog catalog(Workload self, List<Service> services, Policy... policies) {
        return Catalog.of(
                1, PlanVersion.NONE, List.of(self), services, List.of(policies), List.of(), List.of(), List.of());
    }

    private static Policy policy(Policy.Action action, String principal) {
        Policy.Match match = Policy.Match.ofPrincipals(List.of(new Policy.Text.Exact(principal)));
        return new Policy(
                "demo",
                "p",
                Policy.Scope.NAMESPACE,
                action,
                List.of(new Policy.Rule(List.of(new Policy.Clause(List.of(match))))),
                false);
    }
}
