package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.apiserver.TestApi;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.cli.DnsCommand;
import io.beringia.discovery.cli.ImportsCommand;
import io.beringia.discovery.dns.DnsClient;
import io.beringia.discovery.dns.RecordType;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.peering.PeerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Discoveries of two clusters of one network: what one exports is an import and a name in the other. */
abstract class ClustersetScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "cart.shop.svc.clusterset.local";
    private static final ServiceName CART = ClustersetName.of("shop", "cart");
    private static final String SLICE = """
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: cart-x, namespace: shop, labels: {kubernetes.io/service-name: cart}}
            addressType: IPv4
            ports: [{name: "", port: 8080}]
            endpoints:
            - {addresses: [10.1.0.1], hostname: cart-0, conditions: {ready: true}, targetRef: {kind: Pod, name: cart-1}}
            """;
    private static final String EXPORT = """
            ---
            apiVersion: multicluster.x-k8s.io/v1beta1
            kind: ServiceExport
            metadata: {name: cart, namespace: shop}
            """;
    private static final String EAST = LabCluster.SHOP + LabCluster.CART_OF.formatted("false", "True") + SLICE;

    @TempDir
    Path directory;

    private final List<LabCluster> clusters = new ArrayList<>();

    /** The API of that cluster, which closes it. */
    abstract TestApi api(String cluster);

    /** Those of the Multi-Cluster Services API. */
    abstract String definitions();

    @AfterEach
    final void end() {
        clusters.forEach(LabCluster::close);
    }

    @Test
    void an_export_is_an_import_a_slice_an_address_and_a_name_in_the_other_cluster_until_it_is_not() throws Exception {
        TestMesh mesh = new TestMesh(directory.resolve("ca"), "east", "west");
        LabCluster east = start(mesh, "east", EAST + EXPORT, List.of(LabCluster.awaited("west", "net")));
        LabCluster west = start(mesh, "west", LabCluster.SHOP, List.of(east.asPeer()));

        List<String> answer = awaitAnswer(west, RecordType.A, 1);
        String vip = answer.getFirst().substring(answer.getFirst().lastIndexOf(' ') + 1);
        west.awaitCatalog(
                "its address is that of a service",
                catalog -> addresses(catalog).equals(List.of(vip)));
        assertThat(imports(west)).contains("shop/cart", "ClusterSetIP", vip, "east");
        assertThat(query(west, 0)).contains("NOERROR, authoritative", "answer  " + NAME + ". 5 A " + vip);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get(west, "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"))
                        .contains(
                                "imported-cart-east-",
                                "\"10.1.0.1\"",
                                "\"endpointslice.kubernetes.io/managed-by\":\"discovery-sync.beringia.io\""));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                get(east, "/apis/multicluster.x-k8s.io/v1beta1/namespaces/shop/serviceexports"))
                        .contains("\"reason\":\"Exported\""));
        assertThat(awaitAnswer(east, RecordType.A, 1))
                .as("exporters import, too")
                .hasSize(1);

        east.write(definitions() + EAST.replace("clusterIP: 10.96.1.1", "clusterIP: None") + EXPORT);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask(west, RecordType.A).of("answer"))
                        .as("headless")
                        .containsExactly(NAME + ". 5 A 10.1.0.1"));
        assertThat(client(west).ask("cart-0.east." + NAME, RecordType.A, 1).of("answer"))
                .hasSize(1);

        east.write(definitions() + EAST);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(DnsClient.word(ask(west, RecordType.A).code())).isEqualTo("NXDOMAIN");
            assertThat(query(west, 3)).contains("NXDOMAIN", "authority  clusterset.local. 5 SOA ");
            assertThat(imports(west)).doesNotContain("shop/cart");
            assertThat(get(west, "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"))
                    .doesNotContain("imported-cart");
        });
    }

    private LabCluster start(TestMesh mesh, String name, String yaml, List<PeerConfig> peers) {
        TestApi api = api(name);
        api.hold(definitions() + yaml);
        LabCluster cluster = LabCluster.ofClusterset(api, directory, mesh, name, "net", peers);
        clusters.add(cluster);
        return cluster;
    }

    private static List<String> awaitAnswer(LabCluster cluster, RecordType type, int records) {
        return await().atMost(PATIENCE)
                .until(() -> ask(cluster, type).of("answer"), answer -> answer.size() == records);
    }

    private static DnsClient.Reply ask(LabCluster cluster, RecordType type) throws IOException {
        return client(cluster).ask(NAME, type, 4711);
    }

    private static DnsClient client(LabCluster cluster) {
        return new DnsClient(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), cluster.discovery().dnsPort()),
                PATIENCE);
    }

    private static List<String> addresses(Catalog catalog) {
        return Optional.ofNullable(catalog.services().get(CART)).stream()
                .map(Service::addresses)
                .flatMap(List::stream)
                .map(NetworkAddress::ip)
                .map(Object::toString)
                .toList();
    }

    /** As an operator sees them. */
    private static String imports(LabCluster cluster) {
        return said(
                new ImportsCommand(), 0, "--kubeconfig", cluster.kubeconfig().toString(), "--allow-plain-http");
    }

    private static String query(LabCluster cluster, int exit) {
        return said(
                new DnsCommand(),
                exit,
                "query",
                NAME,
                "--server",
                "127.0.0.1:" + cluster.discovery().dnsPort());
    }

    private static String said(Object command, int exit, String... arguments) {
        StringWriter said = new StringWriter();
        int code = new CommandLine(command)
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(arguments);
        assertThat(code).as("%s", said).isEqualTo(exit);
        return said.toString();
    }

    private static String get(LabCluster cluster, String path) throws Exception {
        return cluster.get(path);
    }
}
