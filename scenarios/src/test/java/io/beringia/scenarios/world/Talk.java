package io.beringia.scenarios.world;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One TCP connection on which somebody is asked: lost packets are sent again after growing pauses, as RFC 6298 has it,
 * and every question that waits is answered by the next that comes through.
 */
final class Talk {
    private static final long SYN_AGAIN_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 200;
    private static final long AGAIN_MAX_MILLIS = 60_000;

    /** TCP, TLS, CONNECT, and TLS of whoever is behind. */
    static final int ROUND_TRIPS_TO_OPEN = 4;

    private final long number;
    private int tripsLeft;
    private long askedMillis = -1;
    private long tryMillis = -1;
    private long pauseMillis;
    private boolean isRepeated;
    private boolean isWithPeer;
    private long answerMillis = -1;

    /** @param trips that must be made before the first answer, besides the one of the question */
    Talk(long number, int trips) {
        this.number = number;
        this.tripsLeft = trips;
    }

    /** What a step of time brought. */
    sealed interface News {
        record Nothing() implements News {}

        record Answered(long tripMillis, boolean isMeasured) implements News {}

        record Refused(long connection) implements News {}
    }

    private static final News NOTHING = new News.Nothing();

    /** The other end, now. */
    interface Peer {
        /** There and back; empty if this packet is lost. */
        OptionalLong trip();

        Condition process();

        /** Whether it gets to run now. */
        boolean isRunning();

        /** Until its certificate ends; nobody talks to it after that. */
        Duration proven();
    }

    /** A question, or one more while one waits: new data shows the peer what is missing, until the pauses grow. */
    void ask(long now) {
        if (askedMillis < 0) {
            askedMillis = now;
            begin(now);
        } else if (!isWithPeer && answerMillis < 0 && pauseMillis == AGAIN_MILLIS && tripsLeft == 0) {
            tryMillis = Math.min(tryMillis, now);
        }
    }

    /** When a question has waited for so long. */
    long givenUp(long afterMillis) {
        return askedMillis < 0 ? Long.MAX_VALUE : askedMillis + afterMillis;
    }

    boolean isIdle() {
        return askedMillis < 0;
    }

    /** Whether the other kernel has acknowledged what nobody answers. */
    boolean isAcknowledged() {
        return isWithPeer;
    }

    /** TCP stands: what comes next may be large. */
    boolean isConnected() {
        return tripsLeft < ROUND_TRIPS_TO_OPEN;
    }

    /** When a step may bring news at the earliest; the peer may be killed sooner. */
    long wakes(long now, Peer peer) {
        if (peer.process() != Condition.RUNS && peer.process() != Condition.VANISHED) {
            return now;
        }
        if (askedMillis < 0) {
            return Long.MAX_VALUE;
        }
        return answerMillis >= 0 ? answerMillis : isWithPeer ? now : tryMillis;
    }

    private void begin(long now) {
        tryMillis = now;
        pauseMillis = tripsLeft == ROUND_TRIPS_TO_OPEN ? SYN_AGAIN_MILLIS : AGAIN_MILLIS;
        isWithPeer = false;
        answerMillis = -1;
    }

    News step(long now, Peer peer) {
        if (peer.process() == Condition.KILLED && (askedMillis >= 0 || tripsLeft == 0)) {
            OptionalLong trip = peer.trip();
            if (trip.isPresent()) {
                askedMillis = -1;
                return new News.Refused(number);
            }
        }
        if (askedMillis < 0) {
            return NOTHING;
        }
        if (!isWithPeer && answerMillis < 0 && now >= tryMillis) {
            send(now, peer);
        }
        if (isWithPeer && peer.isRunning()) {
            isWithPeer = false;
            answerMillis = now;
        }
        return answerMillis >= 0 && now >= answerMillis ? answered(now) : NOTHING;
    }

    private void send(long now, Peer peer) {
        OptionalLong trip = peer.process() == Condition.VANISHED ? OptionalLong.empty() : peer.trip();
        if (trip.isEmpty()) {
            isRepeated = true;
            tryMillis = now + pauseMillis;
            pauseMillis = Math.min(AGAIN_MAX_MILLIS, pauseMillis * 2);
        } else if (peer.isRunning()) {
            answerMillis = now + trip.getAsLong() * (isRepeated ? 2 : 1);
        } else {
            isWithPeer = true;
        }
    }

    private News answered(long now) {
        if (tripsLeft > 0) {
            tripsLeft--;
            begin(now);
            return NOTHING;
        }
        News answer = new News.Answered(Math.max(1, answerMillis - askedMillis), true);
        askedMillis = -1;
        answerMillis = -1;
        isRepeated = false;
        return answer;
    }
}
