package io.beringia.failover.bench;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.PlanRules;
import io.beringia.failover.decision.Question;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.record.DecisionFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records of a region's loss, as a ledger holds them, read and decided again as {@code beringia replay} does. */
record ReplayBench(int largest, int replays) {
    private static final List<BenchMesh> MESHES = List.of(new BenchMesh(3, 20), new BenchMesh(30, 300));
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_KIB = 1024;

    /** Evidence of another moment for each. */
    private static final int RECORDS = 10;

    List<Figure> take() {
        List<Figure> figures = new ArrayList<>();
        List<BenchMesh> meshes =
                MESHES.stream().filter(mesh -> mesh.regions() <= largest).toList();
        int same = 0;
        for (BenchMesh mesh : meshes) {
            List<byte[]> records = records(mesh);
            replayed(records);
            long start = System.nanoTime();
            same += replayed(records);
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            figures.add(new Figure("records replayed of " + mesh, "1/s", replays / seconds, ""));
            figures.add(new Figure("  one of them", "KiB", records.getFirst().length / BYTES_PER_KIB, ""));
        }
        figures.add(new Figure(
                "replays with the same bytes, of " + replays * meshes.size(),
                "",
                same,
                Integer.toString(replays * meshes.size())));
        return figures;
    }

    private int replayed(List<byte[]> records) {
        int same = 0;
        for (int i = 0; i < replays; i++) {
            same += DecisionFile.read(records.get(i % records.size())).isReproduced() ? 1 : 0;
        }
        return same;
    }

    private static List<byte[]> records(BenchMesh mesh) {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            Instant now = BenchMesh.BEGIN.plusSeconds(i);
            Inputs inputs = mesh.inputs(
                    mesh.standing(), mesh.policy(), mesh.withoutEast(100L * i), Memory.fresh(BenchMesh.BEGIN), now);
            Question question = new Question.Decide();
            TrafficPlan answer = question.answer(inputs.situation());
            if (answer.equals(inputs.plan())) {
                throw new IllegalStateException("replay: nothing moved (expected: a region that is sent away)");
            }
            TrafficPlan written = PlanRules.stamped(answer, inputs.plan().version(), BenchMesh.LEADER, now);
            records.add(new DecisionFile(new DecisionBasis(inputs, question), written).packed());
        }
        return records;
    }
}
