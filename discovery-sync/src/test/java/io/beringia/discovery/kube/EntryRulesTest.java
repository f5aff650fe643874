package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePort;
import io.beringia.discovery.catalog.Workload;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ServiceEntries and WorkloadEntries in, services and workloads out. */
final class EntryRulesTest {
    private static final LocalCluster CLUSTER = new LocalCluster(
            new ClusterId("us-east"),
            new Network("net-east"),
            new TrustDomain("cluster.local"),
            "cluster.local",
            "istio-system");
    private static final ServiceName LEDGER = new ServiceName("shop", "ledger.example.org");
    private static final String MACHINE = """
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: vm-1, namespace: shop, labels: {app: ledger}, annotations: {ambient.istio.io/redirection: enabled}}
            spec:
              address: 192.0.2.1
              ports: {http: 8080, admin: 9090}
              labels: {app: overruled, tier: db}
              locality: us-east/us-east-a/rack-7
              weight: 3
              serviceAccount: ledger
            """;
    private static final String ENTRY = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: ledger, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec:
              hosts: [ledger.example.org]
              addresses: [240.240.0.7]
              ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: raw, protocol: TCP, targetPort: 8181}, {number: 53, name: dns, protocol: UDP}]
              resolution: STATIC
              %s
            """;
    private static final String SELECTING = ENTRY.formatted("workloadSelector: {labels: {app: ledger}}");

    private static LocalPart translate(String... manifests) {
        return Manifests.translate(CLUSTER, List.of(manifests));
    }

    private static Workload onlyWorkload(LocalPart part) {
        assertThat(part.workloads()).as("workloads").hasSize(1);
        return part.workloads().getFirst();
    }

    private static Service onlyService(LocalPart part) {
        assertThat(part.services()).as("services").hasSize(1);
        return part.services().getFirst();
    }

    @Test
    void a_machine_is_a_workload_of_the_entry_that_selects_it() {
        LocalPart part = translate(SELECTING, MACHINE);
        Workload machine = onlyWorkload(part);

        assertThat(machine.uid()).isEqualTo("us-east/networking.istio.io/WorkloadEntry/shop/vm-1");
        assertThat(machine.addresses()).hasToString("[192.0.2.1]");
        assertThat(machine.tunnel()).isEqualTo(Workload.Tunnel.HBONE);
        assertThat(machine.identity()).hasToString("spiffe://cluster.local/ns/shop/sa/ledger");
        assertThat(machine.locality()).isEqualTo(new Locality("us-east", "us-east-a", "rack-7"));
        assertThat(machine.capacity()).as("by its weight").isEqualTo(3_000);
        assertThat(machine.network()).isEqualTo(new Network("net-east"));
        assertThat(machine.services())
                .as("by the name of the port, else the target of the entry")
                .isEqualTo(Map.of(LEDGER, List.of(new ServicePort(80, 8080), new ServicePort(81, 8181))));
        assertThat(onlyService(part).subjectAltNames())
                .containsExactly(SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/ledger"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # annotation for health checks | condition Healthy | health
            ''                            | ''      | HEALTHY
            ''                            | 'True'  | HEALTHY
            ''                            | 'False' | UNHEALTHY
            'true'                        | ''      | UNHEALTHY
            'true'                        | 'True'  | HEALTHY
            'true'                        | Unknown | UNHEALTHY
            """)
    void a_machine_is_as_healthy_as_whoever_looks_after_it_says(String checks, String condition, Health health) {
        String machine = MACHINE.replace(
                        "annotations: {", "annotations: {proxy.istio.io/health-checks-enabled: \"" + checks + "\", ")
                + (condition.isEmpty()
                        ? ""
                        : "status: {conditions: [{type: Healthy, status: \"" + condition + "\"}]}\n");

        assertThat(onlyWorkload(translate(machine)).health()).isEqualTo(health);
    }

    @Test
    void a_service_of_kubernetes_selects_machines_too_and_named_targets_are_theirs() {
        Workload machine = onlyWorkload(translate("""
                apiVersion: v1
                kind: Service
                metadata: {name: ledger, namespace: shop}
                spec:
                  selector: {app: ledger}
                  ports: [{name: a, port: 80, targetPort: admin}, {name: b, port: 81, targetPort: none}, {name: http, port: 82}]
                """, MACHINE));

        assertThat(machine.services())
                .isEqualTo(Map.of(
                        new ServiceName("shop", "ledger.shop.svc.cluster.local"),
                        List.of(new ServicePort(80, 9090), new ServicePort(82, 8080))));
    }

    @Test
    void an_entry_lists_its_endpoints() {
        LocalPart part = translate(
                ENTRY.formatted(
                        "endpoints: [{address: 192.0.2.1, ports: {http: 9080}}, {address: db.example.org, network: net-west, weight: 2}, {address: unix:///run/db.sock}]"));

        assertThat(part.workloads())
                .extracting(Workload::uid)
                .containsExactly(
                        "us-east/networking.istio.io/ServiceEntry/shop/ledger/192.0.2.1",
                        "us-east/networking.istio.io/ServiceEntry/shop/ledger/db.example.org");
        Workload first = part.workloads().getFirst();
        assertThat(first.services())
                .isEqualTo(Map.of(LEDGER, List.of(new ServicePort(80, 9080), new ServicePort(81, 8181))));
        Workload second = part.workloads().getLast();
        assertThat(second.hostname()).isEqualTo(Optional.of("db.example.org"));
        assertThat(second.addresses()).isEmpty();
        assertThat(second.network()).as("its own word").isEqualTo(new Network("net-west"));
        assertThat(second.capacity()).isEqualTo(2_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # resolution | hosts                              | mode        | endpoints
            STATIC       | [ledger.example.org]               | STANDARD    | []
            DNS          | [ledger.example.org]               | STANDARD    | [ledger.example.org]
            DNS_ROUND_ROBIN | [ledger.example.org]            | STANDARD    | [ledger.example.org]
            DNS          | [a.example.org, b.example.org]     | STANDARD    | [a.example.org, b.example.org]
            DNS          | ['*.example.org']                  | STANDARD    | []
            NONE         | [ledger.example.org]               | PASSTHROUGH | []
            """)
    void its_resolution_says_where_the_endpoints_are(
            String resolution, String hosts, LoadBalancing.Mode mode, String endpoints) {
        LocalPart part =
                translate(ENTRY.formatted("").replace("STATIC", resolution).replace("[ledger.example.org]", hosts));

        assertThat(part.services()).extracting(it -> it.loadBalancing().mode()).containsOnly(mode);
        assertThat(part.workloads().stream()
                        .flatMap(it -> it.hostname().stream())
                        .toList())
                .hasToString(endpoints);
        assertThat(part.workloads()).allSatisfy(it -> assertThat(it.services()).hasSize(1));
    }

    @Test
    void its_addresses_are_its_own_or_those_that_istio_gave_to_the_host() {
        String status =
                "status: {addresses: [{value: 240.240.1.9, host: ledger.example.org}, {value: 240.240.1.8, host: other}]}\n";
        String without = ENTRY.formatted("").replace("addresses: [240.240.0.7]", "addresses: []");

        assertThat(onlyService(translate(ENTRY.formatted("") + status)).addresses())
                .hasToString("[net-east/240.240.0.7]");
        assertThat(onlyService(translate(without + status)).addresses()).hasToString("[net-east/240.240.1.9]");
        assertThat(onlyService(translate(without.replace("STATIC", "NONE") + status))
                        .addresses())
                .as("the client's own address is kept")
                .isEmpty();
    }

    @Test
    void a_name_belongs_to_kubernetes_or_to_the_oldest_entry() {
        String clash = ENTRY.formatted("endpoints: [{address: 192.0.2.9}]")
                .replace("name: ledger, namespace", "name: later, namespace")
                .replace("2026-01", "2026-02");
        LocalPart two = translate(ENTRY.formatted("endpoints: [{address: 192.0.2.1}]"), clash);
        assertThat(two.services()).hasSize(1);
        assertThat(onlyWorkload(two).addresses()).as("of the oldest").hasToString("[192.0.2.1]");

        LocalPart kubernetes = translate("""
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop}
                spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}
                """, clash.replace("ledger.example.org", "cart.shop.svc.cluster.local"));
        assertThat(onlyService(kubernetes).addresses()).hasToString("[net-east/10.0.0.1]");
        assertThat(kubernetes.workloads()).as("nothing is put into it").isEmpty();
    }

    @Test
    void a_pod_that_an_entry_selects_serves_it_where_its_port_of_that_name_is() {
        Workload pod = onlyWorkload(translate(SELECTING, """
                apiVersion: v1
                kind: Pod
                metadata: {name: ledger-1, namespace: shop, labels: {app: ledger}}
                spec: {serviceAccountName: ledger, containers: [{name: app, ports: [{name: http, containerPort: 7070}]}]}
                status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "True"}]}
                """));

        assertThat(pod.services())
                .isEqualTo(Map.of(LEDGER, List.of(new ServicePort(80, 7070), new ServicePort(81, 8181))));
    }

    @Test
    void policies_and_privacy_hold_for_entries_too() {
        LocalPart part = translate(ENTRY.formatted("exportTo: [.]"), MACHINE, """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody, namespace: shop}
                spec: {selector: {matchLabels: {app: ledger}}}
                """);

        assertThat(onlyWorkload(part).policies()).containsExactly("shop/nobody");
        assertThat(onlyService(part).namespacePrivate()).isTrue();
    }
}
