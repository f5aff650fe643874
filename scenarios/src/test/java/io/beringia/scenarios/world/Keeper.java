package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.zookeeper.Epoch;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * An ensemble of one ZooKeeper per site, as far as fencing depends on it: a majority that hears each other commits, a
 * lost leader costs an election, sessions that nobody renews end, and nothing is written under an older epoch.
 */
final class Keeper {
    /** {@code syncLimit} times {@code tickTime}, and the vote. */
    private static final long ELECTION_MILLIS = 3_200;

    static final long SESSION_MILLIS = 4_000;
    private static final long TICK_MILLIS = 1_000;

    private final WorldClock clock;
    private final Wires wires;
    private final List<RegionId> servers;
    private final SortedSet<RegionId> dead = new TreeSet<>();
    private final Map<RegionId, Long> heard = new TreeMap<>();
    private final List<RegionId> latch = new ArrayList<>();
    private Optional<RegionId> leader;
    private long commitsFromMillis;
    private Epoch epoch = new Epoch(0, 0);
    private Optional<ByteBuffer> plan = Optional.empty();
    private int planVersion = PlanStore.NO_PLAN;
    private long refusedWrites;

    Keeper(WorldClock clock, Wires wires, List<RegionId> servers) {
        this.clock = clock;
        this.wires = wires;
        this.servers = List.copyOf(servers);
        this.leader = servers.stream().max(RegionId::compareTo);
    }

    void stop(RegionId server) {
        dead.add(server);
    }

    void start(RegionId server) {
        dead.remove(server);
    }

    Optional<RegionId> leader() {
        return leader;
    }

    long refusedWrites() {
        return refusedWrites;
    }

    /** Elections and ends of sessions. */
    void step() {
        if (leader.isEmpty() || !isMajority(leader.get())) {
            leader = servers.stream().filter(this::isMajority).max(RegionId::compareTo);
            commitsFromMillis = clock.millis() + ELECTION_MILLIS;
            heard.replaceAll((candidate, at) -> commitsFromMillis);
        }
        if (isCommitting()) {
            long ends = clock.millis() - SESSION_MILLIS - TICK_MILLIS;
            latch.removeIf(candidate -> heard.getOrDefault(candidate, 0L) < ends);
        }
    }

    private boolean isCommitting() {
        return leader.isPresent() && clock.millis() >= commitsFromMillis;
    }

    private boolean isMajority(RegionId server) {
        return !dead.contains(server) && servers.stream().filter(joined(server)).count() * 2 > servers.size();
    }

    private Predicate<RegionId> joined(RegionId server) {
        return other -> !dead.contains(other) && wires.joins(server, other);
    }

    /** Whether somebody at that site is heard by the ensemble now. */
    boolean serves(RegionId site) {
        return isCommitting()
                && servers.stream().filter(joined(leader.orElseThrow())).anyMatch(server -> wires.joins(site, server));
    }

    /** A sign of life of a session. */
    void ping(RegionId candidate) {
        heard.put(candidate, clock.millis());
    }

    void join(RegionId candidate) {
        if (!latch.contains(candidate)) {
            latch.add(candidate);
        }
    }

    void leave(RegionId candidate) {
        latch.remove(candidate);
    }

    boolean isJoined(RegionId candidate) {
        return latch.contains(candidate);
    }

    boolean isFirst(RegionId candidate) {
        return !latch.isEmpty() && latch.getFirst().equals(candidate);
    }

    /** The next epoch, for whoever stands first. */
    Epoch elected(long accepted) {
        epoch = epoch.after(accepted);
        return epoch;
    }

    /** The plan as its readers would get it. */
    Optional<ByteBuffer> plan() {
        return plan.map(ByteBuffer::asReadOnlyBuffer);
    }

    /** As the process at that site sees it. */
    PlanStore storeOf(RegionId site) {
        return new PlanStore() {
            @Override
            public Optional<Stored> read() throws IOException {
                if (!serves(site)) {
                    throw new IOException("plan cannot be read: CONNECTIONLOSS");
                }
                return plan().map(one -> new Stored(one, planVersion));
            }

            @Override
            public Outcome write(Term term, byte[] bytes, int version) {
                return serves(site) ? committed(term, bytes, version) : new Outcome.Unclear("reply lost");
            }
        };
    }

    private PlanStore.Outcome committed(Term term, byte[] bytes, int version) {
        if (term.epochVersion() != epoch.version()) {
            refusedWrites++;
            return new PlanStore.Outcome.Refused("a newer epoch exists");
        }
        if (version != planVersion) {
            return new PlanStore.Outcome.Refused("the plan is another one");
        }
        plan = Optional.of(ByteBuffer.wrap(bytes.clone()));
        planVersion++;
        return new PlanStore.Outcome.Written(planVersion);
    }
}
