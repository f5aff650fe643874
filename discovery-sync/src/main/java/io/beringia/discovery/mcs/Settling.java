package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.merge.McsExport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whose type and ports an import has. When the export that prevailed is gone, they follow the next oldest only after a
 * while: whoever moves a service from cluster to cluster deletes first and creates after. Everything else follows at once.
 *
 * @param leader whose word stands
 * @param leftAt when that cluster stopped exporting; empty while it does
 */
record Settling(ClusterId leader, McsExport.Type type, List<McsExport.Port> ports, Optional<Instant> leftAt) {
    Settling {
        ports = List.copyOf(ports);
    }

    private static Settling on(Import merged) {
        return new Settling(merged.leader(), merged.type(), merged.ports(), Optional.empty());
    }

    /** What stands now. */
    static Settling next(Optional<Settling> before, Import merged, Duration settle, Instant now) {
        if (before.isEmpty() || merged.clusters().contains(before.get().leader())) {
            return on(merged);
        }
        Instant left = before.get().leftAt().orElse(now);
        return now.isBefore(left.plus(settle))
                ? new Settling(
                        before.get().leader(), before.get().type(), before.get().ports(), Optional.of(left))
                : on(merged);
    }

    Import shape(Import merged) {
        return merged.shapedAs(type, ports);
    }
}
