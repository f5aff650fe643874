package io.beringia.discovery.peering;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** One address of a peer, dialled again and again. Owned by the peer's thread. */
final class PeerDial {
    /** A peer may ask for patience, not for being forgotten. */
    private static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(1);

    private final String address;
    private final RandomGenerator random;
    private Instant nextAt = Instant.MIN;
    private int links;
    private int failures;

    PeerDial(String address, RandomGenerator random) {
        this.address = address;
        this.random = random;
    }

    String address() {
        return address;
    }

    /** Whether there is no link by this address, and it is time for one. */
    boolean isDue(Instant now) {
        return links == 0 && mayDial(now);
    }

    /** Whether another link may be opened beside the one that there is. */
    boolean isReplaceable(Instant now) {
        return links == 1 && mayDial(now);
    }

    private boolean mayDial(Instant now) {
        return !now.isBefore(nextAt);
    }

    void opened() {
        links++;
    }

    /** The peer greeted: it is well. */
    void greeted() {
        failures = 0;
    }

    /** @param retryAfter what the peer asked for, if anything */
    void ended(boolean wasGreeted, Duration retryAfter, Instant now) {
        links--;
        Duration asked = retryAfter.compareTo(RETRY_AFTER_MAX) < 0 ? retryAfter : RETRY_AFTER_MAX;
        nextAt = now.plus(DialRules.pause(failures, random)).plus(asked);
        failures = wasGreeted ? 0 : failures + 1;
    }
}
