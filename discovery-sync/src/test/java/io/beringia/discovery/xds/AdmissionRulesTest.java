package io.beringia.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.kube.Reviewed;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdmissionRulesTest {
    private static final String GATEWAY = "spiffe://mesh/ns/beringia-system/sa/gateway";
    private static final AdmissionRules RULES =
            new AdmissionRules(new ClusterId("east-1"), new Network("net-east"), Set.of(SpiffeId.parse(GATEWAY)));
    private static final Catalog KNOWN = FileCatalog.parse("""
            workloads:
            - {uid: east-1//Pod/demo/web-0, name: web-0, namespace: demo, cluster: east-1, network: net-east,
               trust-domain: mesh, service-account: web}
            - {uid: east-1/networking.istio.io/WorkloadEntry/demo/vm-1, name: vm-1, namespace: demo, cluster: east-1,
               network: net-east, trust-domain: mesh, service-account: vm}
            - {uid: east-1/networking.istio.io/WorkloadEntry/demo/web-0, name: web-0, namespace: demo, cluster: east-1,
               network: net-east, trust-domain: mesh, service-account: impostor}
            """);

    @ParameterizedTest
    @CsvSource({
        "ztunnel~10.0.0.1~z-1.istio-system~istio-system.svc.cluster.local, ZTUNNEL, 10.0.0.1, z-1, istio-system",
        "beringia-host~10.0.0.1~web-0.demo~demo.svc.cluster.local, HOST, 10.0.0.1, web-0, demo",
        "beringia-gateway~127.0.0.1~gw.beringia-system~beringia-system.svc.example, GATEWAY, 127.0.0.1, gw, beringia-system",
        "ztunnel~10.0.0.1~a.b.demo~demo.svc.cluster.local, ZTUNNEL, 10.0.0.1, a.b, demo"
    })
    void a_node_id_says_kind_address_pod_and_namespace(
            String id, NodeClaim.Kind kind, String address, String pod, String namespace) {
        assertThat(NodeClaim.parse(id, Map.of())).contains(new NodeClaim(kind, address, pod, namespace, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "ztunnel",
        "router~10.0.0.1~a.demo~demo.svc.cluster.local",
        "ztunnel~10.0.0.1~a~demo.svc.cluster.local",
        "ztunnel~10.0.0.1~.demo~demo.svc.cluster.local",
        "ztunnel~10.0.0.1~a.~demo.svc.cluster.local",
        "ztunnel~10.0.0.1~a.demo~other.svc.cluster.local",
        "ztunnel~10.0.0.1~a.demo~demo.svc.cluster.local~more"
    })
    void every_other_node_id_is_none(String id) {
        assertThat(NodeClaim.parse(id, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // headers, CLUSTER_ID, NETWORK, refused
        "'', '', '', false",
        "east-1, '', '', false",
        "Kubernetes, Kubernetes, net-east, false",
        "west-1, '', '', true",
        "'', west-1, '', true",
        "'', '', net-west, true"
    })
    void a_client_of_another_cluster_is_in_the_wrong_place(
            String header, String cluster, String network, boolean refused) {
        NodeClaim node = new NodeClaim(
                NodeClaim.Kind.ZTUNNEL, "10.0.0.1", "z", "demo", Map.of("CLUSTER_ID", cluster, "NETWORK", network));

        assertThat(why(RULES.strayed(node, List.of(header))))
                .isEqualTo(refused ? Optional.of(Admission.Refusal.OTHER_CLUSTER) : Optional.empty());
    }

    /** istio/istio#46090: every token was refused, and nobody was told which name was wrong where. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            west-1        | ''     | ''       | clusterid: west-1 (expected: east-1, by CLUSTER_ID of the ztunnel)
            east-1,east-1 | ''     | ''       | clusterid: [east-1, east-1] (expected: east-1, or none)
            ''            | west-1 | ''       | CLUSTER_ID: west-1 (expected: east-1)
            ''            | ''     | net-west | NETWORK: net-west (expected: net-east)
            """)
    void both_names_are_said_and_where_one_is_set(String headers, String cluster, String network, String detail) {
        NodeClaim node = new NodeClaim(
                NodeClaim.Kind.ZTUNNEL, "10.0.0.1", "z", "demo", Map.of("CLUSTER_ID", cluster, "NETWORK", network));

        assertThat(RULES.strayed(node, List.of(headers.split(",", -1))).map(Admission.Verdict.Refused::detail))
                .contains(detail);
    }

    @ParameterizedTest
    @CsvSource({
        // token's namespace, account, pod; SERVICE_ACCOUNT said; refused
        "demo, web, '', '', false",
        "demo, web, web-0, web, false",
        "other, web, '', '', true",
        "demo, web, web-1, '', true",
        "demo, web, '', root, true"
    })
    void a_token_must_be_of_the_node(String namespace, String account, String pod, String said, boolean refused) {
        NodeClaim node =
                new NodeClaim(NodeClaim.Kind.ZTUNNEL, "10.0.0.1", "web-0", "demo", Map.of("SERVICE_ACCOUNT", said));
        Reviewed token =
                new Reviewed.Account(namespace, account, Optional.of(pod).filter(it -> !it.isEmpty()));

        assertThat(why(RULES.ofZtunnel(node, token)))
                .isEqualTo(refused ? Optional.of(Admission.Refusal.OTHER_ACCOUNT) : Optional.empty());
    }

    @Test
    void a_token_that_nobody_knows_or_judges_admits_nobody() {
        NodeClaim node = new NodeClaim(NodeClaim.Kind.ZTUNNEL, "10.0.0.1", "web-0", "demo", Map.of());

        assertThat(why(RULES.ofZtunnel(node, new Reviewed.Refused("unknown")))).contains(Admission.Refusal.BAD_TOKEN);
        assertThat(why(RULES.ofZtunnel(node, new Reviewed.Unavailable("silent"))))
                .contains(Admission.Refusal.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        GATEWAY + ", east-1, ''",
        GATEWAY + ", west-1, OTHER_CLUSTER",
        GATEWAY + ", '', OTHER_CLUSTER",
        "spiffe://mesh/ns/demo/sa/web, east-1, NOT_A_GATEWAY",
        "spiffe://other/ns/beringia-system/sa/gateway, east-1, NOT_A_GATEWAY"
    })
    void a_gateway_is_one_of_our_cluster(String id, String cluster, String refusal) {
        assertThat(why(RULES.ofGateway(peer(id, cluster)))).isEqualTo(expected(refusal));
    }

    @ParameterizedTest
    @CsvSource({
        "web-0, spiffe://mesh/ns/demo/sa/web, east-1, ''",
        "web-0, spiffe://mesh/ns/demo/sa/root, east-1, OTHER_ACCOUNT",
        "web-0, spiffe://mesh/ns/demo/sa/web, west-1, OTHER_CLUSTER",
        "web-9, spiffe://mesh/ns/demo/sa/web, east-1, UNKNOWN_WORKLOAD"
    })
    void a_host_is_the_workload_that_it_names(String pod, String id, String cluster, String refusal) {
        NodeClaim node = new NodeClaim(NodeClaim.Kind.HOST, "10.0.0.1", pod, "demo", Map.of());

        assertThat(why(RULES.ofHost(node, peer(id, cluster), KNOWN))).isEqualTo(expected(refusal));
        assertThat(why(RULES.ofHost(node, peer(id, cluster), Catalog.EMPTY)))
                .as("before anything is known")
                .contains(Admission.Refusal.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "vm-1, vm-1, spiffe://mesh/ns/demo/sa/vm, ''",
        "vm-1, vm-1, spiffe://mesh/ns/demo/sa/web, OTHER_ACCOUNT",
        "vm-1, '', spiffe://mesh/ns/demo/sa/vm, UNKNOWN_WORKLOAD",
        "vm-1, vm-2, spiffe://mesh/ns/demo/sa/vm, UNKNOWN_WORKLOAD",
        "vm-9, vm-9, spiffe://mesh/ns/demo/sa/vm, UNKNOWN_WORKLOAD",
        "web-0, web-0, spiffe://mesh/ns/demo/sa/impostor, ''",
        "web-0, '', spiffe://mesh/ns/demo/sa/impostor, OTHER_ACCOUNT",
        "web-0, vm-1, spiffe://mesh/ns/demo/sa/vm, OTHER_ACCOUNT"
    })
    void a_host_may_be_a_workload_entry_and_says_so(String pod, String entry, String id, String refusal) {
        NodeClaim node = new NodeClaim(NodeClaim.Kind.HOST, "10.0.0.1", pod, "demo", Map.of("WORKLOAD_ENTRY", entry));

        assertThat(why(RULES.ofHost(node, peer(id, "east-1"), KNOWN))).isEqualTo(expected(refusal));
        assertThat(AdmissionRules.hostClaim(node, peer(id, "east-1")))
                .as("for whom it may speak")
                .isEqualTo(Optional.of(new HostClaim("demo", pod, SpiffeId.parse(id), "10.0.0.1"))
                        .filter(it -> pod.equals(entry)));
    }

    private static Optional<Admission.Refusal> expected(String refusal) {
        return refusal.isEmpty() ? Optional.empty() : Optional.of(Admission.Refusal.valueOf(refusal));
    }

    private static Optional<Admission.Refusal> why(Optional<Admission.Verdict.Refused> refused) {
        return refused.map(Admission.Verdict.Refused::why);
    }

    private static PeerVerdict.Verified peer(String id, String cluster) {
        return new PeerVerdict.Verified(
                SpiffeId.parse(id),
                Optional.of(cluster).filter(it -> !it.isEmpty()),
                "leaf",
                "root",
                1,
                Instant.parse("2027-01-01T00:00:00Z"));
    }
}
