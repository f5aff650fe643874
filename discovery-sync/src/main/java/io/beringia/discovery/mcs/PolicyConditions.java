package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.Condition.Status;
import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject.Ages;
import io.beringia.discovery.mcs.ExportConditions.Said;
import io.beringia.discovery.peering.ExportDecisions.PolicyStanding;
import io.beringia.discovery.peering.PeerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What authors of ExportPolicies and PeerClusters are told, where it is not what these say already. Pure. */
final class PolicyConditions {
    /** A status is read by people. */
    private static final int SERVICES_MAX = 100;

    private static final int MESSAGE_CHARS_MAX = 1_024;

    /**
     * Of a peer that speaks each second, ages are written so often; and whenever something else is.
     *
     * @see <a href="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/">kubelet,
     *     nodeStatusReportFrequency</a>
     */
    private static final Duration AGES_EVERY = Duration.ofMinutes(5);

    private final Outlook outlook;
    private final Instant now;

    private PolicyConditions(Outlook outlook, Instant now) {
        this.outlook = outlook;
        this.now = now;
    }

    static List<ApiWrite> writes(Outlook outlook, Instant now) {
        PolicyConditions conditions = new PolicyConditions(outlook, now);
        List<ApiWrite> writes = new ArrayList<>();
        outlook.local()
                .sharing()
                .policies()
                .values()
                .forEach(policy -> conditions.of(policy).ifPresent(writes::add));
        outlook.local()
                .sharing()
                .peers()
                .values()
                .forEach(peer -> conditions.of(peer).ifPresent(writes::add));
        return writes;
    }

    private Optional<ApiWrite> of(ExportPolicyObject policy) {
        PolicyStanding standing = outlook.exports().policies().get(policy.name());
        if (standing == null) {
            return Optional.empty();
        }
        ExportPolicyObject.Matched matched = new ExportPolicyObject.Matched(
                standing.matched().size(),
                standing.matched().stream()
                        .limit(SERVICES_MAX)
                        .map(Object::toString)
                        .toList());
        List<Condition> wanted =
                List.of(accepted(new Said(policy.conditions(), policy.identity().generation(), now), standing));
        return matched.equals(policy.matched()) && ExportConditions.areMet(wanted, policy.conditions())
                ? Optional.empty()
                : Optional.of(new ApiWrite.ApplyPolicyStatus(policy.name(), matched, wanted));
    }

    private static Condition accepted(Said said, PolicyStanding standing) {
        if (!standing.problems().isEmpty()) {
            return said.that(
                    "Accepted",
                    Status.FALSE,
                    "Invalid",
                    listed(standing.problems(), Function.identity()) + "; nobody gets anything by it");
        }
        if (!standing.overruled().isEmpty()) {
            return said.that(
                    "Accepted",
                    Status.TRUE,
                    "Overruled",
                    listed(
                            standing.overruled().entrySet(),
                            it -> it.getKey() + ": other clients than those of the older " + it.getValue()
                                    + " (expected: the same in all policies of a service)"));
        }
        return standing.strangers().isEmpty()
                ? said.that("Accepted", Status.TRUE, "Accepted", "")
                : said.that(
                        "Accepted",
                        Status.TRUE,
                        "UnknownConsumer",
                        listed(standing.strangers(), ClusterId::name) + ": no peer of this cluster");
    }

    private static <T> String listed(Iterable<T> all, Function<T, String> word) {
        List<String> words = new ArrayList<>();
        all.forEach(one -> words.add(word.apply(one)));
        String text = words.stream().collect(Collectors.joining("; "));
        return text.length() <= MESSAGE_CHARS_MAX ? text : text.substring(0, MESSAGE_CHARS_MAX) + "…";
    }

    private Optional<ApiWrite> of(PeerClusterObject peer) {
        Optional<PeerStatus> link = outlook.links().stream()
                .filter(it -> it.cluster().name().equals(peer.name().name()))
                .findFirst();
        List<Condition> wanted = wanted(peer, outlook.exports().peers().getOrDefault(peer.name(), List.of()), link);
        Optional<Ages> ages = link.flatMap(PolicyConditions::ages);
        return ExportConditions.areMet(wanted, peer.conditions())
                        && peer.conditions().size() == wanted.size()
                        && isRecent(peer.ages(), ages)
                ? Optional.empty()
                : Optional.of(new ApiWrite.ApplyPeerStatus(peer.name(), ages, wanted));
    }

    private static Optional<Ages> ages(PeerStatus link) {
        return link.heardAt().map(at -> new Ages(at, link.listedAt(), link.services()));
    }

    /** A definition that is older than we are keeps no ages: then none are written for their own sake. */
    private static boolean isRecent(Optional<Ages> seen, Optional<Ages> now) {
        return seen.isEmpty()
                || now.filter(it -> !it.heard().isBefore(seen.get().heard().plus(AGES_EVERY)))
                        .isEmpty();
    }

    private List<Condition> wanted(PeerClusterObject peer, List<String> problems, Optional<PeerStatus> link) {
        Said said = new Said(peer.conditions(), peer.identity().generation(), now);
        if (!problems.isEmpty()) {
            return List.of(said.that(
                    "Accepted", Status.FALSE, "Invalid", listed(problems, Function.identity()) + "; it says nothing"));
        }
        List<Condition> wanted = new ArrayList<>();
        wanted.add(said.that("Accepted", Status.TRUE, "Accepted", ""));
        link.ifPresent(it -> wanted.addAll(ofLink(said, it)));
        return wanted;
    }

    private List<Condition> ofLink(Said said, PeerStatus link) {
        return List.of(
                switch (link.link()) {
                    case LIVE -> said.that("Connected", Status.TRUE, "Live", "");
                    case SUSPECT ->
                        said.that("Connected", Status.FALSE, "Suspect", "it has not spoken for five seconds");
                    case LOST -> said.that("Connected", Status.FALSE, "Lost", "there is no link");
                },
                link.isSynced()
                        ? said.that("Synced", Status.TRUE, "Synced", "")
                        : said.that("Synced", Status.FALSE, "Pending", "not all that it exports was taken over yet"),
                stale(said, link));
    }

    /** Silence says more than what was said before it. */
    private Condition stale(Said said, PeerStatus link) {
        return switch (link.freshness(now)) {
            case Freshness.Live() -> said.that("Stale", Status.FALSE, "Live", "");
            case Freshness.Stale(var _)
            when link.isSilent(now) -> said.that("Stale", Status.TRUE, "Silent", "it was not heard since lastHeard");
            case Freshness.Stale(var _) ->
                said.that("Stale", Status.TRUE, "ApiSilent", "its own API does not answer it");
            case Freshness.Unknown() -> said.that("Stale", Status.UNKNOWN, "Unknown", "");
        };
    }
}
