package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.PathState;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.outbound.DialRace.Ending;
import io.beringia.gateway.outbound.DialRace.Try;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Refusal;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * When a dial tries the next candidate. Pure. It holds until our own 200 is sent; after that nothing is tried again.
 *
 * <p>The newest attempt alone decides: if it failed, the next starts at once; if its path turned worse meanwhile, too;
 * if it merely takes long, the next starts beside it. Whoever answers first wins, however late it started. Endpoints of
 * our own network are a last resort: they do not start beside a gateway that may still answer.
 */
public final class DialRules {
    /** A ztunnel waits for ever, so we must not. */
    public static final Duration DEADLINE = Duration.ofSeconds(5);
    /** A lost SYN is sent again after 1 s (RFC 6298, 2.1), so this leaves room for one. */
    public static final Duration GATEWAY_LIMIT = Duration.ofSeconds(3);
    /** Within one network, where a healthy pod accepts in milliseconds. */
    public static final Duration BACKEND_LIMIT = Duration.ofSeconds(2);
    /** The shortest wait before a hedge: below it, a pause of a healthy peer would double the load. */
    public static final Duration HEDGE_AFTER_MIN = Duration.ofMillis(250);

    private static final int HEDGE_AFTER_ROUND_TRIPS = 3;

    private DialRules() {}

    /** What to do now. */
    public sealed interface Step {
        /** Start that candidate, if {@link Budgets} give {@code cost}; else tell the race, and ask again. */
        record Start(int candidate, Cost cost) implements Step {}

        /** Nothing before that time, or before an outcome or a new path table comes. */
        record Wait(long untilNanos) implements Step {}

        /** Cancel all others. */
        record Won(int candidate) implements Step {}

        /** Cancel all. */
        record GiveUp(Refusal why) implements Step {}
    }

    /** Any thread. */
    public static Step next(DialRace race, PathTable paths, long nowNanos) {
        int winner = winner(race);
        if (winner >= 0) {
            return new Step.Won(winner);
        }
        if (nowNanos - deadline(race) >= 0) {
            return new Step.GiveUp(Refusal.CONNECT_TIMEOUT);
        }
        if (race.tries().isEmpty()) {
            return race.candidates().isEmpty() ? new Step.GiveUp(Refusal.NO_ENDPOINT) : new Step.Start(0, Cost.FREE);
        }
        if (race.nextCandidate() == race.candidates().size()) {
            return last(race, nowNanos);
        }
        return isTooSoon(race, paths, nowNanos)
                ? new Step.Wait(earlier(lastResort(race), earliestEnd(race, nowNanos), nowNanos))
                : another(race, paths, nowNanos);
    }

