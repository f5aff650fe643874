package io.beringia.failover;

import static io.beringia.failover.FailoverLab.EAST;
import static io.beringia.failover.FailoverLab.WEST;
import static io.beringia.failover.FailoverLab.WITNESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.FailoverConfig.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailoverMainTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    @Test
    void a_region_that_falls_silent_leaves_and_comes_back_step_by_step() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            lab.candidate(WEST, Mode.AUTO);
            FailoverMain witness = lab.candidate(WITNESS, Mode.AUTO);
            List<String> seen = new ArrayList<>();
            follow(lab, seen, "ACTIVE");
            awaitLeader(lab, "failover-witness");
            assertThat(witness.awaited()).isEmpty();

            lab.lose(EAST);
            follow(lab, seen, "EVACUATED");
            TrafficPlan away = lab.plan().orElseThrow();
            assertThat(away.defaultRow(EAST)).as("its clients").contains(Shares.all(WEST));
            assertThat(away.region(EAST).orElseThrow().penalty()).isPositive();

            lab.find(EAST);
            follow(lab, seen, "RAMPING 10000");
            follow(lab, seen, "ACTIVE");
            assertThat(lab.plan().orElseThrow().version()).isGreaterThan(away.version());
            assertThat(seen)
                    .containsExactly(
                            "none",
                            "ACTIVE",
                            "SUSPECT",
                            "EVACUATING",
                            "EVACUATED",
                            "PROBATION",
                            "RAMPING 100",
                            "RAMPING 500",
                            "RAMPING 2500",
                            "RAMPING 5000",
                            "RAMPING 10000",
                            "ACTIVE");
        }
    }

    @Test
    void a_leader_inside_of_the_lost_region_is_replaced_before_its_region_leaves() throws Exception {
        try (FailoverLab lab = FailoverLab.start(folder)) {
            FailoverMain inside = lab.candidate(EAST, Mode.AUTO);
            awaitLeader(lab, "failover-us-east");
            lab.candidate(WEST, Mode.AUTO);

            lab.lose(EAST);
            inside.close();
            awaitLeader(lab, "failover-us-west");
            await().atMost(LONG_ENOUGH).until(() -> lab.phase(EAST).equals("EVACUATED"));
        }
    }

    private static void awaitLeader(FailoverLab lab, String account) {
        await().atMost(LONG_ENOUGH)
                .until(() -> lab.plan()
                        .filter(plan -> plan.leader().equals(LabIdentities.id(account)))
                        .isPresent());
    }

    /** Watches until that phase, and keeps every new one. */
    private static void follow(FailoverLab lab, List<String> seen, String until) {
        await().atMost(LONG_ENOUGH).pollInterval(LOOK_EVERY).until(() -> {
            String now = lab.phase(EAST);
            if (seen.isEmpty() || !seen.getLast().equals(now)) {
                seen.add(now);
            }
            return now.equals(until);
        });
    }
}
