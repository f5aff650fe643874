package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether clusters are fit to be one federation, by the pictures that their discoveries showed: each hears each other, their
 * clocks agree, nobody has another's name or addresses, everybody believes of the others what they say of themselves. Pure.
 * Any thread.
 */
public final class CheckRules {
    /** More than this is no delay of an answer. */
    private static final Duration SKEW_NOTICED = Duration.ofSeconds(1);

    /** Certificates are often issued this long before they are used, and not longer. */
    private static final Duration SKEW_MAX = Duration.ofSeconds(30);

    private static final int CLASHES_SHOWN = 3;

    private final List<Visit> visits;
    private final List<Snapshot> pictures;
    private final List<Finding> findings = new ArrayList<>();

    private CheckRules(List<Visit> visits) {
        this.visits = visits;
        this.pictures =
                visits.stream().flatMap(visit -> visit.picture().stream()).toList();
    }

    /**
     * One discovery that was asked.
     *
     * @param asked by the clock of who asked, as {@code answered}
     * @param picture empty where none came
     * @param why none came
     */
    public record Visit(String address, Instant asked, Instant answered, Optional<Snapshot> picture, String why) {}

    public record Finding(Severity severity, Topic topic, String detail) {}

    public enum Severity {
        GOOD,
        /** Works, and should be looked at. */
        NOTE,
        WRONG
    }

    /** In this order. */
    public enum Topic {
        REACH,
        LINK,
        API,
        CLOCK,
        NAMES,
        ADDRESSES,
        TRUST,
        VERSIONS
    }

    /** What is wrong, and a word for each topic in which nothing is; in order of topic. */
    public static List<Finding> check(List<Visit> visits) {
        CheckRules rules = new CheckRules(List.copyOf(visits));
        rules.reach();
        rules.links();
        rules.apis();
        rules.clocks();
        rules.names();
        rules.addresses();
        rules.claims();
        rules.versions();
        Set<Topic> named = new HashSet<>();
        rules.findings.forEach(finding -> named.add(finding.topic()));
        for (Topic topic : Topic.values()) {
            if (!named.contains(topic)) {
                rules.findings.add(new Finding(Severity.GOOD, topic, rules.good(topic)));
            }
        }
        return rules.findings.stream()
                .sorted(Comparator.comparing(Finding::topic))
                .toList();
    }

    private String good(Topic topic) {
        return switch (topic) {
            case REACH -> visits.size() + " of " + visits.size() + " discoveries answer and are who they should be";
            case LINK -> "every cluster hears every other one";
            case API -> "every cluster hears its own API";
            case CLOCK -> "no clock is off by more than " + SKEW_NOTICED.toSeconds() + " s";
            case NAMES -> "no name stands for two clusters";
            case ADDRESSES ->
                "no two pods of one network have one address, and no address of the clusterset is a pod's";
            case TRUST -> "regions, networks and trust domains are known as their clusters say";
            case VERSIONS -> "all obey the same plan";
        };
    }

    private void wrong(Topic topic, String detail) {
        findings.add(new Finding(Severity.WRONG, topic, detail));
    }

    private void note(Topic topic, String detail) {
        findings.add(new Finding(Severity.NOTE, topic, detail));
    }

    private void reach() {
        visits.stream().filter(visit -> visit.picture().isEmpty()).forEach(visit -> wrong(Topic.REACH, visit.why()));
    }

    private void links() {
        for (Snapshot picture : pictures) {
            picture.sights().forEach(sight -> sight.link().ifPresent(link -> link(picture.cluster(), sight, link)));
            pictures.stream()
                    .map(Snapshot::cluster)
                    .filter(other -> picture.sight(other).isEmpty())
                    .distinct()
                    .forEach(other ->
                            wrong(Topic.LINK, picture.cluster() + " does not have " + other + " in discovery.peers"));
        }
    }

    private void link(ClusterId from, ClusterSight to, ClusterSight.Link link) {
        if (link.state() != PeerStatus.Link.LIVE) {
            wrong(
                    Topic.LINK,
                    from + " does not hear " + to.cluster() + ": "
                            + link.silence()
                                    .map(silence -> "silent for " + silence.toSeconds() + " s")
                                    .orElse("never heard since its start"));
        } else if (to.heldObjects() > 0) {
            note(Topic.LINK, from + " holds " + to.heldObjects() + " things that " + to.cluster() + " took back");
        }
    }

    private void apis() {
        for (Snapshot picture : pictures) {
            picture.sight(picture.cluster())
                    .map(ClusterSight::api)
                    .filter(Freshness.Stale.class::isInstance)
                    .ifPresent(stale -> wrong(Topic.API, picture.cluster() + " does not hear its own API: " + stale));
            picture.unheard().stream()
                    .sorted()
                    .forEach(cluster -> note(
                            Topic.API,
                            picture.cluster() + " knows " + cluster + " from a snapshot only, or not at all"));
        }
    }

