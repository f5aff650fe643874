package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which looks at one path are due. Pure and immutable: {@link #due} answers with the probes to send now and the plan
 * that goes on from there. Times are nanoseconds of one monotonic clock.
 *
 * <p>Two warm connections are asked 4 times a second each, half an interval apart, so that one lost packet or one full
 * queue is not taken for silence. A cold probe every 5 s shows what warm connections hide: handshakes, and once a minute,
 * with a long payload, the largest packet that fits. A suspected path is raced by three fresh connections.
 *
 * @param warmNanos when each warm connection is asked next
 * @param coldNanos when the next cold probe starts
 * @param largeNanos from when on a cold probe is a large one
 * @param racedSinceNanos the suspicion that {@code raced} belongs to: when it began
 * @param raced fresh connections started for it
 */
public record ProbePlan(List<Long> warmNanos, long coldNanos, long largeNanos, long racedSinceNanos, int raced) {
    /** On different 5-tuples, so that they take different ways where a network has several. */
    public static final int WARM_CONNECTIONS = 2;

    public static final Duration COLD_INTERVAL = Duration.ofSeconds(5);
    /** A SYN that is lost is sent again after 1 s, and after 2 s more. */
    public static final Duration COLD_TIMEOUT = Duration.ofSeconds(3);

    public static final Duration LARGE_INTERVAL = Duration.ofMinutes(1);
    public static final Duration RACE_INTERVAL = Duration.ofMillis(200);
    public static final int RACERS = 3;

    public ProbePlan {
        warmNanos = List.copyOf(warmNanos);
        if (warmNanos.size() != WARM_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "warm connections: " + warmNanos.size() + " (expected: " + WARM_CONNECTIONS + ")");
        }
    }

    /** One look. */
    public sealed interface Probe {
        /** A word on the warm connection of that number, from 0. */
        record Warm(int connection) implements Probe {}

        /** A new connection, TLS and CONNECT included, and {@code words} times 16 bytes to be echoed. */
        record Cold(int words) implements Probe {
            public static final int SMALL = 1;
            /** 16 KiB: packets of full size, which a way with a smaller MTU swallows. */
            public static final int LARGE = 1_024;
        }

        /** A new connection against a suspicion; {@code number} from 0. */
        record Race(int number) implements Probe {}
    }

    /** The probes to send now, the plan after them, and when to ask again unless the path's state changes before. */
    public record Due(List<Probe> probes, ProbePlan after, long nextNanos) {
        public Due {
            probes = List.copyOf(probes);
        }
    }

    /**
     * Nothing sent yet.
     *
     * @param phaseNanos 0 to the probe interval: shifts this path against others, so that they do not all ask at once
     */
    public static ProbePlan begun(long nowNanos, long phaseNanos) {
        long first = nowNanos + phaseNanos;
        long interval = PathRules.PROBE_INTERVAL.toNanos();
        return new ProbePlan(
                List.of(first, first + interval / WARM_CONNECTIONS),
                first + interval,
                first + LARGE_INTERVAL.toNanos(),
                nowNanos,
                0);
    }

    /** Any thread. What was missed during a pause is not made up for: one probe of each kind, then on as before. */
    public Due due(Standing standing, long nowNanos) {
        List<Probe> probes = new ArrayList<>();
        List<Long> warm = new ArrayList<>();
        for (int i = 0; i < WARM_CONNECTIONS; i++) {
            if (isDue(warmNanos.get(i), nowNanos)) {
                probes.add(new Probe.Warm(i));
            }
            warm.add(following(warmNanos.get(i), PathRules.PROBE_INTERVAL, nowNanos));
        }
        boolean large = isDue(coldNanos, nowNanos) && isDue(largeNanos, nowNanos);
        if (isDue(coldNanos, nowNanos)) {
            probes.add(new Probe.Cold(large ? Probe.Cold.LARGE : Probe.Cold.SMALL));
        }
        ProbePlan after = new ProbePlan(
                        warm,
                        following(coldNanos, COLD_INTERVAL, nowNanos),
                        large ? following(largeNanos, LARGE_INTERVAL, nowNanos) : largeNanos,
                        racedSinceNanos,
                        raced)
                .racing(standing, probes, nowNanos);
        return new Due(probes, after, after.next(standing, nowNanos));
    }

    /** The next cold probe is a large one. */
    public ProbePlan largeNext() {
        return new ProbePlan(warmNanos, coldNanos, coldNanos, racedSinceNanos, raced);
    }

    private ProbePlan racing(Standing standing, List<Probe> probes, long nowNanos) {
        if (standing.state() != PathState.SUSPECT) {
            return this;
        }
        int started = standing.sinceNanos() == racedSinceNanos ? raced : 0;
        while (started < RACERS && isDue(racer(standing, started), nowNanos)) {
            probes.add(new Probe.Race(started));
            started++;
        }
        return new ProbePlan(warmNanos, coldNanos, largeNanos, standing.sinceNanos(), started);
    }

    private long next(Standing standing, long nowNanos) {
        long next = coldNanos;
        for (long warm : warmNanos) {
            next = warm - nowNanos < next - nowNanos ? warm : next;
        }
        boolean racing = standing.state() == PathState.SUSPECT && raced < RACERS;
        long racer = racer(standing, raced);
        return racing && racer - nowNanos < next - nowNanos ? racer : next;
    }

    private static long racer(Standing standing, int number) {
        return standing.sinceNanos() + number * RACE_INTERVAL.toNanos();
    }

    private static boolean isDue(long whenNanos, long nowNanos) {
        return nowNanos - whenNanos >= 0;
    }

    /** The first time after now in the same rhythm. */
    private static long following(long whenNanos, Duration interval, long nowNanos) {
        long late = nowNanos - whenNanos;
        return late < 0 ? whenNanos : nowNanos + interval.toNanos() - late % interval.toNanos();
    }
}
