package io.beringia.scenarios.interop;

import static io.beringia.scenarios.interop.LabFiles.echo;
import static io.beringia.scenarios.interop.LabFiles.gateways;
import static io.beringia.scenarios.interop.LabFiles.namespace;
import static io.beringia.scenarios.interop.LabFiles.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.interop.LabPrograms.Pod;
import io.beringia.scenarios.interop.LabPrograms.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Against the ztunnel that {@code ZTUNNEL} names: what two of them make of what our discovery tells them. They know nothing
 * else.
 */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class DiscoveryInteropTest {
    private static final String ECHO_0 = "east-1//Pod/demo/echo-0";
    private static final String ECHO_1 = "east-1//Pod/demo/echo-1";
    private static final String WEB_0 = "east-1//Pod/demo/web-0";
    private static final String BOTH_THERE = "discovery_xds_clients{kind=\"ztunnel\"} 2";
    private static final String METERS =
            "http://" + LabAddresses.DISCOVERY + ":" + LabAddresses.ADMIN_PORT + "/metrics";
    private static final Pod WEB = new Pod(
            Site.EAST, LabIdentities.CLIENT, "web-0", Namespaces.CLIENT, LabAddresses.CLIENT, LabFiles.WEB_TOKEN);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void ztunnels_take_a_snapshot_changes_and_removals_and_nothing_again_after_a_restart() throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LabFiles files = LabFiles.write(directory, List.of(Site.EAST));
            near(files);
            lab.region("control", Site.EAST, "127.0.0.1", files.kube(Site.EAST, 6443) + files.trust());
            lab.region("discovery", Site.EAST, LabAddresses.DISCOVERY, files.discovery(Site.EAST, ""));
            lab.ztunnel("client-ztunnel", WEB);
            startServer(lab, Site.EAST);
            assertThat(uids(lab.dumpWith(ECHO_0))).as("first snapshot").containsExactly(ECHO_0, WEB_0);

            assertCrosses(lab, "told");

            near(files, pod("echo-1", "echo", "10.231.0.99", true));
            assertThat(uids(lab.dumpWith(ECHO_1))).as("one more").containsExactly(ECHO_0, ECHO_1, WEB_0);
            near(files);
            assertThat(uids(lab.dumpWith("!" + ECHO_1))).as("one less").containsExactly(ECHO_0, WEB_0);
            assertThat(lab.meshWith(METERS, BOTH_THERE)).as("before").contains("discovery_xds_nacks_total 0.0");

            lab.kill("discovery");
            lab.region("discovery-again", Site.EAST, LabAddresses.DISCOVERY, files.discovery(Site.EAST, ""));
            lab.meshWith(METERS, BOTH_THERE);
            near(files, pod("echo-1", "echo", "10.231.0.99", true));
            assertThat(uids(lab.dumpWith(ECHO_1))).as("followed on").containsExactly(ECHO_0, ECHO_1, WEB_0);
            assertThat(lab.meshWith(METERS, "change=\"resource\"} 2"))
                    .as("one resource for each of the two, and nothing that they had")
                    .contains(
                            BOTH_THERE,
                            "discovery_xds_sent_total{change=\"resource\"} 2.0",
                            "discovery_xds_sent_total{change=\"removal\"} 0.0",
                            "discovery_xds_nacks_total 0.0");
            near(files);
            lab.dumpWith("!" + ECHO_1);
            assertCrosses(lab, "again");
        }
    }

    @Test
    void a_ztunnel_reaches_another_cluster_by_the_relay_and_without_it_by_the_gateways_there() throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LabFiles files = LabFiles.write(directory, List.of(Site.EAST, Site.WEST));
            east(files, true);
            west(files, true);
            lab.federation(files);
            lab.region(
                    "gateway-east",
                    Site.EAST,
                    LabAddresses.EAST,
                    files.gateway(Site.EAST, "gw-0", LabIdentities.GATEWAY_EAST, LabAddresses.EAST));
            lab.region(
                    "gateway-west",
                    Site.WEST,
                    LabAddresses.WEST,
                    files.gateway(Site.WEST, "gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST));
            lab.ztunnel("client-ztunnel", WEB);
            startServer(lab, Site.WEST);

            assertThat(uids(lab.dumpWith("relay.east-1/")))
                    .as("what is elsewhere is one, behind our own gateway")
                    .contains(
                            "relay.east-1/SplitHorizonWorkload/beringia-system/gateway.beringia-system.svc.cluster.local"
                                    + "/east-1/demo/echo.demo.svc.cluster.local");
            assertCrosses(lab, "relayed");

            east(files, false);
            assertThat(uids(lab.dumpWith("net-west/", "!relay.east-1/")))
                    .as("without a gateway of our own")
                    .contains("NetworkGateway/net-west/west-1/beringia-system/gw-0/" + LabAddresses.WEST + ":15008");
            assertCrosses(lab, "direct");

            west(files, false);
            assertThat(healths(lab.dumpWith("\"Unhealthy\"", "net-west/"))).contains("net-west/ Unhealthy");
            assertThat(lab.meshWith(METERS)).contains("discovery_xds_nacks_total 0.0");
        }
    }

    @Test
    void a_policy_admits_one_identity_and_no_other_and_goes_again() throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LabFiles files = LabFiles.write(directory, List.of(Site.EAST));
            near(files, admittingOnly("demo/sa/web"));
            lab.region("control", Site.EAST, "127.0.0.1", files.kube(Site.EAST, 6443) + files.trust());
            lab.region("discovery", Site.EAST, LabAddresses.DISCOVERY, files.discovery(Site.EAST, ""));
            lab.ztunnel("client-ztunnel", WEB);
            startServer(lab, Site.EAST);
            lab.dumpWith(ECHO_0);
            lab.dumpIn(Namespaces.SERVER, "only-one", "demo/sa/web");
            assertCrosses(lab, "admitted");

            near(files, admittingOnly("demo/sa/somebody"));
            lab.dumpIn(Namespaces.SERVER, "only-one", "demo/sa/somebody");
            assertThat(lab.call(3, "refused")).isEqualTo("answered 0 of 3");
            assertThat(lab.log("application")).as("nothing got there").doesNotContain("refused");
            assertThat(lab.log("server-ztunnel")).contains("policy rejection: allow policies exist, but none allowed");

            near(files);
            lab.dumpIn(Namespaces.SERVER, "!only-one");
            assertCrosses(lab, "again");
            assertThat(lab.meshWith(METERS)).contains("discovery_xds_nacks_total 0.0");
        }
    }

    private static String admittingOnly(String account) {
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: authorizationpolicies.security.istio.io}
                spec: {versions: [{name: v1}]}
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: only-one, namespace: demo}
                spec:
                  selector: {matchLabels: {app: echo}}
                  rules: [{from: [{source: {principals: ["%s/ns/%s"]}}]}]
                """.formatted(LabIdentities.TRUST_DOMAIN.name(), account);
    }

    private static void startServer(LabPrograms lab, Site site) throws IOException {
        Pod echo = new Pod(
                site, LabIdentities.SERVER, "echo-0", Namespaces.SERVER, LabAddresses.SERVER, LabFiles.ECHO_TOKEN);
        lab.ztunnel("server-ztunnel", echo);
        lab.application(echo);
    }

    private static void assertCrosses(LabPrograms lab, String word) throws IOException {
        long before = served(lab);
        assertThat(lab.call(3, word)).as(lab.log("client-ztunnel")).isEqualTo("answered 3 of 3");
        assertThat(lab.log("application")).as("what reached the application").contains(EchoMain.RECEIVED + word + "-2");
        await("the server's ztunnel to name the client").until(() -> served(lab) == before + 3);
    }

    /** Connections that the server's ztunnel has finished for the client, by its access log. */
    private static long served(LabPrograms lab) throws IOException {
        return lab.log("server-ztunnel")
                .lines()
                .filter(line -> line.contains("direction=\"inbound\"")
                        && line.contains("src.identity=\"" + LabIdentities.CLIENT + "\""))
                .count();
    }

    /** Both in one cluster, and these beside them. */
    private static void near(LabFiles files, String... more) throws IOException {
        String all = String.join(
                "---\n",
                namespace("demo"),
                echo("{}"),
                pod("web-0", "web", LabAddresses.CLIENT, true),
                pod("echo-0", "echo", LabAddresses.SERVER, true));
        files.cluster(Site.EAST, Stream.concat(Stream.of(all), Stream.of(more)).toArray(String[]::new));
    }

    private static void east(LabFiles files, boolean gatewayReady) throws IOException {
        files.cluster(
                Site.EAST,
                namespace("demo"),
                namespace("beringia-system"),
                echo(LabFiles.EXPORTED),
                gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_EAST, LabAddresses.EAST, gatewayReady),
                pod("web-0", "web", LabAddresses.CLIENT, true));
    }

    private static void west(LabFiles files, boolean echoReady) throws IOException {
        files.cluster(
                Site.WEST,
                namespace("demo"),
                namespace("beringia-system"),
                echo(LabFiles.EXPORTED),
                gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST, true),
                pod("echo-0", "echo", LabAddresses.SERVER, echoReady));
    }

    /** Of all workloads that a ztunnel knows, sorted. */
    private static List<String> uids(String dump) {
        return workloads(dump)
                .map(workload -> workload.path("uid").asString(""))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** First part of each name, and health. */
    private static List<String> healths(String dump) {
        return workloads(dump)
                .map(workload -> workload.path("uid").asString("").replaceFirst("/.*", "/ ")
                        + workload.path("status").asString(""))
                .toList();
    }

    private static Stream<JsonNode> workloads(String dump) {
        return StreamSupport.stream(
                JsonMapper.builder().build().readTree(dump).path("workloads").spliterator(), false);
    }
}
