package io.beringia.discovery.reflex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.StalePolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReflexLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RegionId WEST = new RegionId("us-west");

    /** Each look is a second later than the last one. */
    private final AtomicLong nanos = new AtomicLong();

    private final BlockingQueue<LocalOverrides> posted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private volatile PathState state = PathState.UP;
    private volatile SortedMap<ClusterId, StalePolicy> silent = new TreeMap<>();
    private final ReflexLoop loop = new ReflexLoop(
            this::evidence,
            () -> silent,
            posted::put,
            (target, before, now) -> heard.add(target + ": " + before + " -> " + now),
            () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));
    private final Thread thread = Thread.ofVirtual().start(loop);

    @AfterEach
    void stop() throws Exception {
        thread.interrupt();
        assertThat(thread.join(PATIENCE)).isTrue();
    }

    @Test
    void a_path_is_shut_at_once_given_back_slowly_and_each_change_is_posted_once() throws Exception {
        state = PathState.DOWN;
        assertThat(next()).isEqualTo(LocalOverrides.of(Map.of(WEST, 0)));
        await().atMost(PATIENCE).until(() -> Map.of("us-west", "shut").equals(loop.paths()));

        state = PathState.UP;
        LocalOverrides last = LocalOverrides.of(Map.of(WEST, 0));
        while (!last.equals(LocalOverrides.NONE)) {
            LocalOverrides next = next();
            assertThat(next.grade(WEST)).isGreaterThan(last.grade(WEST));
            last = next;
        }
        assertThat(heard)
                .containsExactly(
                        "us-west: open -> shut",
                        "us-west: shut -> clean",
                        "us-west: clean -> ramping",
                        "us-west: ramping -> open");
        assertThat(posted).isEmpty();
    }

    @Test
    void who_is_silent_is_posted_beside_the_ways_and_once() throws Exception {
        silent = new TreeMap<>(Map.of(new ClusterId("west-1"), StalePolicy.DROP));
        assertThat(next()).isEqualTo(LocalOverrides.NONE.with(silent));

        silent = new TreeMap<>();
        assertThat(next()).isEqualTo(LocalOverrides.NONE);
        assertThat(posted).isEmpty();
    }

    private LocalOverrides next() throws InterruptedException {
        LocalOverrides overrides = posted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(overrides).isNotNull();
        return overrides;
    }

    private RegionEvidence evidence() {
        return new RegionEvidence(
                new RegionId("us-east"),
                List.of(new RegionEvidence.ObserverReport(
                        "gw-0",
                        Duration.ZERO,
                        0,
                        true,
                        List.of(new RegionEvidence.PathReport(
                                WEST, state, Duration.ZERO, Duration.ofMillis(70), false)))),
                List.of(),
                List.of(),
                RegionEvidence.Proxies.NONE);
    }
}
