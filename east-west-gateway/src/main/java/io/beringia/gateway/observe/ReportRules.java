package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.SiblingReport;
import io.beringia.discovery.catalog.RegionId;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one observer says of all that it sees, and when it believes that the silence is not its own. Pure. */
public final class ReportRules {
    /** Named of one region: where more are in trouble, these are enough to go and look. */
    static final int TROUBLES_MAX = 4;

    private ReportRules() {}

    /**
     * One gateway, as it stands.
     *
     * @param isRefusing its last word was a refusal, not long ago
     */
    public record Seen(Look look, Standing standing, boolean isRefusing, List<PathTrouble> troubles) {
        public Seen {
            troubles = List.copyOf(troubles);
        }

        private RegionId region() {
            return look.gateway().region();
        }

        private long silence(long nowNanos) {
            return Math.max(0, nowNanos - standing.heardNanos());
        }

        private Stream<GatewayTrouble> named() {
            GatewayAddress gateway = look.gateway();
            return troubles.stream().map(one -> new GatewayTrouble(gateway.cluster() + "/" + gateway.name(), one));
        }

        private boolean isHeard(long nowNanos) {
            return silence(nowNanos) <= PathRules.suspectAfterNanos(standing.roundTrip());
        }
    }

    /**
     * Whether silence toward that region may be believed: another one answers. If there is no other that is not DOWN, a
     * sibling must; if there is none either, there is nobody to ask.
     */
    public static boolean isControlled(RegionId judged, Collection<Seen> all, long nowNanos) {
        List<Seen> third = all.stream()
                .filter(seen -> !seen.look().isSibling() && !seen.region().equals(judged))
                .filter(seen -> seen.standing().state() != PathState.DOWN)
                .toList();
        List<Seen> asked = third.isEmpty()
                ? all.stream().filter(seen -> seen.look().isSibling()).toList()
                : third;
        return asked.isEmpty() || asked.stream().anyMatch(seen -> seen.isHeard(nowNanos));
    }

    /** @param observer unique among those of our identity */
    public static ObserverReport report(
            String observer, int localHealth, Collection<Seen> all, Own own, long nowNanos) {
        Map<RegionId, List<Seen>> regions = all.stream()
                .filter(seen -> !seen.look().isSibling())
                .collect(Collectors.groupingBy(Seen::region, TreeMap::new, Collectors.toUnmodifiableList()));
        return new ObserverReport(
                observer,
                Duration.ZERO,
                localHealth,
                isAnybodyHeard(regions, all, nowNanos),
                regions.entrySet().stream()
                        .map(region -> path(region.getKey(), region.getValue(), nowNanos))
                        .toList(),
                all.stream()
                        .filter(seen -> seen.look().isSibling())
                        .map(seen -> sibling(seen, own))
                        .toList(),
                own.tunnels().get(),
                own.credentialsLeft().get(),
                own.outcomes().get());
    }

    /** Clients of ours leave a sibling that will be refused soon, as long as we ourselves will not. */
    private static SiblingReport sibling(Seen seen, Own own) {
        boolean isWorse = seen.troubles().contains(PathTrouble.EXPIRING)
                && own.credentialsLeft().get().compareTo(Symptoms.CERTIFICATE_LEFT_MIN) > 0;
        return new SiblingReport(
                seen.look().gateway().name(),
                isWorse ? PathState.DOWN : seen.standing().state());
    }

    /** With one other region, that is the one that is judged: a third target is a sibling then. */
    private static boolean isAnybodyHeard(Map<RegionId, List<Seen>> regions, Collection<Seen> all, long nowNanos) {
        return regions.isEmpty()
                || regions.values().stream().flatMap(List::stream).anyMatch(seen -> seen.isHeard(nowNanos))
                || regions.size() == 1
                        && isControlled(regions.keySet().iterator().next(), all, nowNanos);
    }

    /** The best gateway speaks for its region. */
    private static PathReport path(RegionId region, List<Seen> gateways, long nowNanos) {
        Seen best = gateways.stream()
                .min(Comparator.comparingInt((Seen seen) -> rank(seen.standing().state()))
                        .thenComparingLong(seen -> seen.silence(nowNanos)))
                .orElseThrow();
        return new PathReport(
                region,
                best.standing().state(),
                Duration.ofNanos(gateways.stream()
                        .mapToLong(seen -> seen.silence(nowNanos))
                        .min()
                        .orElse(0)),
                Duration.ofNanos(best.standing().roundTrip().smoothedNanos()),
                gateways.stream().allMatch(Seen::isRefusing),
                gateways.stream()
                        .flatMap(Seen::named)
                        .sorted(Comparator.comparing(GatewayTrouble::gateway))
                        .limit(TROUBLES_MAX)
                        .toList());
    }

    private static int rank(PathState state) {
        return switch (state) {
            case UP -> 0;
            case PROBATION -> 1;
            case SUSPECT -> 2;
            case DOWN -> 3;
        };
    }
}
