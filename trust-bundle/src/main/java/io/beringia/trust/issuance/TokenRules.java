package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a reviewed token makes its bearer: the service account {@code system:serviceaccount:NS:SA} is
 * {@code spiffe://TD/ns/NS/sa/SA}, and no other user is anybody. Pure.
 *
 * @param audience for which a token must be good; many APIs accept what was meant for another
 * @param clusters by which callers may name our cluster; empty and absent mean ours too
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/">TokenReview</a>
 */
record TokenRules(TrustDomain trustDomain, String audience, Set<String> clusters) {
    private static final Pattern USER = Pattern.compile("system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)");
    private static final String GROUP = "system:serviceaccounts";
    private static final String EXTRA = "authentication.kubernetes.io/";

    TokenRules {
        clusters = Set.copyOf(clusters);
    }

    /** As the configuration says, our cluster's own name among those by which it may be named. */
    static TokenRules of(TrustDomain domain, IssuanceConfig.Kubernetes kubernetes, Optional<String> cluster) {
        Set<String> names = new HashSet<>(kubernetes.clusterNames());
        cluster.ifPresent(names::add);
        return new TokenRules(domain, kubernetes.audience(), names);
    }

    sealed interface Verdict {}

    record Is(Caller caller) implements Verdict {}

    record IsNobody(Refusal why, String detail) implements Verdict {}

    /** Why a token that comes with these headers that name a cluster is not ours to review; empty where it is. */
    Optional<IsNobody> clusterFault(List<String> clusterIds) {
        boolean ours = clusterIds.isEmpty()
                || clusterIds.size() == 1
                        && (clusterIds.getFirst().isEmpty() || clusters.contains(clusterIds.getFirst()));
        return ours
                ? Optional.empty()
                : Optional.of(new IsNobody(
                        Refusal.UNKNOWN_CLUSTER,
                        "clusterid: " + clusterIds.size() + " values (expected: none, or one of " + clusters + ")"));
    }

    Verdict caller(TokenReviewer.Review review) {
        return switch (review) {
            case TokenReviewer.Refused(String why) -> unknown(why);
            case TokenReviewer.Unreachable(String why) -> new IsNobody(Refusal.REVIEWER_AWAY, why);
            case TokenReviewer.Genuine genuine -> caller(genuine);
        };
    }

    private Verdict caller(TokenReviewer.Genuine genuine) {
        if (!genuine.audiences().contains(audience)) {
            return unknown("token: for other audiences (expected: " + audience + ")");
        }
        Matcher user = USER.matcher(genuine.username());
        if (!user.matches() || !genuine.groups().contains(GROUP)) {
            return unknown("token: of no service account (expected: system:serviceaccount:NS:SA)");
        }
        SpiffeId id = SpiffeId.ofWorkload(trustDomain, user.group(1), user.group(2));
        return new Is(new Caller(id, Set.of(), pod(genuine)));
    }

    private static Optional<BoundPod> pod(TokenReviewer.Genuine genuine) {
        Optional<String> name = single(genuine, "pod-name");
        Optional<String> uid = single(genuine, "pod-uid");
        return name.flatMap(known -> uid.map(pod -> new BoundPod(known, pod, single(genuine, "node-name"))));
    }

    private static Optional<String> single(TokenReviewer.Genuine genuine, String key) {
        List<String> values = genuine.extra().getOrDefault(EXTRA + key, List.of());
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private static IsNobody unknown(String why) {
        return new IsNobody(Refusal.UNKNOWN_TOKEN, why);
    }
}
