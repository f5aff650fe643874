package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.gateway.routing.Authority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TunnelCountsTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");

    private final TunnelCounts counts = new TunnelCounts();

    @Test
    void each_region_has_what_is_open_and_what_ever_was() {
        assertThat(counts.report()).isEmpty();
        counts.opened(WEST);
        counts.opened(EAST);
        counts.opened(WEST);
        counts.closed(WEST);
        assertThat(counts.report()).containsExactly(new TunnelReport(EAST, 1, 1), new TunnelReport(WEST, 1, 2));
        counts.closed(WEST);
        assertThat(counts.report()).containsExactly(new TunnelReport(EAST, 1, 1), new TunnelReport(WEST, 0, 2));
    }

    @Test
    void many_loops_count_together_and_no_look_sees_less_than_nothing() throws Exception {
        List<Thread> loops = new ArrayList<>();
        for (int loop = 0; loop < 4; loop++) {
            loops.add(Thread.ofPlatform().start(() -> {
                for (int tunnel = 0; tunnel < 10_000; tunnel++) {
                    counts.opened(WEST);
                    counts.closed(WEST);
                }
            }));
        }
        while (loops.stream().anyMatch(Thread::isAlive)) {
            assertThat(counts.report()).allSatisfy(one -> assertThat(one.open()).isNotNegative());
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(counts.report()).containsExactly(new TunnelReport(WEST, 0, 40_000));
    }

    @ParameterizedTest
    @CsvSource({
        "beringia-probe.beringia-system.svc.cluster.local, 7, true",
        "beringia-probe.beringia-system.svc.cluster.local, 80, false",
        "beringia-probes.demo.svc.cluster.local, 7, false",
        "echo.demo.svc.cluster.local, 7, false"
    })
    void a_question_of_an_observer_is_nobodys_connection(String host, int port, boolean isQuestion) {
        assertThat(ProbeTarget.isAsked(new Authority(host, port))).isEqualTo(isQuestion);
    }
}
