package io.beringia.failover.bench;

import com.sun.management.ThreadMXBean;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverRules;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.Situation;
import io.beringia.failover.health.SiteEvidence;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;

/** What one look of a leader costs while all is well: everything is judged anew, ten times a second. */
record LookBench(int largest, int looks) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<BenchMesh> MESHES =
            List.of(new BenchMesh(6, 100), new BenchMesh(30, 300), new BenchMesh(100, 1_000));

    /** As {@link io.beringia.failover.Controller} looks. */
    private static final int LOOKS_PER_SECOND = 10;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final int MILLIS_PER_SECOND = 1_000;
    private static final int PERCENT = 100;

    List<Figure> take() {
        return MESHES.stream()
                .filter(mesh -> mesh.regions() <= largest)
                .flatMap(mesh -> of(mesh).stream())
                .toList();
    }

    /** As many before them are for the compiler. */
    private List<Figure> of(BenchMesh mesh) {
        TrafficPlan plan = mesh.standing();
        FailoverPolicy policy = mesh.policy();
        Memory memory = Memory.fresh(BenchMesh.BEGIN);
        long nanos = 0;
        long bytes = 0;
        for (int look = -looks; look < looks; look++) {
            List<SiteEvidence> evidence = mesh.well(16L * (look + looks));
            Inputs inputs =
                    mesh.inputs(plan, policy, evidence, memory, BenchMesh.BEGIN.plusMillis(100L * (look + looks)));
            long cpu = THREADS.getCurrentThreadCpuTime();
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            memory = looked(inputs);
            if (look >= 0) {
                nanos += THREADS.getCurrentThreadCpuTime() - cpu;
                bytes += THREADS.getCurrentThreadAllocatedBytes() - allocated;
            }
        }
        double millis = nanos / NANOS_PER_MILLI / looks;
        return Stream.of(
                        new Figure("look at " + mesh, "CPU ms", millis, ""),
                        new Figure("  memory that it allocates", "MiB", bytes / BYTES_PER_MIB / looks, ""),
                        new Figure(
                                "  share of a core at 10 a second",
                                "%",
                                PERCENT * LOOKS_PER_SECOND * millis / MILLIS_PER_SECOND,
                                ""))
                .toList();
    }

    private static Memory looked(Inputs inputs) {
        Situation situation = inputs.situation();
        if (!(FailoverRules.decide(situation) instanceof Decision.Hold)) {
            throw new IllegalStateException("look: a move in a mesh that is well (expected: none)");
        }
        return situation.memory();
    }
}
