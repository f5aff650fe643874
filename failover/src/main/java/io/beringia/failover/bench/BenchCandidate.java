package io.beringia.failover.bench;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.Cause;
import io.beringia.failover.Controller;
import io.beringia.failover.DecisionLedger;
import io.beringia.failover.DecisionRecord;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.FailoverTelemetry;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.zookeeper.Candidate;
import io.beringia.failover.zookeeper.Ensemble;
import io.beringia.failover.zookeeper.Leadership;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A candidate with all that a real one has between its evidence and ZooKeeper: election, lease, loop, rules, a strict ledger
 * on the disk, a signature, and the fenced write. Any thread.
 */
final class BenchCandidate implements AutoCloseable {
    /** Elections take a session at most; whoever waits longer waits for nothing. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** A leader writes a plan at its begin and a few for each move; nobody reads more than the first ones. */
    private static final int WRITTEN_MAX = 1_024;

    private final Ensemble ensemble;
    private final Leadership leadership;
    private final Ledger ledger;
    private final Thread loop;
    private final BlockingQueue<Written> written = new ArrayBlockingQueue<>(WRITTEN_MAX);

    /** A plan that stands in ZooKeeper since then, on {@link System#nanoTime()}'s clock. */
    private record Written(TrafficPlan plan, long atNanos) {}

    private BenchCandidate(
            BenchGround ground,
            String connect,
            String mesh,
            String name,
            Supplier<List<SiteEvidence>> evidence,
            BenchMesh of)
            throws IOException {
        ledger = Ledger.open(
                new LedgerConfig(ground.below("ledger"), "bench.example/beringia/bench/failover", LedgerMode.STRICT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
        ensemble = Ensemble.connect(connect, ground.session(), mesh);
        leadership = Leadership.start(ensemble, new Candidate(name, true), ground.session(), () -> 0, System::nanoTime);
        Stamps stamps = new Stamps(
                new DecisionLedger(ledger, LedgerMode.STRICT, System::nanoTime), new ZooKeeperPlans(ensemble));
        Controller controller = new Controller(
                new Controller.Sources(
                        leadership::term, evidence, view -> {}, InstantSource.system(), System::nanoTime),
                of.policy(),
                FailoverConfig.Mode.AUTO,
                stamps,
                stamps,
                ground.seal(),
                new Controller.Identity(BenchMesh.NAME, ground.leader().svid().id()),
                new FailoverTelemetry(new SimpleMeterRegistry()));
        loop = Thread.ofVirtual().name("bench/" + name).start(controller);
    }

    /**
     * Joins the election of that mesh's name and returns at once.
     *
     * @param connect how it reaches ZooKeeper
     * @param evidence asked at each look
     */
    static BenchCandidate start(
            BenchGround ground,
            String connect,
            String mesh,
            String name,
            BenchMesh of,
            Supplier<List<SiteEvidence>> evidence)
            throws IOException {
        return new BenchCandidate(ground, connect, mesh, name, evidence, of);
    }

    /** When the next such plan of ours stood in ZooKeeper. */
    long awaitWritten(Predicate<TrafficPlan> wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (long left = LONGEST.toNanos(); left > 0; left = end - System.nanoTime()) {
            Written next = written.poll(left, TimeUnit.NANOSECONDS);
            if (next != null && wanted.test(next.plan())) {
                return next.atNanos();
            }
        }
        throw new IOException("no such plan in " + LONGEST + " (expected: one)");
    }

    /** Hands the leadership over, as a process that is asked to end does. */
    void handOver() {
        leadership.close();
    }

    /** Hears of each plan when it is recorded, and tells when it stands. Owned by the controller's thread. */
    private final class Stamps implements DecisionRecord, PlanStore {
        private final DecisionRecord record;
        private final PlanStore store;
        private Optional<TrafficPlan> recorded = Optional.empty();

        Stamps(DecisionRecord record, PlanStore store) {
            this.record = record;
            this.store = store;
        }

        @Override
        public DecisionRecord.Outcome record(TrafficPlan plan, Cause cause, DecisionBasis basis)
                throws InterruptedException {
            recorded = Optional.of(plan);
            return record.record(plan, cause, basis);
        }

        @Override
        public Optional<Stored> read() throws IOException, InterruptedException {
            return store.read();
        }

        @Override
        public PlanStore.Outcome write(Term term, byte[] plan, int version) throws InterruptedException {
            PlanStore.Outcome outcome = store.write(term, plan, version);
            if (outcome instanceof PlanStore.Outcome.Written) {
                written.put(new Written(recorded.orElseThrow(), System.nanoTime()));
            }
            return outcome;
        }
    }

    @Override
    public void close() throws IOException {
        leadership.close();
        loop.interrupt();
        try {
            loop.join(LONGEST);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        ensemble.close();
        ledger.close();
    }
}
