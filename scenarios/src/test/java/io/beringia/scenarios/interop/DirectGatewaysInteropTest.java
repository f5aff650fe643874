package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.fault.Signal;
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
 * Against the ztunnel that {@code ZTUNNEL} names, without a gateway of its own: the two of the other region are dialled
 * straight away, as our discovery names them, and one is said to be unhealthy or is lost. Nobody hedges for a stock ztunnel
 * there. Who called before it was told may fail, and is counted; who calls later may not.
 */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class DirectGatewaysInteropTest {
    private static final int RATE = 50;
    /** What comes before is the start of many processes at once. */
    private static final Duration WARM = Duration.ofSeconds(8);

    private static final Duration AFTER = Duration.ofSeconds(5);
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String LOAD = "load";
    private static final Pod ECHO = new Pod(
            Site.WEST, LabIdentities.SERVER, "echo-0", Namespaces.SERVER, LabAddresses.SERVER, LabFiles.ECHO_TOKEN);
    private static final String KNOWN = "NetworkGateway/net-west/west-1/beringia-system/";
    private static final Map<String, String> BOTH_WELL = Map.of("gw-0", "Healthy", "gw-1", "Healthy");
    private static final Map<String, String> ONE_WELL = Map.of("gw-0", "Healthy", "gw-1", "Unhealthy");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void nothing_new_goes_to_a_gateway_of_another_region_that_is_unhealthy_or_lost_once_that_was_told()
            throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            LabFiles files = LabFiles.write(directory, List.of(Site.EAST, Site.WEST));
            start(lab, files);
            awaitTold(lab, BOTH_WELL);
            lab.startLoad(LOAD, LocalGateways.WEB, RATE);
            long warm = System.nanoTime() + WARM.toNanos();
            awaitLoad(lab, warm);
            assertThat(tunnels(lab, LabAddresses.WEST)).isPositive();
            assertThat(tunnels(lab, LabAddresses.WEST_SECOND)).isPositive();

            west(files, false);
            awaitTold(lab, ONE_WELL);
            awaitLoad(lab, System.nanoTime());
            double carried = tunnels(lab, LabAddresses.WEST_SECOND);
            awaitLoad(lab, System.nanoTime() + AFTER.toNanos());
            assertThat(tunnels(lab, LabAddresses.WEST_SECOND))
                    .as("tunnels of the unhealthy one")
                    .isEqualTo(carried);

            west(files, true);
            awaitTold(lab, BOTH_WELL);
            await("both to carry again").atMost(WITHIN).until(() -> tunnels(lab, LabAddresses.WEST_SECOND) > carried);

            long lost = lab.send("gateway-1", Signal.KILL);
            west(files, false);
            awaitTold(lab, ONE_WELL);
            long told = System.nanoTime();
            awaitLoad(lab, told + AFTER.toNanos());

            LoadLog all = lab.endLoad(LOAD);
            report(all, lost, told);
            assertThat(all.from(warm)
                            .before(lost - SocksLoadMain.DEADLINE.toNanos())
                            .failed()
                            .connections())
                    .as("while both are there")
                    .isEmpty();
            assertThat(all.from(told).size()).as("connections afterwards").isGreaterThan(RATE);
            assertThat(all.from(told).failed().connections()).isEmpty();
        }
    }

    private static void start(LabPrograms lab, LabFiles files) throws IOException {
        files.cluster(
                Site.EAST,
                LabFiles.namespace("demo"),
                LabFiles.echo(LabFiles.EXPORTED),
                LabFiles.pod("web-0", "web", LabAddresses.CLIENT, true));
        west(files, true);
        lab.federation(files);
        gateway(lab, files, "gw-0", LabAddresses.WEST);
        gateway(lab, files, "gw-1", LabAddresses.WEST_SECOND);
        lab.ztunnel("client-ztunnel", LocalGateways.WEB);
        lab.ztunnel("server-ztunnel", ECHO);
        lab.application(ECHO);
    }

    private static void gateway(LabPrograms lab, LabFiles files, String pod, String address) throws IOException {
        lab.region(
                pod.replace("gw", "gateway"),
                Site.WEST,
                address,
                files.gateway(Site.WEST, pod, LabIdentities.GATEWAY_WEST, address));
    }

    private static void west(LabFiles files, boolean secondReady) throws IOException {
        files.cluster(
                Site.WEST,
                LabFiles.namespace("demo"),
                LabFiles.namespace("beringia-system"),
                LabFiles.echo(LabFiles.EXPORTED),
                LabFiles.gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST, true),
                LabFiles.gateway("gw-1", LabIdentities.GATEWAY_WEST, LabAddresses.WEST_SECOND, secondReady),
                LabFiles.pod("echo-0", "echo", LabAddresses.SERVER, true));
    }

    /** Waits until the client's ztunnel has these gateways of the other region, so. */
    private static void awaitTold(LabPrograms lab, Map<String, String> wanted) {
        await("the client to be told").atMost(WITHIN).until(() -> gateways(lab.dumpWith(KNOWN)), wanted::equals);
    }

    private static Map<String, String> gateways(String dump) {
        Map<String, String> healths = new TreeMap<>();
        for (JsonNode workload : JsonMapper.builder().build().readTree(dump).path("workloads")) {
            String uid = workload.path("uid").asString("");
            if (uid.startsWith(KNOWN)) {
                healths.put(
                        uid.substring(KNOWN.length()).replaceFirst("/.*", ""),
                        workload.path("status").asString(""));
            }
        }
        return healths;
    }

    /** That a gateway has carried until now. */
    private static double tunnels(LabPrograms lab, String gateway) throws IOException {
        return lab.meshWith("http://" + gateway + ":" + LabAddresses.ADMIN_PORT + "/metrics", "gateway_")
                .lines()
                .filter(line -> line.startsWith("gateway_tunnels_opened_total{"))
                .mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* ", "")))
                .sum();
    }

    /** Until connections that were due then have ended. */
    private static void awaitLoad(LabPrograms lab, long nanos) {
        await(LOAD).atMost(WITHIN).until(() -> lab.load(LOAD).from(nanos).size() > 0);
    }

    private static void report(LoadLog all, long lost, long told) {
        LoadLog victims = all.from(lost - SocksLoadMain.DEADLINE.toNanos()).failed();
        System.out.printf(
                "interop: one of two gateways of another region got KILL under %d connections a second: %d victims %s of %d, the"
                        + " last %d ms after it; that it is unhealthy was told %d ms after it%n",
                RATE,
                victims.size(),
                victims.words(),
                all.size(),
                victims.connections().stream()
                        .mapToLong(victim -> (victim.dueNanos() - lost) / 1_000_000)
                        .max()
                        .orElse(0),
                (told - lost) / 1_000_000);
    }
}
