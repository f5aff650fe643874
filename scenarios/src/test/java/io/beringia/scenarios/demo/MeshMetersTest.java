package io.beringia.scenarios.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MeshMetersTest {
    @Test
    void adds_up_every_line_that_begins_so() {
        List<String> page = List.of(
                "# TYPE a_total counter",
                "a_total{cost=\"hedge\"} 2.0",
                "a_total{cost=\"retry\"} 5.0",
                "a_total{cost=\"hedge\"} 40.0");
        assertThat(MeshMeters.sum(page, "a_total{cost=\"hedge\"}")).isEqualTo(42);
        assertThat(MeshMeters.sum(page, "b_total")).isZero();
    }
}
