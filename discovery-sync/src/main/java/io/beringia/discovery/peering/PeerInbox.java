package io.beringia.discovery.peering;

import io.beringia.discovery.peering.proto.Frame;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happens to one peer. Any thread posts, and never waits: each stream has one frame in flight and two ends at most,
 * and the number of streams is bounded.
 */
final class PeerInbox {
    /** Streams of one peer that it opened: one per replica of it, and some that are about to end. */
    static final int ACCEPTED_MAX = 32;

    /** Addresses of one peer that we dial. */
    static final int DIALLED_MAX = 32;

    /** A greeting, a frame and two ends; and the same of a stream that it replaced. */
    private static final int EVENTS_PER_STREAM = 8;

    /** One nudge, and a few operators who forget at once. */
    private static final int OTHERS_MAX = 9;

    private static final int EVENTS_MAX = EVENTS_PER_STREAM * (ACCEPTED_MAX + DIALLED_MAX) + OTHERS_MAX;

    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(EVENTS_MAX);
    private final Semaphore acceptable = new Semaphore(ACCEPTED_MAX);
    private final AtomicBoolean isNudged = new AtomicBoolean();

    sealed interface Event {
        /** The peer opened a stream and greeted; it is the peer. */
        record Accepted(PeerStream stream, Frame hello) implements Event {}

        record Received(PeerStream stream, Frame frame) implements Event {}

        record Ended(PeerStream stream, String why) implements Event {}

        /** Who answered is not the peer. */
        record NotThePeer(PeerStream stream, PeerRefusal.OfLink why) implements Event {}

        /** An operator says that the peer is gone for good. */
        record Forgotten() implements Event {}

        /** There may be something to send. */
        record Nudged() implements Event {}
    }

    void post(Event event) {
        events.add(event);
    }

    /** What is held of the peer goes. */
    void forget() {
        events.offer(new Event.Forgotten());
    }

    /** Many nudges are one. */
    void nudge() {
        if (isNudged.compareAndSet(false, true)) {
            events.add(new Event.Nudged());
        }
    }

    /** Whether one more stream of the peer's may be posted; {@link #released} gives its place back. */
    boolean tryAccept() {
        return acceptable.tryAcquire();
    }

    void released() {
        acceptable.release();
    }

    Optional<Event> poll(Duration patience) throws InterruptedException {
        Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (event instanceof Event.Nudged) {
            isNudged.set(false);
        }
        return Optional.ofNullable(event);
    }
}
