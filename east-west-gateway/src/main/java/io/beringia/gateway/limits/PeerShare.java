package io.beringia.gateway.limits;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What one identity has open at one address, and how fast it opens more. Any thread. */
final class PeerShare {
    private final Totals totals;
    private final PeerAllowance allowance;
    private final Quota connections = new Quota();
    private final Quota tunnels = new Quota();
    private final Paced opened;
    private final Paced refused;
    private final AtomicInteger holders = new AtomicInteger();
    private volatile long leftNanos;

    /** What it is counted in too. */
    interface Totals {
        Optional<Limit> takeConnection();

        void giveBackConnection();

        Optional<Limit> takeTunnel();

        void giveBackTunnel();
    }

    PeerShare(Totals totals, PeerAllowance allowance, long nowNanos) {
        this.totals = totals;
        this.allowance = allowance;
        this.opened = new Paced(allowance.newTunnelRate(), nowNanos);
        this.refused = new Paced(allowance.newTunnelRate(), nowNanos);
        this.leftNanos = nowNanos;
    }

    /** Keeps it from being forgotten. */
    void hold() {
        holders.incrementAndGet();
    }

    private void letGo(long nowNanos) {
        leftNanos = nowNanos;
        holders.decrementAndGet();
    }

    /** Counts one more connection of somebody who holds it; which limit is against that, if one is. */
    Optional<Limit> connect(long nowNanos) {
        Optional<Limit> reached =
                connections.take(allowance.connections()) ? totals.takeConnection() : Optional.of(Limit.CONNECTIONS);
        if (reached.isPresent()) {
            if (reached.get() != Limit.CONNECTIONS) {
                connections.giveBack();
            }
            letGo(nowNanos);
        }
        return reached;
    }

    /** A connection that was counted is gone. */
    void disconnected(long nowNanos) {
        connections.giveBack();
        totals.giveBackConnection();
        letGo(nowNanos);
    }

    /** Counts one more tunnel; which limit is against that, if one is. */
    Optional<Limit> open(long nowNanos) {
        if (!opened.take(nowNanos)) {
            return Optional.of(refuse(Limit.NEW_TUNNELS, nowNanos));
        }
        if (!tunnels.take(allowance.tunnels())) {
            return Optional.of(Limit.TUNNELS);
        }
        Optional<Limit> reached = totals.takeTunnel();
        if (reached.isPresent()) {
            tunnels.giveBack();
        }
        return reached;
    }

    /** Counts a tunnel that was refused; a flood of them must not go on. */
    Limit refuse(Limit why, long nowNanos) {
        return refused.take(nowNanos) ? why : Limit.FLOOD;
    }

    /** A tunnel that was counted is gone. */
    void close() {
        tunnels.giveBack();
        totals.giveBackTunnel();
    }

    /** Whether nobody has held it for that long. */
    boolean isAway(long nowNanos, Duration atLeast) {
        return holders.get() == 0 && nowNanos - leftNanos >= atLeast.toNanos();
    }
}
