package io.beringia.failover.decision;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Writers;
import io.beringia.failover.health.RegionVerdict;
import io.beringia.failover.health.ServiceSight;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All that a decision rests on, at one moment: the same value always gives the same decision.
 *
 * @param observing how many sites outside of each region have an observer that spoke lately
 * @param services how each looks in every region
 * @param signs what else is known of each region; none means the cautious answer
 * @param now of the leader's clock, which never steps
 */
public record Situation(
        TrafficPlan plan,
        SortedMap<RegionId, RegionVerdict> verdicts,
        SortedMap<RegionId, Integer> observing,
        SortedMap<RegionId, Signs> signs,
        SortedMap<ServiceName, ServiceSight> services,
        Memory memory,
        Fence fence,
        FailoverPolicy policy,
        Instant now) {
    public Situation {
        verdicts = Collections.unmodifiableSortedMap(new TreeMap<>(verdicts));
        observing = Collections.unmodifiableSortedMap(new TreeMap<>(observing));
        signs = Collections.unmodifiableSortedMap(new TreeMap<>(signs));
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }

    /**
     * What a region's own control plane tells of it.
     *
     * @param isCurrent it obeys a plan of the present epoch, so nothing old is left in it
     * @param isReady its own kube API is heard, and so many pods are ready that it keeps all its traffic
     * @param isEmpty it carries no tunnel any more, and nobody follows an older plan into it
     * @param isTrusted its certificates last for a while, and somebody outside has just seen it prove itself
     * @param newConnections since its present step began
     * @param guards digests of what is enforced before services there, of those where it is known
     * @param hosting which services it has
     */
    public record Signs(
            boolean isCurrent,
            boolean isReady,
            boolean isEmpty,
            boolean isTrusted,
            long newConnections,
            SortedMap<ServiceName, String> guards,
            Hosting hosting) {
        public static final Signs NONE = new Signs(false, false, false, false, 0, new TreeMap<>());

        /** Of one that says nothing of its services. */
        public Signs(
                boolean isCurrent,
                boolean isReady,
                boolean isEmpty,
                boolean isTrusted,
                long newConnections,
                SortedMap<ServiceName, String> guards) {
            this(isCurrent, isReady, isEmpty, isTrusted, newConnections, guards, Hosting.NONE);
        }

        public Signs {
            guards = Collections.unmodifiableSortedMap(new TreeMap<>(guards));
        }
    }

    /**
     * What a region exports, and to whom the word about it has come.
     *
     * @param isLive its own kube API says all of it now; what is silent, or exports nothing, says nothing
     * @param isFollowed it obeys the newest plan, and every client there has acknowledged it
     * @param populated services with pods there, ready or not
     */
    public record Hosting(
            boolean isLive, boolean isFollowed, SortedSet<ServiceName> exported, SortedSet<ServiceName> populated) {
        public static final Hosting NONE = new Hosting(false, false, new TreeSet<>(), new TreeSet<>());

        public Hosting {
            exported = Collections.unmodifiableSortedSet(new TreeSet<>(exported));
            populated = Collections.unmodifiableSortedSet(new TreeSet<>(populated));
        }
    }

    /** Where a service is served alone; empty where it may be served anywhere, or has no home yet. */
    Optional<ServiceHome> home(ServiceName service) {
        return plan.service(service).flatMap(ServicePlan::home);
    }

    /** Whether one region alone may serve it: the plan says so, or some region does. */
    boolean hasSingleWriter(ServiceName service) {
        return home(service).isPresent() || sight(service).writers() == Writers.SINGLE;
    }

    int observing(RegionId region) {
        return observing.getOrDefault(region, 0);
    }

    RegionVerdict verdict(RegionId region) {
        return verdicts.getOrDefault(
                region,
                new RegionVerdict.Unknown(0, policy.sites().outside(region).size()));
    }

    ServiceSight sight(ServiceName service) {
        return services.getOrDefault(service, new ServiceSight(new TreeMap<>()));
    }

    /** The same under another plan. */
    public Situation with(TrafficPlan other) {
        return new Situation(other, verdicts, observing, signs, services, memory, fence, policy, now);
    }

    Signs signs(RegionId region) {
        return signs.getOrDefault(region, Signs.NONE);
    }

    /** Whether something else is enforced before that service there; what nobody knows is no difference. */
    boolean isSkewed(ServiceName service, RegionId from, RegionId to) {
        Optional<String> here = Optional.ofNullable(signs(from).guards().get(service));
        Optional<String> there = Optional.ofNullable(signs(to).guards().get(service));
        return here.isPresent() && there.isPresent() && !here.equals(there);
    }

    /** A new leader waits a while before it believes what it sees. */
    boolean hasLookedAround() {
        return !memory.leaderSince().plus(policy.timing().warmUp()).isAfter(now);
    }

    /** Overrides in force. */
    List<PlanOverride> overrides() {
        return plan.overrides().stream().filter(one -> !one.hasExpired(now)).toList();
    }

    /** Since when a region is in its phase, as far as our clock can tell. */
    Instant since(RegionPlan plan) {
        return since(plan.since());
    }

    /**
     * What another leader's clock said before our term may lie anywhere, so of that we count from when we began to watch.
     */
    Instant since(Instant said) {
        boolean isOurs = !said.isBefore(memory.leaderSince()) && !said.isAfter(now);
        return isOurs ? said : memory.leaderSince();
    }

    boolean isFrozen(RegionId region) {
        return overrides().stream().anyMatch(one -> one.verb() == PlanOverride.Verb.FREEZE && one.covers(region));
    }

    /** Whether an operator sent it away, and still wants it there. */
    boolean isWantedAway(RegionId region) {
        return wantedAway(region).anyMatch(one -> one.service().isEmpty());
    }

    /** By which wish an operator sent that service alone away from there, and still wants it so. */
    Optional<PlanOverride> wantedAway(ServiceName service, RegionId region) {
        return wantedAway(region)
                .filter(one -> one.service().filter(service::equals).isPresent())
                .findFirst();
    }

    private Stream<PlanOverride> wantedAway(RegionId region) {
        return overrides().stream()
                .filter(one -> one.verb() == PlanOverride.Verb.EVACUATE || one.verb() == PlanOverride.Verb.DRAIN)
                .filter(one -> one.covers(region));
    }

    boolean isPinned(RegionId source) {
        return overrides().stream().anyMatch(one -> one.verb() == PlanOverride.Verb.PIN && one.covers(source));
    }

    RegionState state(RegionId region) {
        return plan.region(region).map(RegionState::of).orElseGet(RegionState.Active::new);
    }

    /** The plan's regions but that one. */
    List<RegionPlan> others(RegionId region) {
        return plan.regions().stream()
                .filter(one -> !one.region().equals(region))
                .toList();
    }
}
