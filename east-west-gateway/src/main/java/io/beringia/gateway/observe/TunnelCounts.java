package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many tunnels of clients this gateway has carried and carries, by the region in which they end. Any thread. */
public final class TunnelCounts {
    /** Regions of the catalog, never words of a peer: few, and none is ever forgotten. */
    private final Map<RegionId, Count> counts = new ConcurrentHashMap<>();

    private record Count(AtomicLong opened, AtomicLong closed) {
        /** What has ended is read first: what ends meanwhile then still counts as open, never as less than nothing. */
        private TunnelReport report(RegionId to) {
            long ended = closed.get();
            long begun = opened.get();
            return new TunnelReport(to, begun - ended, begun);
        }
    }

    public void opened(RegionId to) {
        of(to).opened.incrementAndGet();
    }

    /** After {@link #opened}, once. */
    public void closed(RegionId to) {
        of(to).closed.incrementAndGet();
    }

    /** In order of region. */
    public List<TunnelReport> report() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one -> one.getValue().report(one.getKey()))
                .toList();
    }

    private Count of(RegionId to) {
        return counts.computeIfAbsent(to, _ -> new Count(new AtomicLong(), new AtomicLong()));
    }
}
