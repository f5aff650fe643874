package io.beringia.discovery.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the way to one gateway stands, from what one observer sees of it. Pure: {@code (standing, observation) ->
 * standing}. The same rules for a gateway's own eyes and for whoever judges with the eyes of many.
 *
 * <pre>
 *  UP --- silent for S, or refused once --> SUSPECT --- silent for D, or refused 3 times in 500 ms --> DOWN
 *  ^ ^ ------------ success ---------------- |                                                       |  ^
 *  |                                                                                        success  |  | silent for S,
 *  +------------------- 10 s clean ---------------- PROBATION <--------------------------------------+  | or refused
 *                                                       +-----------------------------------------------+
 *  S = max(600 ms, srtt + 8 rttvar + 2 probe intervals)      D = max(1.5 s, 3 srtt + 1.2 s)
 * </pre>
 *
 * <p>Silence counts for DOWN only while the observer is well and reaches a third target; otherwise the fault may be its
 * own. It is measured, not counted in lost probes: on a lossy link many probes are late and nothing is wrong.
 */
public final class PathRules {
    /** Between two questions on a warm connection. */
    public static final Duration PROBE_INTERVAL = Duration.ofMillis(250);
    /** From here on an observer does not believe itself (Lifeguard, arXiv:1707.00788). */
    public static final int LOCAL_HEALTH_VOID = 3;

    private static final long SUSPECT_MIN_NANOS = Duration.ofMillis(600).toNanos();
    private static final long DOWN_MIN_NANOS = Duration.ofMillis(1_500).toNanos();
    private static final long DOWN_ALLOWANCE_NANOS = Duration.ofMillis(1_200).toNanos();
    private static final long PROBATION_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long REFUSALS_WITHIN_NANOS = Duration.ofMillis(500).toNanos();
    private static final int REFUSALS_DOWN = 3;
    private static final int VARIATIONS = 8;
    private static final int ROUND_TRIPS = 3;

    private PathRules() {}

    /**
     * All that must be remembered of one path.
     *
     * @param sinceNanos when the state was entered
     * @param heardNanos the last success; at first when looking began, since nothing was asked before
     * @param refusals of the last 500 ms and since the last success, one per connection, at most three
     */
    public record Standing(
            PathState state,
            long sinceNanos,
            long heardNanos,
            RoundTrip roundTrip,
            List<Observation.Refused> refusals) {
        public Standing {
            refusals = List.copyOf(refusals);
        }

        /** Before the first answer: UP, since missing data never moves traffic. */
        public static Standing begun(long nowNanos) {
            return new Standing(PathState.UP, nowNanos, nowNanos, RoundTrip.UNMEASURED, List.of());
        }

        private Standing entering(PathState next, long nowNanos) {
            return next == state ? this : new Standing(next, nowNanos, heardNanos, roundTrip, refusals);
        }

        private Standing with(RoundTrip other) {
            return new Standing(state, sinceNanos, heardNanos, other, refusals);
        }

        private Standing heard(Observation.Success success) {
            return new Standing(
                    state, sinceNanos, success.atNanos(), roundTrip.with(success.roundTripNanos()), List.of());
        }
    }

    /**
     * Any thread. Observations come in the order of their times. What came late out of a silence says how long that was,
     * not how long the way is: it is not learned.
     *
     * @param isMeasured whether a success took the round trip of the way alone
     */
    public static Standing next(Standing standing, Observation seen, boolean isMeasured) {
        Standing next = next(standing, seen);
        boolean isCalm = standing.state() == PathState.UP || standing.state() == PathState.PROBATION;
        return isMeasured && isCalm ? next : next.with(standing.roundTrip());
    }

    static Standing next(Standing standing, Observation seen) {
        return switch (seen) {
            case Observation.Success success -> onSuccess(standing, success);
            case Observation.Refused refused -> onRefused(remembering(standing, refused), refused.atNanos());
            case Observation.Tick tick -> onTick(standing, tick);
        };
    }

    /** Silence after which a path is suspected. */
    public static long suspectAfterNanos(RoundTrip roundTrip) {
        return Math.max(
                SUSPECT_MIN_NANOS,
                roundTrip.smoothedNanos() + VARIATIONS * roundTrip.variationNanos() + 2 * PROBE_INTERVAL.toNanos());
    }

    /** Silence after which a path is DOWN; never sooner than it is suspected. */
    public static long downAfterNanos(RoundTrip roundTrip) {
        return Math.max(DOWN_MIN_NANOS, ROUND_TRIPS * roundTrip.smoothedNanos() + DOWN_ALLOWANCE_NANOS);
    }

    private static Standing onSuccess(Standing standing, Observation.Success success) {
        Standing heard = standing.heard(success);
        return switch (heard.state()) {
            case UP -> heard;
            case SUSPECT -> heard.entering(PathState.UP, success.atNanos());
            case DOWN -> heard.entering(PathState.PROBATION, success.atNanos());
            case PROBATION -> onProbation(heard, success.atNanos() - standing.heardNanos(), success.atNanos());
        };
    }

    /** A gap that nobody was well enough to judge is no clean second: probation begins again. */
    private static Standing onProbation(Standing heard, long gapNanos, long nowNanos) {
        if (gapNanos > suspectAfterNanos(heard.roundTrip())) {
            return new Standing(PathState.PROBATION, nowNanos, nowNanos, heard.roundTrip(), List.of());
        }
        return nowNanos - heard.sinceNanos() >= PROBATION_NANOS ? heard.entering(PathState.UP, nowNanos) : heard;
    }

    /** A refusal is a word from the other side, so an unwell observer believes it all the same. */
    private static Standing onRefused(Standing standing, long nowNanos) {
        boolean condemned = standing.refusals().size() >= REFUSALS_DOWN;
        return switch (standing.state()) {
            case UP, SUSPECT -> standing.entering(condemned ? PathState.DOWN : PathState.SUSPECT, nowNanos);
            case PROBATION -> standing.entering(PathState.DOWN, nowNanos);
            case DOWN -> standing;
        };
    }

    private static Standing remembering(Standing standing, Observation.Refused refused) {
        List<Observation.Refused> recent = new ArrayList<>(standing.refusals());
        recent.removeIf(earlier -> refused.atNanos() - earlier.atNanos() > REFUSALS_WITHIN_NANOS
                || earlier.connection() == refused.connection());
        recent.add(refused);
        List<Observation.Refused> last = recent.subList(Math.max(0, recent.size() - REFUSALS_DOWN), recent.size());
        return new Standing(standing.state(), standing.sinceNanos(), standing.heardNanos(), standing.roundTrip(), last);
    }

    private static Standing onTick(Standing standing, Observation.Tick tick) {
        long silence = tick.atNanos() - standing.heardNanos();
        return switch (standing.state()) {
            case UP ->
                silence > suspectAfterNanos(standing.roundTrip())
                        ? onTick(standing.entering(PathState.SUSPECT, tick.atNanos()), tick)
                        : standing;
            case SUSPECT ->
                silence > downAfterNanos(standing.roundTrip()) && isBelievable(tick)
                        ? standing.entering(PathState.DOWN, tick.atNanos())
                        : standing;
            case PROBATION ->
                silence > suspectAfterNanos(standing.roundTrip()) && isBelievable(tick)
                        ? standing.entering(PathState.DOWN, tick.atNanos())
                        : standing;
            case DOWN -> standing;
        };
    }

    private static boolean isBelievable(Observation.Tick tick) {
        return tick.isControlProbeOk() && tick.localHealth() < LOCAL_HEALTH_VOID;
    }
}
