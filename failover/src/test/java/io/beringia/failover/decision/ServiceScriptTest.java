package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays scripts of services: what clients meet second by second, a line of dashes, and what the leader does about it. */
final class ServiceScriptTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "service_gray",
                "service_gray_everywhere",
                "service_fault_follows",
                "service_returns",
                "service_one_client",
                "service_one_wave",
                "service_on_one_way",
                "service_operator",
                "service_nowhere_to_go",
                "service_leader_is_new",
                "service_in_doubt",
                "service_slow",
                "service_slow_everywhere",
                "services_all_at_once",
                "single_writer",
                "single_writer_everywhere",
                "service_policy_skew"
            })
    void plays(String name) throws IOException {
        ScriptedServices services = new ScriptedServices();
        List<String> played = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (FailoverScriptTest.Block block : FailoverScriptTest.blocks(name)) {
            written.add(FailoverScriptTest.text(block.facts(), block.expected()));
            played.add(FailoverScriptTest.text(block.facts(), services.play(block.facts())));
        }
        assertThat(String.join("\n\n", played)).isEqualTo(String.join("\n\n", written));
    }
}
