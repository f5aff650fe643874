package io.beringia.failover.bench;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.health.SiteEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** From the evidence that suffices to a plan that stands in ZooKeeper: a look, two steps, their entries and their writes. */
record DecisionBench(BenchGround ground, int decisions) {
    private static final BenchMesh MESH = new BenchMesh(3, 20);

    List<Figure> take() throws IOException, InterruptedException {
        List<Long> nanos = new ArrayList<>();
        for (int round = 0; round < decisions; round++) {
            nanos.add(decided("decide-" + round));
        }
        return BenchTimes.of(nanos).figures("from evidence to committed evacuation", "<= 700, after 3 s of silence");
    }

    /** By a leader of its own, since one that has sent a region away has sent it away. */
    private long decided(String mesh) throws IOException, InterruptedException {
        AtomicReference<List<SiteEvidence>> evidence = new AtomicReference<>(MESH.well(0));
        List<SiteEvidence> lost = MESH.withoutEast(0);
        try (BenchCandidate candidate = BenchCandidate.start(
                ground, ground.connectString(), mesh, "leader", MESH, () -> List.copyOf(evidence.get()))) {
            candidate.awaitWritten(plan -> true);
            long start = System.nanoTime();
            evidence.set(lost);
            return candidate.awaitWritten(DecisionBench::sendsEastAway) - start;
        }
    }

    private static boolean sendsEastAway(TrafficPlan plan) {
        return plan.region(BenchMesh.EAST)
                .filter(region -> region.phase() == RegionPhase.EVACUATING)
                .isPresent();
    }
}
