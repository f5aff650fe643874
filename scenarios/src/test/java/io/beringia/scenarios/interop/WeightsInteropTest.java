package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Shares;
import io.beringia.scenarios.interop.LabPrograms.Pod;
import io.beringia.scenarios.interop.LabPrograms.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Against the ztunnel that {@code ZTUNNEL} names: whom it gives new connections to, of a pod beside it and one in another
 * region behind that region's gateway. It knows nothing but what our discovery makes of a signed plan and of readiness; who
 * answered is counted.
 */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class WeightsInteropTest {
    private static final int CALLS = 1_000;
    /** Where all have to go one way, fewer say as much. */
    private static final int FEW = 200;

    private static final double SIGMAS = 3;
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(90);
    private static final Shares MOST_AT_HOME =
            Shares.of(new Shares.Share(Site.EAST.region(), 9_000), new Shares.Share(Site.WEST.region(), 1_000));
    private static final Pod HERE = new Pod(
            Site.EAST, LabIdentities.SERVER, "echo-0", Namespaces.OTHER, LabAddresses.OTHER, LabFiles.ECHO_TOKEN);
    private static final Pod THERE = new Pod(
            Site.WEST, LabIdentities.SERVER, "echo-0", Namespaces.SERVER, LabAddresses.SERVER, LabFiles.ECHO_TOKEN);
    private static final String UID_HERE = "east-1//Pod/demo/echo-0";
    private static final String UID_THERE = "net-west/SplitHorizonWorkload/";

    @TempDir
    private Path directory = Path.of("");

    /** Of a pod beside the client and of one in the other region. */
    private record Answered(long here, long there) {}

    @Test
    void connections_go_by_the_weights_of_a_plan_then_to_what_is_left_then_by_locality() throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LabFiles files = LabFiles.write(directory, List.of(Site.EAST, Site.WEST));
            start(lab, files);

            lab.plan(files.plan(1, MOST_AT_HOME));
            Map<String, String> told = awaitTold(lab, Map.of(UID_HERE, "1000 Healthy", UID_THERE, "111 Healthy"));
            Answered weighed = call(lab, CALLS, "weighed");
            report("a plan of 9,000 and 1,000", told, weighed);
            assertThat((double) weighed.there()).isCloseTo(expected(), within(SIGMAS * sigma()));

            west(files, "{}", true);
            awaitTold(lab, Map.of(UID_HERE, "1000 Healthy"));
            assertThat(call(lab, FEW, "removed")).as("the other one is removed").isEqualTo(new Answered(FEW, 0));

            west(files, LabFiles.EXPORTED, false);
            awaitTold(lab, Map.of(UID_HERE, "1000 Healthy", UID_THERE, "1 Unhealthy"));
            assertThat(call(lab, FEW, "unhealthy"))
                    .as("the other one is not well")
                    .isEqualTo(new Answered(FEW, 0));

            lab.plan(files.plan(2, Shares.all(Site.EAST.region())));
            west(files, LabFiles.EXPORTED, true);
            awaitTold(lab, Map.of(UID_HERE, "1000 Healthy", UID_THERE, "1000 Healthy"));
            lab.dumpWith("Failover");
            assertThat(call(lab, FEW, "first")).as("the nearer rank").isEqualTo(new Answered(FEW, 0));

            east(files, false);
            awaitTold(lab, Map.of(UID_HERE, "1000 Unhealthy", UID_THERE, "1000 Healthy"));
            assertThat(call(lab, FEW, "second")).as("the next rank").isEqualTo(new Answered(0, FEW));
        }
    }

    private static double expected() {
        return CALLS * share();
    }

    /** Of a binomial distribution. */
    private static double sigma() {
        return Math.sqrt(CALLS * share() * (1 - share()));
    }

    private static double share() {
        return (double) MOST_AT_HOME.of(Site.WEST.region()) / Shares.WHOLE;
    }

    private static void start(LabPrograms lab, LabFiles files) throws IOException {
        east(files, true);
        west(files, LabFiles.EXPORTED, true);
        lab.federationWithPlans(files);
        lab.region(
                "gateway-west",
                Site.WEST,
                LabAddresses.WEST,
                files.gateway(Site.WEST, "gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST));
        lab.ztunnel("client-ztunnel", LocalGateways.WEB);
        lab.ztunnel("ztunnel-here", HERE);
        lab.ztunnel("ztunnel-there", THERE);
        lab.application("here", HERE);
        lab.application("there", THERE);
    }

    /** Waits until the client's ztunnel knows these endpoints of the service alone, so. */
    private static Map<String, String> awaitTold(LabPrograms lab, Map<String, String> wanted) {
        return await("the client to be told")
                .atMost(TOLD_WITHIN)
                .until(() -> endpoints(lab.dumpWith(UID_HERE)), wanted::equals);
    }

    /** Capacity and health by the first part of the name. */
    private static Map<String, String> endpoints(String dump) {
        Map<String, String> endpoints = new TreeMap<>();
        for (JsonNode workload : JsonMapper.builder().build().readTree(dump).path("workloads")) {
            String uid = workload.path("uid").asString("");
            for (String known : List.of(UID_HERE, UID_THERE)) {
                if (uid.startsWith(known) && !uid.contains("beringia-probe")) {
                    endpoints.put(
                            known,
                            workload.path("capacity").asInt() + " "
                                    + workload.path("status").asString(""));
                }
            }
        }
        return endpoints;
    }

    private static Answered call(LabPrograms lab, int calls, String word) throws IOException {
        assertThat(lab.call(calls, word)).as(lab.log("client-ztunnel")).isEqualTo(SocksCallMain.answered(calls, calls));
        Answered answered = new Answered(received(lab, "here", word), received(lab, "there", word));
        assertThat(answered.here() + answered.there()).isEqualTo(calls);
        return answered;
    }

    private static long received(LabPrograms lab, String application, String word) throws IOException {
        return lab.log(application)
                .lines()
                .filter(line -> line.startsWith(EchoMain.RECEIVED + word + "-"))
                .count();
    }

    private static void report(String what, Map<String, String> told, Answered answered) {
        System.out.printf(
                "interop: %s, told as %s: %d of %d connections went there (expected: %.0f, sigma %.1f)%n",
                what, told, answered.there(), CALLS, expected(), sigma());
    }

    private static void east(LabFiles files, boolean echoReady) throws IOException {
        files.cluster(
                Site.EAST,
                LabFiles.namespace("demo"),
                LabFiles.echo(LabFiles.EXPORTED),
                LabFiles.pod("web-0", "web", LabAddresses.CLIENT, true),
                LabFiles.pod("echo-0", "echo", LabAddresses.OTHER, echoReady));
    }

    private static void west(LabFiles files, String labels, boolean echoReady) throws IOException {
        files.cluster(
                Site.WEST,
                LabFiles.namespace("demo"),
                LabFiles.namespace("beringia-system"),
                LabFiles.echo(labels),
                LabFiles.gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST, true),
                LabFiles.pod("echo-0", "echo", LabAddresses.SERVER, echoReady));
    }
}
