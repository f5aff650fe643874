package io.beringia.discovery.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class EvidenceBoardTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final SpiffeId GATEWAY = SpiffeId.parse("spiffe://mesh.example/ns/beringia-system/sa/gateway");
    private static final SpiffeId OTHER = SpiffeId.parse("spiffe://mesh.example/ns/beringia-system/sa/other");
    private static final List<Heartbeat> BEATS = List.of(new Heartbeat(WEST, Duration.ofMillis(20)));
    private static final Proxies PROXIES = new Proxies(new PlanVersion(1, 2), 7, 6);

    private final AtomicLong nanos = new AtomicLong(5);
    private final EvidenceBoard board =
            new EvidenceBoard(EAST, new EvidenceBoard.Sources(() -> BEATS, List::of, () -> PROXIES), nanos::get);

    @Test
    void a_report_replaces_the_observers_last_one_and_grows_old() {
        board.onReport(GATEWAY, report("gw-0", PathState.UP));
        board.onReport(GATEWAY, report("gw-0", PathState.DOWN));
        pass(Duration.ofSeconds(3));

        assertThat(board.latest())
                .isEqualTo(new RegionEvidence(
                        EAST,
                        List.of(report("gw-0", PathState.DOWN).olderBy(Duration.ofSeconds(3))),
                        BEATS,
                        List.of(),
                        PROXIES));
    }

    @Test
    void a_silent_observer_is_gone_after_ten_seconds() {
        board.onReport(GATEWAY, report("gw-0", PathState.UP));
        pass(Duration.ofSeconds(10));
        board.onReport(GATEWAY, report("gw-1", PathState.UP));
        assertThat(names()).containsExactly("gw-0", "gw-1");

        pass(Duration.ofMillis(1));

        assertThat(names()).containsExactly("gw-1");
    }

    @Test
    void nobody_takes_the_place_of_an_observer_with_another_identity() {
        board.onReport(GATEWAY, report("gw-0", PathState.UP));
        board.onReport(OTHER, report("gw-0", PathState.DOWN));

        assertThat(board.latest().observers())
                .containsExactlyInAnyOrder(report("gw-0", PathState.UP), report("gw-0", PathState.DOWN));
    }

    @Test
    void followers_hear_of_changes_of_state_only() {
        AtomicInteger heard = new AtomicInteger();
        try (CatalogSource.Subscription _ = board.subscribe(heard::incrementAndGet)) {
            board.onReport(GATEWAY, report("gw-0", PathState.UP));
            assertThat(heard).as("a new observer").hasValue(1);
            board.onReport(GATEWAY, report("gw-0", PathState.UP).olderBy(Duration.ofMillis(3)));
            assertThat(heard).as("the same again").hasValue(1);
            board.onReport(GATEWAY, report("gw-0", PathState.DOWN));
            assertThat(heard).hasValue(2);
        }
        board.onReport(GATEWAY, report("gw-0", PathState.UP));
        assertThat(heard).as("left").hasValue(2);
    }

    @Test
    void observers_and_paths_are_bounded_and_those_who_left_make_room() {
        for (int i = 0; i < EvidenceBoard.OBSERVERS_MAX; i++) {
            board.onReport(GATEWAY, report("gw-" + i, PathState.UP));
        }
        board.onReport(GATEWAY, report("gw-0", PathState.DOWN));
        assertThatThrownBy(() -> board.onReport(GATEWAY, report("gw-x", PathState.UP)))
                .hasMessageContaining("expected: at most 64");

        pass(Duration.ofSeconds(11));
        board.onReport(GATEWAY, report("gw-x", PathState.UP));
        assertThat(names()).containsExactly("gw-x");

        ObserverReport wide = new ObserverReport(
                "gw-y",
                Duration.ZERO,
                0,
                true,
                Collections.nCopies(
                        EvidenceBoard.PATHS_MAX + 1,
                        report("gw-y", PathState.UP).paths().getFirst()));
        assertThatThrownBy(() -> board.onReport(GATEWAY, wide)).hasMessageContaining("expected: at most 256");
        ObserverReport busy = new ObserverReport(
                "gw-z",
                Duration.ZERO,
                0,
                true,
                List.of(),
                List.of(),
                Collections.nCopies(EvidenceBoard.PATHS_MAX + 1, new TunnelReport(WEST, 1, 1)),
                Duration.ZERO);
        assertThatThrownBy(() -> board.onReport(GATEWAY, busy)).hasMessageContaining("257 regions with tunnels");
        ObserverReport wanted = new ObserverReport(
                "gw-w",
                Duration.ZERO,
                0,
                true,
                List.of(),
                List.of(),
                List.of(),
                Duration.ZERO,
                Collections.nCopies(
                        EvidenceBoard.OUTCOMES_MAX + 1,
                        new OutcomeReport("cart.shop", WEST, "west/gw", 1, OutcomeCounts.NONE)));
        assertThatThrownBy(() -> board.onReport(GATEWAY, wanted)).hasMessageContaining("65 endpoints with outcomes");
    }

    private List<String> names() {
        return board.latest().observers().stream().map(ObserverReport::observer).toList();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static ObserverReport report(String observer, PathState state) {
        return new ObserverReport(
                observer,
                Duration.ofMillis(40),
                0,
                true,
                List.of(new PathReport(WEST, state, Duration.ofMillis(100), Duration.ofMillis(70), false)));
    }
}
