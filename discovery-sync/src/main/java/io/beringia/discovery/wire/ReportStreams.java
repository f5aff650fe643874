package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.grpc.ManagedChannel;
import java.util.List;

/** One report stream per replica. Any thread. */
record ReportStreams(List<ReportStream> streams, List<Thread> threads) implements EvidenceClient.Reporting {
    static ReportStreams start(
            List<ManagedChannel> replicas, EvidenceClient.Sources sources, EvidenceClient.Listener listener) {
        List<ReportStream> streams = replicas.stream()
                .map(replica -> new ReportStream(replica, sources, listener))
                .toList();
        return new ReportStreams(
                streams,
                streams.stream()
                        .map(stream -> Thread.ofVirtual().name(stream.name()).start(stream))
                        .toList());
    }

    @Override
    public void report(ObserverReport report) {
        streams.forEach(stream -> stream.report(report));
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
