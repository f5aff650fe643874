package io.beringia.failover.bench;

import io.beringia.failover.bench.FailoverBenchMain.Figure;
import io.beringia.failover.bench.FailoverBenchMain.Scale;
import io.beringia.failover.health.SiteEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** From the end of one leader to the first plan of the next: one that closes, and one whose connections its kernel closes. */
record HandoverBench(BenchGround ground, Scale scale) {
    private static final BenchMesh MESH = new BenchMesh(3, 20);
    private static final List<SiteEvidence> WELL = MESH.well(0);

    List<Figure> take() throws IOException, InterruptedException {
        List<Long> closed = new ArrayList<>();
        for (int round = 0; round < scale.handovers(); round++) {
            closed.add(next("handover-" + round, (link, first) -> first.handOver()));
        }
        List<Long> killed = new ArrayList<>();
        for (int round = 0; round < scale.kills(); round++) {
            killed.add(next("kill-" + round, (link, first) -> link.close()));
        }
        return Stream.concat(
                        BenchTimes.of(closed).figures("handover of a leader that closes", "<= 300").stream(),
                        BenchTimes.of(killed).figures("next leader after kill -9", "<= 5500").stream())
                .toList();
    }

    private long next(String mesh, BiConsumer<CutLink, BenchCandidate> end) throws IOException, InterruptedException {
        try (CutLink link = CutLink.to(ground.port());
                BenchCandidate first = candidate(link.connectString(), mesh, "first")) {
            first.awaitWritten(plan -> true);
            try (BenchCandidate second = candidate(ground.connectString(), mesh, "second")) {
                TimeUnit.NANOSECONDS.sleep(ground.session().dividedBy(4).toNanos()); // it stands in line by then
                long start = System.nanoTime();
                end.accept(link, first);
                return second.awaitWritten(plan -> true) - start;
            }
        }
    }

    private BenchCandidate candidate(String connect, String mesh, String name) throws IOException {
        return BenchCandidate.start(ground, connect, mesh, name, MESH, () -> WELL);
    }
}
