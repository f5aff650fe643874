package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.lab.LabApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code beringia exports preview}, over a lab's API. */
final class ExportsCommandTest {
    private static final String CART = "shop/cart.shop.svc.cluster.local";
    private static final String MANIFESTS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: exportpolicies.beringia.io}
            spec: {versions: [{name: v1alpha1}]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop, labels: {istio.io/global: "true"}}
            spec: {clusterIP: 10.0.0.2, ports: [{port: 80}]}
            ---
            apiVersion: beringia.io/v1alpha1
            kind: ExportPolicy
            metadata: {name: cart, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {services: {names: [cart]}, consumers: [{cluster: west}, {cluster: north}]}
            """;
    private static final String CONFIG = """
            region: home
            cluster: home
            network: net
            admin: 127.0.0.1:15099
            roles:
              discovery:
                kube: {kubeconfig: kubeconfig, allow-plain-http: true}
                exports: {default: none}
                peers:
                - {cluster: west, region: west, identities: ["spiffe://cluster.local/ns/b/sa/d"], networks: [net-west]}
                - {cluster: north, region: north, identities: ["spiffe://cluster.local/ns/b/sa/d"], networks: [net-north]}
                - {cluster: south, region: south, identities: ["spiffe://cluster.local/ns/b/sa/d"], networks: [net-south]}
                identity-from: {files: {chain: chain.pem, key: key.pem, bundles: {cluster.local: roots.pem}}}
            """;

    @TempDir
    private Path directory;

    private LabApiServer api;

    @BeforeEach
    void start() throws Exception {
        Path manifests = Files.createDirectory(directory.resolve("manifests"));
        Files.writeString(manifests.resolve("shop.yaml"), MANIFESTS);
        api = LabApiServer.start(
                new LabApiServer.Options(
                        manifests,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofMillis(20),
                        List.of()),
                InstantSource.system());
        Files.writeString(directory.resolve("kubeconfig"), api.kubeconfig());
        Files.writeString(directory.resolve("home.yaml"), CONFIG);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void a_preview_says_what_a_policy_would_change_before_it_is_applied() throws Exception {
        assertThat(preview(ExitCode.DONE)).isEqualTo("""
                SERVICE                           TO     CHANGE  CLIENTS          WHY
                shop/cart.shop.svc.cluster.local  north  -       everybody of it  Permitted by shop/cart
                shop/cart.shop.svc.cluster.local  west   -       everybody of it  Permitted by shop/cart
                shop/web.shop.svc.cluster.local   -      -       nobody           DeniedByDefault by default
                """);

        Path next = policy("""
                # what is meant to come
                apiVersion: beringia.io/v1alpha1
                kind: ExportPolicy
                metadata: {name: cart, namespace: shop}
                spec:
                  services: {selector: {}}
                  consumers: [{cluster: west}, {cluster: south}]
                  clients: ["spiffe://cluster.local/ns/shop/sa/web"]
                """);
        assertThat(preview(ExitCode.DONE, "--policy", next.toString())).isEqualTo("""
                SERVICE                           TO     CHANGE   CLIENTS                                WHY
                shop/cart.shop.svc.cluster.local  north  lost     nobody                                 Permitted by shop/cart
                shop/cart.shop.svc.cluster.local  south  gained   spiffe://cluster.local/ns/shop/sa/web  Permitted by shop/cart
                shop/cart.shop.svc.cluster.local  west   clients  spiffe://cluster.local/ns/shop/sa/web  Permitted by shop/cart
                shop/web.shop.svc.cluster.local   south  gained   spiffe://cluster.local/ns/shop/sa/web  Permitted by shop/cart
                shop/web.shop.svc.cluster.local   west   gained   spiffe://cluster.local/ns/shop/sa/web  Permitted by shop/cart
                """);
        assertThat(preview(ExitCode.DONE, "--policy", next.toString(), "--output", "json"))
                .contains("\"service\" : \"" + CART + "\"", "\"to\" : \"south\"", "\"change\" : \"gained\"")
                .contains("\"refused\" : [ ]");
    }

    @Test
    void a_policy_with_a_mistake_is_named_and_shown_to_export_nothing() throws Exception {
        Path broken = policy("""
                apiVersion: beringia.io/v1alpha1
                kind: ExportPolicy
                metadata: {name: cart, namespace: shop}
                spec: {services: {names: [cart]}, consumers: [{clusters: west}]}
                """);

        assertThat(preview(3, "--policy", broken.toString()))
                .contains(
                        "refused: ExportPolicy shop/cart: spec.consumers[0]: clusters "
                                + "(expected: one of cluster, clusterSelector and clusterset: true)",
                        "north  lost",
                        "west   lost",
                        "DeniedByPolicy by shop/cart");
    }

    @Test
    void a_file_of_something_else_is_refused_with_what_was_expected() throws Exception {
        assertThat(preview(
                        ExitCode.FAILED,
                        "--policy",
                        policy("{kind: Service, apiVersion: v1}").toString()))
                .endsWith(
                        "policy.yaml: kind: v1 Service (expected: beringia.io/v1alpha1 ExportPolicy or PeerCluster)\n");
        assertThat(preview(ExitCode.FAILED, "--policy", policy("a: [").toString()))
                .contains("(expected: ExportPolicy or PeerCluster in YAML)");
        assertThat(preview(ExitCode.FAILED, "--policy", policy("# nothing").toString()))
                .contains("no document (expected: ExportPolicy or PeerCluster)");
        assertThat(preview(
                        ExitCode.FAILED,
                        "--policy",
                        policy("{kind: ExportPolicy, apiVersion: beringia.io/v1alpha1, metadata: {name: a}}")
                                .toString()))
                .contains("ExportPolicy: metadata of a (expected: a name and a namespace)");
    }

    private Path policy(String yaml) throws IOException {
        return Files.writeString(directory.resolve("policy.yaml"), yaml);
    }

    private String preview(int exit, String... options) {
        StringWriter said = new StringWriter();
        CommandLine line = Beringia.commandLine(Map.of())
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true));
        List<String> arguments = new ArrayList<>(List.of(
                "exports", "preview", "--config", directory.resolve("home.yaml").toString()));
        arguments.addAll(List.of(options));
        assertThat(line.execute(arguments.toArray(String[]::new)))
                .as("%s", said)
                .isEqualTo(exit);
        return said.toString();
    }
}
