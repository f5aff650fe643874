package io.beringia.failover.bench;

import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.bench.FailoverBenchMain.Scale;
import io.beringia.failover.zookeeper.Candidate;
import io.beringia.failover.zookeeper.Ensemble;
import io.beringia.failover.zookeeper.Leadership;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Fenced writes of a signed plan, beside what the disk takes for a write and a sync of its own; and those of an old epoch. */
record WriteBench(BenchGround ground, Scale scale) {
    private static final BenchMesh MESH = new BenchMesh(6, 100);
    private static final double BYTES_PER_KIB = 1024;
    private static final long LOOK_MILLIS = 5;

    List<Figure> take() throws IOException, InterruptedException {
        byte[] plan = ground.seal().seal(MESH.first(ground.leader().svid().id(), Instant.now()));
        List<Long> written = new ArrayList<>();
        List<Long> synced = new ArrayList<>();
        Path file = ground.below("disk").resolve("synced");
        try (Ensemble ensemble = Ensemble.connect(ground.connectString(), ground.session(), "write");
                Leadership leadership = Leadership.start(
                        ensemble, new Candidate("bench", true), ground.session(), () -> 0, System::nanoTime);
                FileChannel disk = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            PlanStore store = new ZooKeeperPlans(ensemble);
            int version = PlanStore.NO_PLAN;
            for (int i = 0; i < scale.writes(); i++) {
                long start = System.nanoTime();
                version = written(store.write(held(leadership), plan, version));
                written.add(System.nanoTime() - start);
                synced.add(synced(disk, plan));
            }
            byte[] stale = ground.seal().seal(MESH.first(ground.leader().svid().id(), Instant.now()));
            int accepted = accepted(store, () -> held(leadership), stale, version, scale.stale());
            return Stream.of(
                            BenchTimes.of(written).figures("fenced write of a plan", "").stream(),
                            BenchTimes.of(synced).figures("  write and sync of the same bytes", "").stream(),
                            Stream.of(
                                    new Figure("  that plan", "KiB", plan.length / BYTES_PER_KIB, ""),
                                    new Figure("stale writes accepted, of " + scale.stale(), "", accepted, "0")))
                    .flatMap(one -> one)
                    .toList();
        }
    }

    /** The term once there is one; a busy machine may lose a lease between two writes. */
    private static Term held(Leadership leadership) throws IOException, InterruptedException {
        long end = System.nanoTime() + BenchCandidate.LONGEST.toNanos();
        while (leadership.term().isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("no term in " + BenchCandidate.LONGEST + " (expected: the only candidate leads)");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return leadership.term().orElseThrow();
    }

    private static int written(PlanStore.Outcome outcome) throws IOException {
        return switch (outcome) {
            case PlanStore.Outcome.Written written -> written.version();
            case PlanStore.Outcome.Refused refused -> throw new IOException("plan refused: " + refused.why());
            case PlanStore.Outcome.Unclear unclear -> throw new IOException("plan unclear: " + unclear.why());
        };
    }

    private static long synced(FileChannel disk, byte[] bytes) throws IOException {
        long start = System.nanoTime();
        disk.write(ByteBuffer.wrap(bytes));
        disk.force(false);
        return System.nanoTime() - start;
    }

    /** Who leads now. */
    @FunctionalInterface
    interface Office {
        Term held() throws IOException, InterruptedException;
    }

    /**
     * As a leader would that slept through the end of its term: it knows the plan's version, and its epoch is over. For nothing
     * else they may be refused: who leads could write that version all the time, and does so in the end.
     *
     * @param plan other bytes than those that stand, or a lost reply would pass for an accepted write
     */
    static int accepted(PlanStore store, Office office, byte[] plan, int version, int writes)
            throws IOException, InterruptedException {
        Term now = office.held();
        Term before = new Term(now.epoch() - 1, now.epochVersion() - 1, Long.MAX_VALUE, now.session());
        PlanStore.Outcome fenced = new PlanStore.Outcome.Refused(ZooKeeperPlans.NEWER_EPOCH);
        int accepted = 0;
        int standing = version;
        for (int i = 0; i < writes; i++) {
            PlanStore.Outcome outcome = store.write(before, plan, standing);
            if (!outcome.equals(fenced)) {
                standing = written(outcome);
                accepted++;
            }
        }
        written(store.write(office.held(), plan, standing));
        return accepted;
    }
}
