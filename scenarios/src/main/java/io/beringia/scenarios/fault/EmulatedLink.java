package io.beringia.scenarios.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One direction of an emulated link: what becomes of each packet, by a {@link LinkModel} and randomness of its own, so that
 * the same seed gives the same link. Times are {@link System#nanoTime()}'s and never go back. Owned by one thread.
 */
final class EmulatedLink {
    private static final double PERCENT = 100;

    private final LinkModel model;
    private final RandomGenerator random;
    private final List<Burst> over = new ArrayList<>();
    private boolean isBad;
    private long sinceNanos;
    private long untilNanos;
    private long offered;
    private long lost;
    private long offeredBefore;
    private long lostBefore;

    /** Begins in a good time. */
    EmulatedLink(LinkModel model, RandomGenerator random, long nowNanos) {
        this.model = model;
        this.random = random;
        this.sinceNanos = nowNanos;
        this.untilNanos = model.bursts().isPresent() ? nowNanos + length() : nowNanos;
    }

    /** A bad time that is over: from when to when, how many packets came in it, and how many of those were lost. */
    record Burst(long startNanos, long endNanos, long offered, long lost) {}

    /** When each copy of a packet that comes now is to leave; none if it is lost, two if it is doubled. */
    List<Long> passed(long nowNanos) {
        turn(nowNanos);
        offered++;
        if (happens(isBad ? model.bursts().orElseThrow().loss() : model.loss())) {
            lost++;
            return List.of();
        }
        long first = nowNanos + delay();
        return happens(model.duplicate()) ? List.of(first, nowNanos + delay()) : List.of(first);
    }

    /** Bursts that ended until now, and were not said before. */
    List<Burst> bursts(long nowNanos) {
        turn(nowNanos);
        List<Burst> said = List.copyOf(over);
        over.clear();
        return said;
    }

    long offered() {
        return offered;
    }

    long lost() {
        return lost;
    }

    /** From good to bad times and back, as often as it would have happened until now. */
    private void turn(long nowNanos) {
        while (model.bursts().isPresent() && nowNanos - untilNanos >= 0) {
            if (isBad) {
                over.add(new Burst(sinceNanos, untilNanos, offered - offeredBefore, lost - lostBefore));
            }
            isBad = !isBad;
            sinceNanos = untilNanos;
            offeredBefore = offered;
            lostBefore = lost;
            untilNanos += length();
        }
    }

    /** Of the time that begins; exponential, and never nothing. */
    private long length() {
        LinkModel.Bursts bursts = model.bursts().orElseThrow();
        long mean = (isBad ? bursts.bad() : bursts.good()).toNanos();
        return 1 + (long) (-mean * Math.log1p(-random.nextDouble()));
    }

    private long delay() {
        long jitter = model.jitter().toNanos();
        return model.delay().toNanos() + (jitter == 0 ? 0 : random.nextLong(-jitter, jitter + 1));
    }

    private boolean happens(double percent) {
        return percent > 0 && random.nextDouble() * PERCENT < percent;
    }
}
