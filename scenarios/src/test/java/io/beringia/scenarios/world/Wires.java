package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.RegionId;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** What lies between sites: each direction and each kind of traffic may be cut by itself, and packets may be lost. */
final class Wires {
    /** Within a site nothing is ever lost. */
    private static final long AT_HOME_MILLIS = 1;

    private static final long HALF_TRIP_MILLIS = 35;

    private final WorldClock clock;
    private final Random random;
    private final Map<Way, Wire> wires = new TreeMap<>();

    Wires(WorldClock clock, Random random) {
        this.clock = clock;
        this.random = random;
    }

    /** What can be cut. */
    enum Traffic {
        /** Between gateways. */
        DATA,
        /** Between control planes, ZooKeeper among them. */
        CONTROL,
        /** Packets of full size between gateways. */
        LARGE
    }

    private record Way(RegionId from, RegionId to) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            return (from + ">" + to).compareTo(other.from + ">" + other.to);
        }
    }

    /** One direction. */
    private static final class Wire {
        private final Set<Traffic> cut = EnumSet.noneOf(Traffic.class);
        private double loss;
        private long jitterMillis;
        private long delayMillis = HALF_TRIP_MILLIS;
        private double burstLoss;
        private long burstMillis;
        private long calmMillis;
        private boolean isBurst;
        private long turnsAtMillis;
    }

    void cut(RegionId from, RegionId to, Traffic traffic, boolean isCut) {
        if (isCut) {
            wire(from, to).cut.add(traffic);
        } else {
            wire(from, to).cut.remove(traffic);
        }
    }

    /** @param loss of each packet, 0 to 1 */
    void lose(RegionId from, RegionId to, double loss) {
        wire(from, to).loss = loss;
    }

    void jitter(RegionId from, RegionId to, long millis) {
        wire(from, to).jitterMillis = millis;
    }

    /** @param millis one way */
    void delay(RegionId from, RegionId to, long millis) {
        wire(from, to).delayMillis = millis;
    }

    /** Bad times of exponential length between good ones (Gilbert and Elliott). */
    void burst(RegionId from, RegionId to, long badMillis, double loss, long calmMillis) {
        Wire wire = wire(from, to);
        wire.burstMillis = badMillis;
        wire.burstLoss = loss;
        wire.calmMillis = calmMillis;
        wire.turnsAtMillis = clock.millis() + exponential(calmMillis);
    }

    /** There and back for one small packet now; empty if it is lost on the way. */
    OptionalLong trip(RegionId from, RegionId to, Traffic traffic) {
        if (from.equals(to)) {
            return OptionalLong.of(AT_HOME_MILLIS);
        }
        return carries(from, to, traffic) && carries(to, from, traffic)
                ? OptionalLong.of(delay(from, to) + delay(to, from))
                : OptionalLong.empty();
    }

    /** There and back when nothing is in the way, in milliseconds. */
    long distance(RegionId from, RegionId to) {
        return from.equals(to) ? AT_HOME_MILLIS : wire(from, to).delayMillis + wire(to, from).delayMillis;
    }

    /** Whether nothing is cut between two control planes, in either direction: TCP needs both. */
    boolean joins(RegionId one, RegionId other) {
        return one.equals(other)
                || !wire(one, other).cut.contains(Traffic.CONTROL)
                        && !wire(other, one).cut.contains(Traffic.CONTROL);
    }

    private boolean carries(RegionId from, RegionId to, Traffic traffic) {
        Wire wire = wire(from, to);
        if (wire.cut.contains(traffic) || traffic == Traffic.LARGE && wire.cut.contains(Traffic.DATA)) {
            return false;
        }
        return random.nextDouble() >= Math.max(wire.loss, isBursting(wire) ? wire.burstLoss : 0);
    }

    private boolean isBursting(Wire wire) {
        while (wire.burstMillis > 0 && clock.millis() >= wire.turnsAtMillis) {
            wire.isBurst = !wire.isBurst;
            wire.turnsAtMillis += exponential(wire.isBurst ? wire.burstMillis : wire.calmMillis);
        }
        return wire.isBurst;
    }

    private long delay(RegionId from, RegionId to) {
        Wire wire = wire(from, to);
        return Math.max(0, wire.delayMillis + Math.round((2 * random.nextDouble() - 1) * wire.jitterMillis));
    }

    private long exponential(long meanMillis) {
        return Math.max(1, Math.round(-StrictMath.log(1 - random.nextDouble()) * meanMillis));
    }

    private Wire wire(RegionId from, RegionId to) {
        return wires.computeIfAbsent(new Way(from, to), way -> new Wire());
    }
}
