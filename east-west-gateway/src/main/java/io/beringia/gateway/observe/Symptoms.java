package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is seen of one path besides answers and refusals. Pure and immutable; nothing here changes its state. Times are
 * nanoseconds of one monotonic clock.
 *
 * @param largeLost probes of full size, one after the other, of which nothing came back while the path was UP
 * @param acknowledgedNanos when the other kernel was last seen to have acknowledged what nobody answered
 * @param provenUntilNanos when what the gateway showed in its newest handshake ends
 */
public record Symptoms(int largeLost, Optional<Long> acknowledgedNanos, Optional<Long> provenUntilNanos) {
    public static final Symptoms NONE = new Symptoms(0, Optional.empty(), Optional.empty());

    /**
     * Whoever proves itself for no longer than this is left: long enough for every client to hear of it, and less than half
     * of any certificate's life.
     */
    public static final Duration CERTIFICATE_LEFT_MIN = Duration.ofSeconds(30);

    /** Longer than anybody looks without a new handshake, and no more than a clock of nanoseconds can count. */
    private static final Duration KNOWN_MAX = Duration.ofDays(365);

    /** On a way that loses one packet in ten, one such probe may be late by chance, and no four in a row. */
    static final int SWALLOWED_AFTER = 4;
    /** The connections on which it was seen are given up and made anew meanwhile. */
    private static final long ACKNOWLEDGED_VALID_NANOS = Duration.ofSeconds(2).toNanos();

    /** 16 KiB were echoed: whatever size fits. */
    public Symptoms largeThrough() {
        return new Symptoms(0, acknowledgedNanos, provenUntilNanos);
    }

    /** They were not, in all the time that they had, though a connection stood. Where the path is not UP that says nothing. */
    public Symptoms largeLost(PathState state) {
        return state == PathState.UP
                ? new Symptoms(Math.min(largeLost + 1, SWALLOWED_AFTER), acknowledgedNanos, provenUntilNanos)
                : this;
    }

    /** A question was acknowledged, and nothing has been heard on its connection for a while. */
    public Symptoms acknowledged(long nowNanos) {
        return new Symptoms(largeLost, Optional.of(nowNanos), provenUntilNanos);
    }

    /** A handshake showed certificates that last for so long. */
    public Symptoms proven(Duration left, long nowNanos) {
        Duration known = left.compareTo(KNOWN_MAX) < 0 ? left : KNOWN_MAX;
        return new Symptoms(largeLost, acknowledgedNanos, Optional.of(nowNanos + known.toNanos()));
    }

    /** One more loss of that kind would help to tell: the next cold probe shall be large, too. */
    public boolean isDoubtful() {
        return largeLost > 0 && largeLost < SWALLOWED_AFTER;
    }

    public List<PathTrouble> troubles(Standing standing, long nowNanos) {
        List<PathTrouble> troubles = new ArrayList<>();
        if (standing.state() == PathState.UP && largeLost >= SWALLOWED_AFTER) {
            troubles.add(PathTrouble.MTU);
        }
        if (standing.state() == PathState.DOWN && isStuck(standing, nowNanos)) {
            troubles.add(PathTrouble.STUCK);
        }
        if (standing.state() != PathState.DOWN && isExpiring(nowNanos)) {
            troubles.add(PathTrouble.EXPIRING);
        }
        return troubles;
    }

    /** Whether nobody should begin anything there, if he can go elsewhere. */
    public boolean isExpiring(long nowNanos) {
        return provenUntilNanos
                .filter(until -> until - nowNanos < CERTIFICATE_LEFT_MIN.toNanos())
                .isPresent();
    }

    /** What was sent after a silence that condemns a path has arrived over there. */
    private boolean isStuck(Standing standing, long nowNanos) {
        return acknowledgedNanos
                .filter(at -> nowNanos - at < ACKNOWLEDGED_VALID_NANOS)
                .filter(at -> at - standing.heardNanos() > PathRules.downAfterNanos(standing.roundTrip()))
                .isPresent();
    }
}
