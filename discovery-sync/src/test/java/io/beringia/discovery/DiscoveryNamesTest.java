package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.LabApi;
import io.beringia.discovery.dns.DnsClient;
import io.beringia.discovery.dns.RecordType;
import io.beringia.discovery.lab.LabFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a discovery answers of names before its API was read whole. */
final class DiscoveryNamesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "cart.shop.svc.clusterset.local";
    private static final String IMPORTED = LabCluster.SHOP + """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceexports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}]}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: serviceimports.multicluster.x-k8s.io}
            spec: {versions: [{name: v1beta1}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {clusterIP: 10.0.0.1, ipFamilies: [IPv4], ports: [{port: 80}]}
            ---
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop}
            ---
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceImport
            metadata:
              name: cart
              namespace: shop
              labels: {multicluster.beringia.io/managed-by: discovery-sync.beringia.io}
            spec: {type: ClusterSetIP, ips: [241.0.0.7], ipFamilies: [IPv4], ports: [{port: 80}]}
            status: {clusters: [{cluster: east}]}
            """;

    @TempDir
    private Path directory;

    /** coredns/coredns#7350: names that exist were denied before imports and endpoints had been listed. */
    @ParameterizedTest
    @ValueSource(strings = {"serviceimports", "namespaces", "endpointslices"})
    void a_name_that_exists_is_not_denied_while_something_was_not_listed_yet(String late) throws Exception {
        LabApi api = LabApi.start(Files.createDirectory(directory.resolve("manifests")), IMPORTED);
        api.lab().fail(new LabFault.SlowListsOf(late, Duration.ofMillis(500)));
        TestMesh mesh = new TestMesh(directory.resolve("ca"), "east");
        try (LabCluster east = LabCluster.ofClusterset(api, directory, mesh, "east", "net", List.of())) {
            DnsClient names = new DnsClient(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), east.discovery().dnsPort()),
                    PATIENCE);
            List<String> codes = new ArrayList<>();

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                DnsClient.Reply reply = names.ask(NAME, RecordType.A, 1);
                codes.add(DnsClient.word(reply.code()));
                return reply.of("answer").equals(List.of(NAME + ". 5 A 241.0.0.7"));
            });

            assertThat(codes).startsWith("SERVFAIL").containsOnly("SERVFAIL", "NOERROR");
        }
    }
}
