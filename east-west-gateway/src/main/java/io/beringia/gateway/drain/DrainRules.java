package io.beringia.gateway.drain;

import java.time.Duration;

/** When a loop that drains goes on to what comes next. Pure; time is awake time of that loop. */
final class DrainRules {
    /** 5 % of what is left in each: its clients come back elsewhere at a rate that can be borne. */
    private static final int SLICES = 20;

    private static final Duration SLICE_EVERY = Duration.ofSeconds(1);
    /** From the first slice to the last. */
    static final Duration CUTTING = SLICE_EVERY.multipliedBy(SLICES - 1L);

    private DrainRules() {}

    /**
     * What can be seen of a loop.
     *
     * @param tunnels that wait for an answer or carry bytes
     * @param goodbyesDue connections whose peers may still open tunnels
     */
    record Seen(int tunnels, int goodbyesDue) {}

    /** What is to be done at once. */
    sealed interface Act {
        record Nothing() implements Act {}

        /** No new connection is served, and every open one is told so. */
        record SayGoodbye() implements Act {}

        /** What is left is told to whoever watches, and then cut. */
        record Report() implements Act {}

        /** The oldest so many tunnels are reset. */
        record Cut(int tunnels) implements Act {}
    }

    /** The state that follows, and what to do on the way there; nothing if that is the same state. */
    record Step(DrainState state, Act act) {}

    static Step next(DrainConfig config, DrainState state, Seen seen, long nowNanos) {
        return switch (state) {
            case DrainState.Accepting accepting ->
                isOver(accepting.sinceNanos(), config.accept(), nowNanos)
                        ? new Step(accepting.leaving(nowNanos), new Act.SayGoodbye())
                        : stay(state);
            case DrainState.Leaving leaving -> leaving(config, leaving, seen, nowNanos);
            case DrainState.Cutting cutting -> cutting(cutting, seen, nowNanos);
            case DrainState.Over _ -> stay(state);
        };
    }

    private static Step leaving(DrainConfig config, DrainState.Leaving leaving, Seen seen, long nowNanos) {
        if (seen.tunnels() == 0 && seen.goodbyesDue() == 0) {
            return new Step(leaving.over(), new Act.Nothing());
        }
        return isOver(leaving.sinceNanos(), config.patience(), nowNanos)
                ? new Step(leaving.cutting(seen.tunnels(), nowNanos), new Act.Report())
                : stay(leaving);
    }

    /** Who came in meanwhile, on a connection that heard its goodbye late, goes with the last slice. */
    private static Step cutting(DrainState.Cutting cutting, Seen seen, long nowNanos) {
        if (seen.tunnels() == 0) {
            return new Step(cutting.over(), new Act.Nothing());
        }
        int due = due(cutting, nowNanos);
        int now = due >= cutting.residue() ? seen.tunnels() : due - cutting.cut();
        return now > 0 ? new Step(cutting.more(due), new Act.Cut(now)) : stay(cutting);
    }

    private static int due(DrainState.Cutting cutting, long nowNanos) {
        long slices = Math.min(SLICES, (nowNanos - cutting.sinceNanos()) / SLICE_EVERY.toNanos() + 1);
        return Math.toIntExact((slices * cutting.residue() + SLICES - 1) / SLICES);
    }

    private static boolean isOver(long sinceNanos, Duration after, long nowNanos) {
        return nowNanos - sinceNanos >= after.toNanos();
    }

    private static Step stay(DrainState state) {
        return new Step(state, new Act.Nothing());
    }
}