    /** How long an attempt may take. */
    public static Duration limit(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Gateway _ -> GATEWAY_LIMIT;
            case Candidate.Backend _ -> BACKEND_LIMIT;
        };
    }

    /** Whether an endpoint of our network is next, and a gateway may still answer: on a path that is well, in time. */
    private static boolean isTooSoon(DialRace race, PathTable paths, long nowNanos) {
        return race.candidates().get(race.nextCandidate()) instanceof Candidate.Backend
                && nowNanos - lastResort(race) < 0
                && IntStream.range(0, race.tries().size())
                        .filter(i -> race.candidates().get(i) instanceof Candidate.Gateway)
                        .anyMatch(i -> !isOver(race, i, nowNanos)
                                && !isLeaving(race.candidates().get(i), paths));
    }

    private static Step another(DialRace race, PathTable paths, long nowNanos) {
        int newest = race.tries().size() - 1;
        if (isOver(race, newest, nowNanos)) {
            return afterFailure(race, newest, paths, nowNanos);
        }
        return switch (race.candidates().get(newest)) {
            case Candidate.Backend _ -> new Step.Wait(earliestEnd(race, nowNanos));
            case Candidate.Gateway gateway -> besides(race, newest, gateway, paths, nowNanos);
        };
    }

    private static Step afterFailure(DialRace race, int newest, PathTable paths, long nowNanos) {
        if (race.tries().get(newest).ending() == Ending.EXHAUSTED) {
            return last(race, nowNanos);
        }
        boolean free = race.tries().get(newest).ending() == Ending.REFUSED
                || isLeaving(race.candidates().get(newest), paths);
        if (free || !race.isRetryDenied()) {
            return new Step.Start(race.nextCandidate(), free ? Cost.FREE : Cost.RETRY);
        }
        return last(race, nowNanos);
    }

    private static Step besides(DialRace race, int newest, Candidate.Gateway gateway, PathTable paths, long nowNanos) {
        PathTable.PathView path = paths.view(gateway.gateway());
        if (path.state() != PathState.UP && gateway.path() == PathState.UP) {
            return new Step.Start(race.nextCandidate(), Cost.FREE);
        }
        long hedge = race.tries().get(newest).startedNanos() + hedgeAfter(path).toNanos();
        boolean free = isLeaving(gateway, paths);
        if (race.isHedgingDenied() && !free) {
            return new Step.Wait(earliestEnd(race, nowNanos));
        }
        return nowNanos - hedge >= 0
                ? new Step.Start(race.nextCandidate(), free ? Cost.FREE : Cost.HEDGE)
                : new Step.Wait(earlier(hedge, earliestEnd(race, nowNanos), nowNanos));
    }

    private static Duration hedgeAfter(PathTable.PathView path) {
        Duration roundTrips = path.srtt().multipliedBy(HEDGE_AFTER_ROUND_TRIPS);
        return roundTrips.compareTo(HEDGE_AFTER_MIN) > 0 ? roundTrips : HEDGE_AFTER_MIN;
    }

    private static boolean isLeaving(Candidate candidate, PathTable paths) {
        return switch (candidate) {
            case Candidate.Backend _ -> false;
            case Candidate.Gateway gateway ->
                switch (paths.view(gateway.gateway()).state()) {
                    case SUSPECT, DOWN -> true;
                    case UP, PROBATION -> false;
                };
        };
    }

    /** Nobody may be started any more: whoever still runs decides. */
    private static Step last(DialRace race, long nowNanos) {
        boolean running = IntStream.range(0, race.tries().size()).anyMatch(i -> !isOver(race, i, nowNanos));
        return running ? new Step.Wait(earliestEnd(race, nowNanos)) : new Step.GiveUp(verdict(race));
    }

    /** Silence of all is a time-out; one word from anybody is not. */
    private static Refusal verdict(DialRace race) {
        if (race.tries().stream().anyMatch(one -> one.ending() == Ending.EXHAUSTED)) {
            return Refusal.OVERLOADED;
        }
        return race.tries().stream().allMatch(one -> one.ending() == Ending.RUNNING || one.ending() == Ending.TIMED_OUT)
                ? Refusal.CONNECT_TIMEOUT
                : Refusal.NO_ENDPOINT;
    }

    private static int winner(DialRace race) {
        return IntStream.range(0, race.tries().size())
                .filter(i -> race.tries().get(i).ending() == Ending.CONNECTED)
                .findFirst()
                .orElse(-1);
    }

    private static boolean isOver(DialRace race, int candidate, long nowNanos) {
        return race.tries().get(candidate).ending() != Ending.RUNNING || nowNanos - end(race, candidate) >= 0;
    }

    private static long end(DialRace race, int candidate) {
        Try one = race.tries().get(candidate);
        return one.startedNanos() + limit(race.candidates().get(candidate)).toNanos();
    }

    /** When the next running attempt is over, or all of it. */
    private static long earliestEnd(DialRace race, long nowNanos) {
        long earliest = deadline(race);
        for (int i = 0; i < race.tries().size(); i++) {
            if (!isOver(race, i, nowNanos)) {
                earliest = earlier(earliest, end(race, i), nowNanos);
            }
        }
        return earliest;
    }

    private static long earlier(long one, long other, long nowNanos) {
        return one - nowNanos < other - nowNanos ? one : other;
    }

    /** From here on an endpoint of our network would not have its time. */
    private static long lastResort(DialRace race) {
        return deadline(race) - BACKEND_LIMIT.toNanos();
    }

    private static long deadline(DialRace race) {
        return race.beganNanos() + DEADLINE.toNanos();
    }
}
