package io.beringia.failover.operator;

import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.operator.Outlook.Level;
import io.beringia.failover.operator.Outlook.Line;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What somebody should look for at gateways: one line for each trouble, whoever sees it. Pure. */
final class PathTroubles {
    private static final Comparator<At> ORDER =
            Comparator.comparing(At::region).thenComparing(At::gateway).thenComparing(At::trouble);

    private PathTroubles() {}

    private record At(RegionId region, String gateway, PathTrouble trouble) {
        private Line line(SortedSet<String> seers) {
            return Line.of(Level.WATCH, region.name(), text(), "seen from " + String.join(", ", seers));
        }

        private String text() {
            return switch (trouble) {
                case MTU -> "has a way with too small an MTU, to " + gateway;
                case STUCK -> "has a process that is stuck, at " + gateway;
                case EXPIRING -> "has a certificate that ends within seconds, at " + gateway;
            };
        }
    }

    static List<Line> of(List<SiteEvidence> evidence) {
        TreeMap<At, SortedSet<String>> seen = new TreeMap<>(ORDER);
        for (SiteEvidence site : evidence) {
            site.evidence().observers().stream()
                    .flatMap(observer -> observer.paths().stream())
                    .flatMap(PathTroubles::at)
                    .forEach(at -> seen.computeIfAbsent(at, _ -> new TreeSet<>())
                            .add(site.evidence().site().name()));
        }
        return seen.entrySet().stream()
                .map(one -> one.getKey().line(one.getValue()))
                .toList();
    }

    private static Stream<At> at(PathReport path) {
        return path.troubles().stream().map(one -> new At(path.target(), one.gateway(), one.trouble()));
    }
}
