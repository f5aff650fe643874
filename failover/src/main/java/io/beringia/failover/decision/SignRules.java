package io.beringia.failover.decision;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Shares;
import io.beringia.failover.decision.Situation.Hosting;
import io.beringia.failover.decision.Situation.Signs;
import io.beringia.failover.health.SiteEvidence;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the sites tell of themselves, as signs for the way back. Silence is no sign of anything. */
public final class SignRules {
    /** As old as a vote may be. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    /** Long enough for a rotation that failed to be seen and done by hand. */
    private static final Duration CREDENTIALS_LEFT_MIN = Duration.ofMinutes(15);

    private static final long THOUSAND = 1_000;

    /** In thousandths: one client of a thousand may be dead and not yet gone. */
    private static final long ACKNOWLEDGED_MIN = 999;

    private SignRules() {}

    /**
     * Any thread; pure.
     *
     * @param published the newest plan that the sites can know; {@link PlanVersion#NONE} while none is published
     */
    public static SortedMap<RegionId, Signs> signs(
            PlanVersion published, List<SiteEvidence> evidence, Arrivals arrivals) {
        List<RegionEvidence> heard = evidence.stream()
                .filter(site -> site.held().compareTo(FRESH) < 0)
                .map(SiteEvidence::evidence)
                .toList();
        boolean isFollowed = heard.stream().allMatch(site -> isCurrent(site, published))
                && isAcknowledged(heard.stream().map(RegionEvidence::proxies).toList());
        SortedMap<RegionId, Signs> signs = new TreeMap<>();
        heard.forEach(site -> signs.put(
                site.site(),
                new Signs(
                        isCurrent(site, published),
                        isReady(site.readiness()),
                        isFollowed && isCounted(site) && open(site.site(), heard) == 0,
                        hasCredentials(site) && isProven(site.site(), heard),
                        arrivals.into(site.site()),
                        guards(site.readiness()),
                        hosting(site, published))));
        return signs;
    }

    private static SortedMap<ServiceName, String> guards(List<Readiness> services) {
        SortedMap<ServiceName, String> guards = new TreeMap<>();
        services.stream().filter(one -> !one.guard().isEmpty()).forEach(one -> guards.put(one.service(), one.guard()));
        return guards;
    }

    /** A client that has not acknowledged a plan may still follow an older one, so here all must have. */
    private static Hosting hosting(RegionEvidence site, PlanVersion published) {
        List<Readiness> services = site.readiness();
        Proxies proxies = site.proxies();
        return new Hosting(
                !services.isEmpty() && services.stream().allMatch(one -> one.freshness() instanceof Freshness.Live),
                isCurrent(site, published) && proxies.acknowledged() >= proxies.connected(),
                names(services, _ -> true),
                names(services, one -> one.total() > 0));
    }

    private static SortedSet<ServiceName> names(List<Readiness> services, Predicate<Readiness> wanted) {
        return services.stream().filter(wanted).map(Readiness::service).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether some gateway there says what it carries. */
    private static boolean isCounted(RegionEvidence site) {
        return fresh(site).findAny().isPresent();
    }

    private static boolean hasCredentials(RegionEvidence site) {
        return fresh(site).anyMatch(one -> one.credentialsLeft().compareTo(CREDENTIALS_LEFT_MIN) > 0);
    }

    /** A path is UP only by answers of the right identity, at both hops. */
    private static boolean isProven(RegionId region, List<RegionEvidence> heard) {
        return heard.stream()
                .filter(site -> !site.site().equals(region))
                .flatMap(SignRules::fresh)
                .flatMap(observer -> observer.paths().stream())
                .anyMatch(path -> path.target().equals(region) && path.state() == PathState.UP);
    }

    private static Stream<ObserverReport> fresh(RegionEvidence site) {
        return site.observers().stream().filter(one -> one.age().compareTo(FRESH) < 0);
    }

    /** A tunnel between two gateways counts at both: either may not know yet that the other is gone. */
    private static long open(RegionId region, List<RegionEvidence> heard) {
        return heard.stream().mapToLong(site -> site.open(region)).sum();
    }

    private static boolean isCurrent(RegionEvidence site, PlanVersion published) {
        return site.proxies().accepted().compareTo(published) >= 0;
    }

    /** A region is not empty for good while clients anywhere may still follow an older plan into it. */
    private static boolean isAcknowledged(List<Proxies> sites) {
        long connected = sites.stream().mapToLong(Proxies::connected).sum();
        long acknowledged = sites.stream().mapToLong(Proxies::acknowledged).sum();
        return acknowledged * THOUSAND >= connected * ACKNOWLEDGED_MIN;
    }

    /** By Envoy's measure: a region keeps all its traffic until less than 1/1.4 of it is ready. */
    private static boolean isReady(List<Readiness> services) {
        boolean isHeard = services.stream().allMatch(one -> one.freshness() instanceof Freshness.Live);
        long total = services.stream().mapToLong(Readiness::total).sum();
        long ready = services.stream().mapToLong(Readiness::ready).sum();
        return isHeard && (total == 0 || WeightRules.effective(ready, total) == Shares.WHOLE);
    }
}
