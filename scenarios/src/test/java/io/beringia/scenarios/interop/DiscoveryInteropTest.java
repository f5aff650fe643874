package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against the ztunnel that {@code ZTUNNEL} names: what two of them make of what our discovery tells them. */
@Tag("interop")
final class DiscoveryInteropTest {
    private static final String ECHO_0 = "east-1//Pod/demo/echo-0";
    private static final String ECHO_1 = "east-1//Pod/demo/echo-1";
    private static final String WEB_0 = "east-1//Pod/demo/web-0";
    private static final String ANOTHER = XdsLab.pod("echo-1", "echo", "10.231.0.99");
    private static final String BOTH_THERE = "discovery_xds_clients{kind=\"ztunnel\"} 2";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void ztunnels_take_a_snapshot_changes_and_removals_and_nothing_again_after_a_restart() throws Exception {
        String ztunnel = Interop.ztunnel();
        try (XdsLab lab = XdsLab.start(ztunnel, directory)) {
            assertThat(uids(lab.dumpWith(ECHO_0))).as("first snapshot").containsExactly(ECHO_0, WEB_0);

            assertThat(lab.call(1, "told")).as(lab.log("client-ztunnel")).isEqualTo("answered 1 of 1");
            assertThat(lab.log("application"))
                    .as("what reached the application")
                    .contains("told-0");
            await("the server's ztunnel to name the client")
                    .untilAsserted(() -> assertThat(lab.log("server-ztunnel"))
                            .contains("src.identity=\"" + LabIdentities.CLIENT + "\""));

            lab.cluster(ANOTHER);
            assertThat(uids(lab.dumpWith(ECHO_1))).as("one more").containsExactly(ECHO_0, ECHO_1, WEB_0);
            lab.cluster("");
            assertThat(uids(lab.dumpWith("!" + ECHO_1))).as("one less").containsExactly(ECHO_0, WEB_0);
            assertThat(lab.metersWith(BOTH_THERE)).as("before").contains("discovery_xds_nacks_total 0.0");

            lab.restartDiscovery();
            lab.metersWith(BOTH_THERE);
            lab.cluster(ANOTHER);
            assertThat(uids(lab.dumpWith(ECHO_1))).as("followed on").containsExactly(ECHO_0, ECHO_1, WEB_0);
            assertThat(lab.metersWith("change=\"resource\"} 2"))
                    .as("one resource for each of the two, and nothing that they had")
                    .contains(
                            BOTH_THERE,
                            "discovery_xds_sent_total{change=\"resource\"} 2.0",
                            "discovery_xds_sent_total{change=\"removal\"} 0.0",
                            "discovery_xds_nacks_total 0.0");
            lab.cluster("");
            lab.dumpWith("!" + ECHO_1);
            assertThat(lab.call(3, "again")).as(lab.log("client-ztunnel")).isEqualTo("answered 3 of 3");
        }
    }

    /** Of all workloads that a ztunnel knows, sorted. */
    private static List<String> uids(String dump) throws IOException {
        JsonNode workloads = JsonMapper.builder().build().readTree(dump).path("workloads");
        return StreamSupport.stream(workloads.spliterator(), false)
                .map(workload -> workload.path("uid").asString(""))
                .sorted(Comparator.naturalOrder())
                .collect(Collectors.toList());
    }
}
