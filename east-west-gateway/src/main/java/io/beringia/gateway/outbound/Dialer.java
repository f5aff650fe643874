package io.beringia.gateway.outbound;

import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.routing.Candidate;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Turns candidates into one end of a tunnel: the first that answers wins. Lives on one event loop, as do its dials. */
public final class Dialer {
    private final EventLoop loop;
    private final Way way;
    private final Supplier<PathTable> paths;
    private final Budgets budgets;
    private final LongSupplier awakeNanos;
    private final LongSupplier nanoTime;
    private final Watcher watcher;

    /** Told on the loop of each dial; must not wait. */
    public interface Watcher {
        /** One more attempt begins. */
        void onAttempt(Cost cost);

        /** @param leg on whose behalf */
        void onConnected(Candidate candidate, Leg leg);

        void onFailed(Candidate candidate, Leg leg, DialFailure why);

        /** It was given up, after somebody else had been asked as well because it took long. */
        void onOutrun(Candidate candidate, Leg leg);
    }

    /** How one candidate is asked. On the loop of its tunnel; must not wait. */
    @FunctionalInterface
    public interface Way {
        /** @param leg what a gateway is told */
        Attempt begin(Candidate candidate, Leg leg, Attempt.Outcome outcome);
    }

    /** A pod by TCP, a gateway by a stream on a pooled connection. */
    public static Way byNetwork(EventLoop loop, Sockets sockets, PeerTunnels peers, LongSupplier awakeNanos) {
        return (candidate, leg, outcome) -> switch (candidate) {
            case Candidate.Backend backend -> sockets.dial(loop, awakeNanos, backend.address(), outcome);
            case Candidate.Gateway gateway -> peers.open(gateway.gateway(), leg.toward(gateway.gateway()), outcome);
        };
    }

    /**
     * @param awakeNanos the loop's own awake clock, for deadlines
     * @param nanoTime the same for all who share the budgets
     * @param watcher told how every attempt ended, as a sample of the health of its path
     */
    public Dialer(
            EventLoop loop,
            Way way,
            Supplier<PathTable> paths,
            Budgets budgets,
            LongSupplier awakeNanos,
            LongSupplier nanoTime,
            Watcher watcher) {
        this.loop = loop;
        this.way = way;
        this.paths = paths;
        this.budgets = budgets;
        this.awakeNanos = awakeNanos;
        this.nanoTime = nanoTime;
        this.watcher = watcher;
    }

    /**
     * A dial that tries, in this order, as few of them as it takes. {@code finish} is called once after its start,
     * unless the race is cancelled.
     *
     * @param leg what a gateway among them is told
     */
    public Dial prepare(List<? extends Candidate> candidates, Leg leg, Dial.Finish finish) {
        assert loop.inEventLoop();
        return new Dial(this, List.copyOf(candidates), leg, finish);
    }

    Attempt begin(Candidate candidate, Leg leg, Attempt.Outcome outcome) {
        return way.begin(candidate, leg, outcome);
    }

    EventLoop loop() {
        return loop;
    }

    PathTable paths() {
        return paths.get();
    }

    /** Counts one dial, however many attempts it will need. */
    void began() {
        budgets.onDial(nanoTime.getAsLong());
    }

    boolean affords(Cost cost) {
        boolean isGranted = budgets.take(cost, nanoTime.getAsLong());
        if (isGranted) {
            watcher.onAttempt(cost);
        }
        return isGranted;
    }

    /** What this loop slept through is not in it: a dial is not failed for an answer that nobody could read. */
    long nowNanos() {
        return awakeNanos.getAsLong();
    }

    Watcher watcher() {
        return watcher;
    }
}