    private void clocks() {
        for (Visit visit : visits) {
            visit.picture().ifPresent(picture -> {
                Duration skew = skew(picture.takenAt(), visit);
                String text = picture.cluster() + " at " + visit.address() + " is off by " + skew.toMillis() + " ms";
                if (skew.compareTo(SKEW_MAX) > 0) {
                    wrong(Topic.CLOCK, text + " (expected: at most " + SKEW_MAX.toSeconds() + " s)");
                } else if (skew.compareTo(SKEW_NOTICED) > 0) {
                    note(Topic.CLOCK, text);
                }
            });
        }
    }

    /** What cannot be the delay of question or answer. */
    private static Duration skew(Instant told, Visit visit) {
        if (told.isBefore(visit.asked())) {
            return Duration.between(told, visit.asked());
        }
        return told.isAfter(visit.answered()) ? Duration.between(visit.answered(), told) : Duration.ZERO;
    }

    /** Replicas of one cluster say the same of it. */
    private void names() {
        Map<ClusterId, ClusterState> known = new TreeMap<>();
        for (Snapshot picture : pictures) {
            picture.view().ownState().ifPresent(own -> {
                ClusterState other = known.putIfAbsent(own.cluster(), own);
                if (other != null
                        && !(other.region().equals(own.region())
                                && other.network().equals(own.network()))) {
                    wrong(
                            Topic.NAMES,
                            own.cluster() + " is in " + other.region() + ", " + other.network() + " and in "
                                    + own.region() + ", " + own.network() + " (expected: each name once)");
                }
            });
        }
    }

    private record Address(String network, IpAddress ip) {}

    private void addresses() {
        Map<Address, String> owners = new HashMap<>();
        Set<ClusterId> seen = new HashSet<>();
        Set<String> clashes = new TreeSet<>();
        for (Snapshot picture : pictures) {
            if (seen.add(picture.cluster())) {
                picture.view().objects().workloads().stream()
                        .filter(pod -> !pod.hostNetwork())
                        .forEach(pod -> own(owners, pod, clashes));
                picture.view()
                        .objects()
                        .vips()
                        .forEach((service, vips) -> vips.forEach(vip -> Optional.ofNullable(
                                        owners.get(new Address(vip.network().name(), vip.ip())))
                                .ifPresent(pod -> clashes.add(vip.ip() + " is of " + pod + " and of " + service))));
            }
        }
        clashes.stream().limit(CLASHES_SHOWN).forEach(clash -> wrong(Topic.ADDRESSES, clash));
        if (clashes.size() > CLASHES_SHOWN) {
            wrong(Topic.ADDRESSES, (clashes.size() - CLASHES_SHOWN) + " more such addresses");
        }
    }

    private static void own(Map<Address, String> owners, Workload pod, Set<String> clashes) {
        pod.addresses().forEach(ip -> {
            String other = owners.putIfAbsent(new Address(pod.network().name(), ip), pod.uid());
            if (other != null && !other.startsWith(pod.cluster() + "/")) {
                clashes.add(ip + " in " + pod.network() + " is of " + other + " and of " + pod.uid());
            }
        });
    }

    /** What a cluster says of itself, against what others hold of it. */
    private void claims() {
        for (Snapshot picture : pictures) {
            picture.view()
                    .ownState()
                    .ifPresent(own -> pictures.stream()
                            .filter(other -> !other.cluster().equals(own.cluster()))
                            .forEach(other -> Optional.ofNullable(
                                            other.view().clusters().get(own.cluster()))
                                    .ifPresent(held -> claims(own, held, other.cluster()))));
        }
    }

    private void claims(ClusterState own, ClusterState held, ClusterId by) {
        claim(own.cluster() + "'s region", own.region(), held.region(), by);
        claim(own.cluster() + "'s network", own.network(), held.network(), by);
        claim(own.cluster() + "'s trust domains", own.trustDomains(), held.trustDomains(), by);
    }

    private void claim(String what, Object said, Object held, ClusterId by) {
        if (!Objects.equals(said, held)) {
            wrong(Topic.TRUST, what + ": " + by + " holds " + held + " (expected: " + said + ", as it says itself)");
        }
    }

    private void versions() {
        Map<String, Set<String>> plans = new TreeMap<>();
        pictures.forEach(
                picture -> plans.computeIfAbsent(picture.view().planVersion().toString(), version -> new TreeSet<>())
                        .add(picture.cluster().name()));
        if (plans.size() > 1) {
            note(Topic.VERSIONS, "plans differ: " + plans);
        }
    }
}
