package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class LabConfigsTest {
    @Test
    void an_envoy_is_told_our_ports_and_files_and_nothing_is_left_open() throws IOException {
        String told = LabConfigs.envoy(template(), Path.of("/lab"));
        assertThat(told)
                .contains(
                        "port_value: 19008",
                        "port_value: 15008",
                        "/lab/gateway-west/workload-cert-chain.pem",
                        "/lab/gateway-west/key.pem",
                        "/lab/root-cert.pem")
                .doesNotContainPattern("\\{(port|backend|certificates|roots)}");
    }

    @Test
    void a_gateway_that_is_attacked_has_the_limits_of_any_other() {
        assertThat(LabConfigs.guarded(LabConfigs.WEST, LabConfigs.GATEWAY))
                .contains("limits: {handshakes: {")
                .doesNotContain("client:", "tunnels:", "connections:");
    }

    private static String template() throws IOException {
        try (InputStream in = Objects.requireNonNull(LabConfigs.class.getResourceAsStream("envoy.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
