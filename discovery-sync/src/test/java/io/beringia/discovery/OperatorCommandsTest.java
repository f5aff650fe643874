package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.cli.CheckCommand;
import io.beringia.discovery.cli.ClustersCommand;
import io.beringia.discovery.cli.PeersCommand;
import io.beringia.discovery.cli.ServicesCommand;
import io.beringia.discovery.cli.SnapshotCommand;
import io.beringia.discovery.cli.WhyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators ask, of discoveries that run and of what they kept. */
final class OperatorCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SHOP_AND_CART = LabCluster.SHOP + LabCluster.CART_OF.formatted("true", "True");

    private static final String POLICY = """
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: exportpolicies.beringia.io}
            spec: {versions: [{name: v1alpha1}]}
            ---
            apiVersion: beringia.io/v1alpha1
            kind: ExportPolicy
            metadata: {name: cart, namespace: shop}
            spec: {services: {names: [cart]}, consumers: [{clusterset: true}]}
            """;

    @TempDir
    private Path directory;

    private TestMesh mesh;
    private LabCluster east;
    private LabCluster west;
    private final List<LabCluster> clusters = new ArrayList<>();

    @BeforeEach
    void two_clusters() {
        mesh = new TestMesh(directory.resolve("ca"), "east", "west");
        east = LabCluster.keeping(directory, mesh, "east", SHOP_AND_CART, List.of(LabCluster.awaited("west")));
        clusters.add(east);
        west = LabCluster.keeping(directory, mesh, "west", SHOP_AND_CART, List.of(east.asPeer()));
        clusters.add(west);
        west.awaitCatalog("of east", catalog -> catalog.relayTargets().containsKey(LabCluster.CART.hostname()));
    }

    @AfterEach
    void end() {
        clusters.forEach(LabCluster::close);
    }

    @Test
    void an_operator_sees_clusters_peers_and_services() throws IOException {
        JsonNode seen = json(asked(new ClustersCommand(), "--output", "json"));
        assertThat(seen.valueStream().map(it -> it.path("cluster").asString())).containsExactly("west", "east");
        assertThat(seen.get(1).path("link").path("state").asString()).isEqualTo("live");
        assertThat(seen.get(1).path("api").path("state").asString()).isEqualTo("live");
        assertThat(seen.get(1).path("path").asString()).as("nobody looks").isEqualTo("unknown");
        assertThat(seen.get(1).path("gateways").get(0).path("name").asString()).isEqualTo("gw-0");
        assertThat(asked(new ClustersCommand())).contains("CLUSTER", "east  ", "region-east", "LIVE", "1/1");

        assertThat(asked(new PeersCommand())).contains("PEER", "east", "LIVE", "yes");
        JsonNode services = json(asked(new ServicesCommand(), "--output", "json"));
        assertThat(services.valueStream().map(it -> it.path("hostname").asString()))
                .contains(LabCluster.CART.hostname());
        assertThat(asked(new ServicesCommand())).contains("east=1,west=1", "to east");
        assertThat(asked(new ServicesCommand(), "--conflicts")).doesNotContain("cart");
    }

    @Test
    void why_says_where_connections_go_and_when_they_are_refused() {
        assertThat(asked(new WhyCommand(), "shop/cart-1", "shop/cart"))
                .startsWith("shop/cart-1 to shop/cart.shop.svc.cluster.local:80 goes to west 100.0 %")
                .contains("east exports it to us since", "certificate", "plan");
        JsonNode json = json(asked(new WhyCommand(), "shop/cart-1", "shop/cart", "--output", "json"));
        assertThat(json.path("outcome").asString()).isEqualTo("goes");
        assertThat(json.path("reasons").size()).isEqualTo(9);

        Answer refused =
                run(new WhyCommand(), all(live("alice", "discovery"), "shop/cart-1", "shop/cart", "--port", "81"));
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.said()).contains("is refused by scope: port: 81 (expected: one of 80)");
        Answer nobody = run(new WhyCommand(), all(live("alice", "discovery"), "shop/nobody", "shop/cart"));
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.said()).contains("client: \"shop/nobody\" (expected: a workload of west");
    }

    @Test
    void check_asks_all_and_says_what_is_wrong() {
        String identity = mesh.files("west", "ops", "alice");
        String both = "127.0.0.1:" + east.discovery().peeringPort();
        String[] asked = {
            "127.0.0.1:" + west.discovery().peeringPort(), both, "--identity", identity, "--output", "json"
        };
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(run(new CheckCommand(), asked).code())
                        .as(run(new CheckCommand(), asked).said())
                        .isZero());
        assertThat(json(ok(new CheckCommand(), asked))
                        .valueStream()
                        .map(it -> it.path("topic").asString()))
                .containsExactly("reach", "link", "api", "clock", "names", "addresses", "trust", "versions");

        east.close();
        Answer alone = run(new CheckCommand(), asked);
        assertThat(alone.code()).isEqualTo(3);
        assertThat(alone.said()).contains("wrong", both + ": UNAVAILABLE");
    }

    @Test
    void clusters_that_disagree_are_named_with_what_each_has() {
        west.write(SHOP_AND_CART.replace("{port: 80,", "{port: 81,"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(asked(new ServicesCommand(), "--conflicts"))
                        .contains("shop/cart", "PORT_CONFLICT", "east has 80/TCP", "west has 81/TCP"));
    }

    @Test
    void what_is_held_is_shown_with_its_reason_until_it_is_not() {
        assertThat(asked(new ClustersCommand())).doesNotContain("held");
        west.write(SHOP_AND_CART + POLICY);
        await().atMost(PATIENCE)
                .until(() -> west.meters()
                                .get("discovery.exports.policies")
                                .tag("standing", "accepted")
                                .gauge()
                                .value()
                        == 1);

        west.write(SHOP_AND_CART);

        String why = "0 exportpolicies.beringia.io held: its CustomResourceDefinition is gone";
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(asked(new ClustersCommand())).contains(why));
        JsonNode held =
                json(asked(new ClustersCommand(), "--output", "json")).get(0).path("held");
        assertThat(held.get(0).path("kind").asString()).isEqualTo("exportpolicies.beringia.io");
        assertThat(held.get(0).path("reason").asString()).isEqualTo("undefined");
        assertThat(gauge("discovery.definitions.gone")).isEqualTo(1);
        west.write(SHOP_AND_CART + POLICY);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(asked(new ClustersCommand())).doesNotContain("held"));
        assertThat(gauge("discovery.definitions.gone")).isZero();
    }

    private double gauge(String name) {
        return west.meters().get(name).gauge().value();
    }

    @Test
    void who_is_no_operator_is_told_so_and_counted() {
        Answer answer = run(new ClustersCommand(), live("mallory", "discovery"));

        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.said()).contains("PERMISSION_DENIED", "/ns/ops/sa/mallory", "one of discovery.operators");
        assertThat(west.meters().get("discovery.explain.refused").counter().count())
                .isEqualTo(1);
    }

    @Test
    void who_answers_as_somebody_else_is_not_believed() {
        Answer answer = run(new ClustersCommand(), live("alice", "gateway"));

        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.said()).contains("UNAVAILABLE").contains("discovery");
    }

    @Test
    void a_cluster_that_is_gone_for_good_is_forgotten_though_nobody_reaches_it_and_stays_forgotten() {
        east.close();
        west.awaitCatalog("kept", catalog -> catalog.relayTargets().containsKey(LabCluster.CART.hostname()));

        assertThat(asked(new PeersCommand(), "forget", "east")).startsWith("forgotten: east, of which");

        west.awaitCatalog("gone", catalog -> !catalog.relayTargets().containsKey(LabCluster.CART.hostname()));
        west.close();
        LabCluster reborn = LabCluster.keeping(directory, mesh, "west", "", List.of(east.asPeer()));
        clusters.add(reborn);
        await().atMost(PATIENCE).until(() -> !reborn.discovery().awaited().contains("own API"));
        assertThat(reborn.discovery().awaited()).as("nothing of it was kept").containsExactly("peer east");
    }

    @Test
    void nobody_forgets_what_is_no_peer() {
        Answer answer = run(
                new PeersCommand(),
                Stream.concat(
                                Stream.of("forget"),
                                Stream.concat(Stream.of(live("alice", "discovery")), Stream.of("north")))
                        .toArray(String[]::new));

        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.said()).contains("peer: north (expected: one of [east])");
    }

    @Test
    void what_was_kept_shows_the_same_without_asking_anybody() throws IOException {
        String live = asked(new ServicesCommand(), "--output", "json");
        west.close();
        String newest = newest();
        String[] trust = {"--bundle", directory.resolve("ca/root-cert.pem").toString(), "--trust-domain", "mesh.example"
        };

        assertThat(ok(new ServicesCommand(), all(trust, "--snapshot", newest, "--output", "json")))
                .isEqualTo(live);
        assertThat(ok(new SnapshotCommand(), all(trust, "show", newest))).contains("as west knows it", "east=1,west=1");
        assertThat(ok(new SnapshotCommand(), all(trust, "verify", newest))).contains("good", "/sa/discovery");
        Answer other = run(new SnapshotCommand(), all(trust, "verify", newest, "--cluster", "east"));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.said()).contains("foreign", "cluster: west (expected: east)");
        Files.writeString(Path.of(newest), "torn");
        assertThat(run(new SnapshotCommand(), all(trust, "verify", newest)).said())
                .contains("damaged");
        assertThat(run(new SnapshotCommand(), all(trust, "show", newest)).code())
                .isEqualTo(1);
    }

    private String newest() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("west-snapshots"))) {
            return files.sorted().toList().getLast().toString();
        }
    }

    /** Options go behind a subcommand. */
    private static String[] all(String[] options, String... words) {
        return Stream.concat(Stream.of(words), Stream.of(options)).toArray(String[]::new);
    }

    private String[] live(String operator, String server) {
        return new String[] {
            "--api",
            "127.0.0.1:" + west.discovery().peeringPort(),
            "--identity",
            mesh.files("west", "ops", operator),
            "--server",
            TestMesh.id("beringia-system", server).toString()
        };
    }

    private String asked(Object command, String... words) {
        return ok(command, all(live("alice", "discovery"), words));
    }

    private static String ok(Object command, String... words) {
        Answer answer = run(command, words);
        assertThat(answer.code()).as(answer.said()).isZero();
        return answer.said();
    }

    private record Answer(int code, String said) {}

    private static Answer run(Object command, String... words) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = new CommandLine(command)
                .setOut(out)
                .setErr(out)
                .setExecutionExceptionHandler((failure, it, parsed) -> {
                    out.println(failure.getMessage());
                    return 1;
                })
                .execute(words);
        return new Answer(code, said.toString());
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
