package io.beringia.trust.rotator;

import io.beringia.trust.RotationTelemetry;
import io.beringia.trust.rotation.RotationPhase.Stable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The trust roles of the other clusters, as they are heard. Each is told the newest call at once, and once a second while
 * a root changes, by a virtual thread of its own, so that a slow one holds up no other; nobody is told anything while there is none. Any thread.
 */
final class Peers implements AutoCloseable {
    /** As often as the loop looks. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    /** While no root changes a report is only to be there when somebody begins, and may be large. */
    private static final Duration ASK_IDLE_EVERY = Duration.ofSeconds(10);

    private final List<Line> lines;
    private final AtomicReference<Optional<PeerCall>> newest = new AtomicReference<>(Optional.empty());

    /** {@code skew} is how far clocks may differ. */
    Peers(Collection<PeerLink> links, Duration skew, RotationTelemetry telemetry, InstantSource clock) {
        List<Line> all = new ArrayList<>();
        for (PeerLink link : links) {
            all.add(new Line(link, newest, skew, telemetry, clock));
        }
        lines = List.copyOf(all);
    }

    /** One peer. Its thread owns it; all read its state. */
    private static final class Line {
        private final PeerLink link;
        private final AtomicReference<Optional<PeerCall>> newest;
        private final Duration skew;
        private final RotationTelemetry telemetry;
        private final InstantSource clock;
        private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
        private final AtomicReference<PeerState> state = new AtomicReference<>(PeerState.SILENT);
        private final Thread thread;

        Line(
                PeerLink link,
                AtomicReference<Optional<PeerCall>> newest,
                Duration skew,
                RotationTelemetry telemetry,
                InstantSource clock) {
            this.link = link;
            this.newest = newest;
            this.skew = skew;
            this.telemetry = telemetry;
            this.clock = clock;
            thread = Thread.ofVirtual().name("rotation/" + link.cluster()).unstarted(this::run);
        }

        PeerState heard() {
            return Objects.requireNonNull(state.get());
        }

        private void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Optional<PeerCall> call = Objects.requireNonNull(newest.get());
                    if (call.isPresent()) {
                        ask(call.get());
                    }
                    wake.poll(pause(call).toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private static Duration pause(Optional<PeerCall> call) {
            return call.filter(it -> it instanceof PeerCall.Order order
                                    && order.state().phase() instanceof Stable)
                            .isPresent()
                    ? ASK_IDLE_EVERY
                    : ASK_EVERY;
        }

        private void ask(PeerCall call) throws InterruptedException {
            PeerState before = heard();
            Instant sent = clock.instant();
            PeerState after;
            try {
                after = before.on(link.ask(call), sent, clock.instant(), skew);
            } catch (IOException | RuntimeException failed) {
                after = before.missed(String.valueOf(failed.getMessage()), clock.instant());
            }
            if (after.trouble().isPresent()) {
                String why = after.trouble().get().why();
                boolean isNews =
                        before.trouble().filter(it -> it.why().equals(why)).isEmpty();
                telemetry.peerMissed(link.cluster(), why, isNews);
            }
            state.set(after);
        }
    }

    void start() {
        lines.forEach(line -> line.thread.start());
    }

    /** From here on this is said; at once where it is new. */
    void say(Optional<PeerCall> call) {
        if (!call.equals(newest.getAndSet(call))) {
            hurry();
        }
    }

    /** Everybody is asked now, or once more when he has answered. */
    void hurry() {
        lines.forEach(line -> line.wake.offer(true));
    }

    boolean isNobody() {
        return lines.isEmpty();
    }

    /** By cluster. */
    Map<String, PeerState> heard() {
        Map<String, PeerState> all = new HashMap<>();
        lines.forEach(line -> all.put(line.link.cluster(), line.heard()));
        return Map.copyOf(all);
    }

    @Override
    public void close() {
        lines.forEach(line -> line.thread.interrupt());
    }
}
