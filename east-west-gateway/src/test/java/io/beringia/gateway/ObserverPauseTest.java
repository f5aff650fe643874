package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.observe.Observer;
import io.beringia.gateway.observe.Own;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.ProbeLines;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.relay.Transport;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** An observer over a real way, whose clock the test moves on at once: to it, that is a pause of its own process. */
@Isolated("round trips decide what is late, and neighbours would lengthen them")
final class ObserverPauseTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(60);

    private final World world = new World();
    private final AtomicLong sleptNanos = new AtomicLong();
    private final AtomicLong readings = new AtomicLong();
    private volatile PathTable paths = PathTable.EMPTY;
    private final EventLoopGroup group = Transport.best().loops(1, "test/");
    private GatewayAddress west;
    private Observer observer;

    @BeforeEach
    void starts() throws Exception {
        SocketAddress address = world.west.addGateway();
        world.west.start(address);
        world.publish();
        west = Objects.requireNonNull(world.east.catalog.latest().clusters().get(world.west.cluster()))
                .gateways()
                .getFirst();
        ProbeLines lines = TestLines.of(world.east, group);
        observer = Observer.start(
                lines.self(),
                world.east.catalog::latest,
                lines,
                new Own(List::of, () -> Duration.ZERO, List::of),
                lines.telemetry(),
                this::now,
                new Told());
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(paths.view(west).srtt()).isPositive());
    }

    private final class Told implements Observer.Told {
        @Override
        public void onPaths(PathTable newest) {
            paths = newest;
        }

        @Override
        public void onReport(ObserverReport report) {}
    }

    private long now() {
        readings.incrementAndGet();
        return System.nanoTime() + sleptNanos.get();
    }

    @AfterEach
    void ends() throws Exception {
        observer.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        world.close();
    }

    private double changes() {
        return world.east.count("gateway.paths.changed");
    }

    private void awaitManySteps() {
        awaitReadings(60);
    }

    /** It reads its clock twice a step, and judges its paths at least at every fifth. */
    private void awaitReadings(int count) {
        long seen = readings.get();
        await().atMost(WAIT).untilAsserted(() -> assertThat(readings.get()).isGreaterThan(seen + count));
    }

    @Test
    void what_it_slept_through_is_nobodys_silence() {
        sleptNanos.addAndGet(PAUSE.toNanos());
        awaitManySteps();
        assertThat(changes()).isZero();
        assertThat(paths.view(west).state()).isEqualTo(PathState.UP);
    }

    @Test
    void many_pauses_in_a_row_condemn_nobody() {
        for (int i = 0; i < 5; i++) {
            sleptNanos.addAndGet(Duration.ofSeconds(2).toNanos());
            awaitReadings(20);
        }
        awaitManySteps();
        assertThat(changes()).isZero();
    }

    @Test
    void connections_that_were_lost_meanwhile_are_no_refusals() {
        sleptNanos.addAndGet(PAUSE.toNanos());
        observer.onDialFailed(west, new DialFailure.Lost("stream: reset while we slept"));
        awaitManySteps();
        assertThat(changes()).isZero();
    }

    @Test
    void connections_of_ours_that_are_full_are_nobodys_fault() {
        observer.onDialFailed(west, new DialFailure.Full("connections: all full"));
        awaitManySteps();
        assertThat(changes()).isZero();
    }

    @Test
    void without_a_pause_the_same_loss_is_a_suspicion() {
        observer.onDialFailed(west, new DialFailure.Lost("stream: reset"));
        await().atMost(WAIT)
                .untilAsserted(() -> assertThat(world.east.count("gateway.paths.changed", "state", "suspect"))
                        .isPositive());
    }
}
