package io.beringia.failover.decision;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.failover.decision.Situation.Signs;
import io.beringia.failover.health.SiteEvidence;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the sites tell of themselves, as signs for the way back. Silence is no sign of anything. */
public final class SignRules {
    /** As old as a vote may be. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private SignRules() {}

    /**
     * Any thread; pure.
     *
     * @param published the newest plan that the sites can know; {@link PlanVersion#NONE} while none is published
     */
    public static SortedMap<RegionId, Signs> signs(PlanVersion published, List<SiteEvidence> evidence) {
        SortedMap<RegionId, Signs> signs = new TreeMap<>();
        evidence.stream()
                .filter(site -> site.held().compareTo(FRESH) < 0)
                .map(SiteEvidence::evidence)
                .forEach(site -> signs.put(site.site(), of(site, published)));
        return signs;
    }

    private static Signs of(RegionEvidence site, PlanVersion published) {
        return new Signs(
                site.proxies().accepted().compareTo(published) >= 0,
                isReady(site.readiness()),
                site.proxies().openStreams() == 0,
                0);
    }

    /** By Envoy's measure: a region keeps all its traffic until less than 1/1.4 of it is ready. */
    private static boolean isReady(List<Readiness> services) {
        boolean isHeard = services.stream().allMatch(one -> one.freshness() instanceof Freshness.Live);
        long total = services.stream().mapToLong(Readiness::total).sum();
        long ready = services.stream().mapToLong(Readiness::ready).sum();
        return isHeard && (total == 0 || WeightRules.effective(ready, total) == Shares.WHOLE);
    }
}
