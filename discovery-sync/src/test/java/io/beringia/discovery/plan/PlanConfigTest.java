package io.beringia.discovery.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanConfigTest {
    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://mesh.example/ns/beringia-system/sa/failover");

    @ParameterizedTest
    @CsvSource({
        "a/b,  4, 1, plan-from.mesh",
        "'',   4, 1, plan-from.mesh",
        "mesh, 0, 1, plan-from.session",
        "mesh, 61, 1, plan-from.session",
        "mesh, 4, 0, plan-from.leaders",
    })
    void what_cannot_work_is_refused_by_name(String mesh, long seconds, int leaders, String key) {
        assertThatThrownBy(() -> new PlanConfig(
                        "127.0.0.1:2181",
                        Duration.ofSeconds(seconds),
                        mesh,
                        leaders == 0 ? Set.of() : Set.of(LEADER),
                        Path.of("plan")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key);
    }
}
