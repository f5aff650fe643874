package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.peering.PeerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia join}, of two configurations and over a lab's API. */
final class JoinCommandTest {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: peerclusters.beringia.io}
            spec: {versions: [{name: v1alpha1}]}
            """;
    private static final String CONFIG = """
            region: us-NAME
            cluster: NAME
            network: net-NAME
            admin: 127.0.0.NUMBER:15099
            roles:
              discovery:
                trust-domain: mesh.example
                kube: {kubeconfig: kubeconfig, allow-plain-http: true}
                peering: 127.0.0.NUMBER:15035
                peers:
            PEERS
                identity-from:
                  trust:
                    address: 127.0.0.NUMBER:15013
                    server: spiffe://mesh.example/ns/beringia-system/sa/trust
                    id: spiffe://mesh.example/ns/beringia-system/sa/discovery
                    roots: root-cert.pem
                    token: token
            """;

    private static final String OTHER =
            "{cluster: north, region: north, trust-domain: mesh.example, identities: [\"spiffe://mesh.example/n\"]}";

    @TempDir
    private Path directory;

    private LabApiServer api;

    @BeforeEach
    void start() throws Exception {
        LabCa.in(directory).run("root", "--demo", "--trust-domain", "mesh.example");
        Path manifests = Files.createDirectory(directory.resolve("manifests"));
        Files.writeString(manifests.resolve("definitions.yaml"), DEFINITION);
        api = LabApiServer.start(
                new LabApiServer.Options(
                        manifests,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofMillis(20),
                        List.of()),
                InstantSource.system());
        Files.writeString(directory.resolve("kubeconfig"), api.kubeconfig());
        write("east", 1, "    - " + OTHER);
        write("west", 2, "    - " + OTHER);
    }

    private void write(String cluster, int number, String peers) throws IOException {
        Files.writeString(
                directory.resolve(cluster + ".yaml"),
                CONFIG.replace("NAME", cluster).replace("NUMBER", "" + number).replace("PEERS", peers));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void what_is_handed_over_makes_the_two_know_each_other() throws Exception {
        JsonNode plan = json(ExitCode.DONE, "--output", "json");
        assertThat(plan.path("fits").asBoolean()).isTrue();
        write("east", 1, plan.path("handovers").get(0).path("peer").asString().indent(4));
        write("west", 2, plan.path("handovers").get(1).path("peer").asString().indent(4));

        PeerConfig west = peers("east").getFirst();
        assertThat(west.cluster().name()).isEqualTo("west");
        assertThat(west.region().name()).isEqualTo("us-west");
        assertThat(west.identities()).hasToString("[spiffe://mesh.example/ns/beringia-system/sa/discovery]");
        assertThat(west.addresses()).containsExactly("127.0.0.2:15035");
        assertThat(west.networks()).hasToString("[net-west]");
        assertThat(run(ExitCode.DONE))
                .contains("both believe the same roots", "east knows west already", "west knows east already")
                .doesNotContain("- cluster:");
    }

    private List<PeerConfig> peers(String cluster) throws IOException {
        return RegionConfigFile.read(directory.resolve(cluster + ".yaml"))
                .discovery()
                .map(RegionConfig.Identified::config)
                .map(DiscoveryConfig::peers)
                .orElseThrow();
    }

    @Test
    void a_peer_cluster_is_applied_where_an_operator_says_how_and_nothing_in_a_dry_run() throws Exception {
        String[] there = {"--kubeconfig", "east=" + directory.resolve("kubeconfig"), "--allow-plain-http"};

        assertThat(run(ExitCode.DONE, all(there, "--dry-run"))).contains("# applied: no: --dry-run");
        assertThat(get("west").statusCode()).as("dry run").isEqualTo(404);

        assertThat(run(ExitCode.DONE, there)).contains("# applied: yes", "# applied: no: no --kubeconfig");
        assertThat(get("west").statusCode()).as("applied").isEqualTo(200);
        assertThat(run(ExitCode.DONE, there)).as("again").contains("# applied: yes");
    }

    @Test
    void an_api_that_does_not_know_peer_clusters_is_told_of_with_what_it_lacks() throws Exception {
        Files.writeString(directory.resolve("manifests/definitions.yaml"), "");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> get("west").body().contains("could not find the requested resource"));

        assertThat(run(3, "--kubeconfig", "east=" + directory.resolve("kubeconfig"), "--allow-plain-http"))
                .contains("# applied: no: peerclusters: not served (expected: their definition installed)");
    }

    @Test
    void what_does_not_fit_is_said_and_nothing_applied() throws Exception {
        LabCa.in(Files.createDirectory(directory.resolve("other")))
                .run("root", "--demo", "--trust-domain", "mesh.example");
        Path west = directory.resolve("west.yaml");
        Files.writeString(west, Files.readString(west).replace("roots: root-cert.pem", "roots: other/root-cert.pem"));

        assertThat(run(3, "--kubeconfig", "east=" + directory.resolve("kubeconfig"), "--allow-plain-http"))
                .contains("WRONG  they believe different roots of mesh.example")
                .doesNotContain("# applied");
        assertThat(get("west").statusCode()).isEqualTo(404);
    }

    @Test
    void what_was_asked_wrongly_is_one_line() throws Exception {
        assertThat(run(ExitCode.USAGE, "--address", "wset=10.0.0.1:15035"))
                .contains("cluster: wset (expected: one of [east, west])");
        Files.writeString(directory.resolve("west.yaml"), """
                region: us-west
                cluster: west
                network: net-west
                roles: {kube: {listen: "127.0.0.1:6443", manifests: manifests}}
                """);
        assertThat(run(ExitCode.FAILED)).contains("west.yaml: roles without discovery (expected: the role that peers)");
    }

    private HttpResponse<String> get(String peer) throws IOException, InterruptedException {
        URI at = URI.create(api.uri() + "/apis/beringia.io/v1alpha1/peerclusters/" + peer);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(at).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private JsonNode json(int exit, String... options) {
        return JsonMapper.shared().readTree(run(exit, options));
    }

    private String run(int exit, String... options) {
        StringWriter said = new StringWriter();
        int code = Beringia.commandLine(Map.of())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(all(
                        options,
                        "join",
                        directory.resolve("east.yaml").toString(),
                        directory.resolve("west.yaml").toString()));
        assertThat(code).as("%s", said).isEqualTo(exit);
        return said.toString();
    }

    private static String[] all(String[] last, String... first) {
        return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
    }
}
