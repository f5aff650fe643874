package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the issuance server grants.
 *
 * @param demo allows static tokens, below a demo root
 * @param defaultTtl where the caller asks for none
 * @param maxTtl bounds every step of a root rotation; 3 minutes to 24 hours is sensible
 * @param servingNames DNS names that the leaf of one identity carries beside its ID, and nobody else's
 * @param kubernetes where tokens of service accounts are reviewed; empty accepts none
 */
public record IssuanceConfig(
        boolean demo,
        Duration defaultTtl,
        Duration maxTtl,
        List<StaticToken> staticTokens,
        Map<SpiffeId, List<String>> servingNames,
        Optional<Kubernetes> kubernetes) {
    /**
     * Half of a shorter life, the two minutes of back-dating included, lies in the past: a ztunnel would renew without
     * pause.
     */
    static final Duration TTL_MIN = Duration.ofMinutes(3);

    public static final Duration DEFAULT_TTL = Duration.ofHours(24);

    public IssuanceConfig {
        staticTokens = List.copyOf(staticTokens);
        servingNames = Map.copyOf(servingNames);
        if (!demo && !staticTokens.isEmpty()) {
            throw new IllegalArgumentException(
                    "issuance.static-tokens: " + staticTokens.size() + " (expected: none without demo: true)");
        }
        if (maxTtl.compareTo(TTL_MIN) < 0) {
            throw new IllegalArgumentException("issuance.max-ttl: " + maxTtl + " (expected: >= " + TTL_MIN + ")");
        }
        if (defaultTtl.compareTo(TTL_MIN) < 0 || defaultTtl.compareTo(maxTtl) > 0) {
            throw new IllegalArgumentException(
                    "issuance.default-ttl: " + defaultTtl + " (expected: " + TTL_MIN + " to " + maxTtl + ")");
        }
    }

    /**
     * The same, with static tokens by the SHA-256 of each, in lower-case hex; none of them may impersonate.
     */
    public static IssuanceConfig withTokens(
            boolean demo,
            Duration defaultTtl,
            Duration maxTtl,
            Map<String, SpiffeId> tokens,
            Map<SpiffeId, List<String>> servingNames,
            Optional<Kubernetes> kubernetes) {
        List<StaticToken> staticTokens = tokens.entrySet().stream()
                .map(token -> new StaticToken(token.getKey(), token.getValue(), Set.of()))
                .toList();
        return new IssuanceConfig(demo, defaultTtl, maxTtl, staticTokens, servingNames, kubernetes);
    }

    /**
     * The API server of our own cluster.
     *
     * @param kubeconfig where it is; empty takes what a pod is given
     * @param audience for which tokens must be good
     * @param clusterNames by which node proxies may name our cluster beside its name
     * @param nodeAccounts {@code namespace/account} of node proxies, which may ask for the pods of their own node
     */
    public record Kubernetes(
            Optional<Path> kubeconfig, String audience, Set<String> clusterNames, Set<String> nodeAccounts) {
        public static final String DEFAULT_AUDIENCE = "istio-ca";
        public static final String DEFAULT_NODE_ACCOUNT = "istio-system/ztunnel";

        private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9.-]+/[a-z0-9.-]+");

        public Kubernetes {
            clusterNames = Set.copyOf(clusterNames);
            nodeAccounts = Set.copyOf(nodeAccounts);
            nodeAccounts.stream()
                    .filter(account -> !ACCOUNT.matcher(account).matches())
                    .findFirst()
                    .ifPresent(account -> {
                        throw new IllegalArgumentException(
                                "kube.node-accounts: \"" + account + "\" (expected: namespace/account)");
                    });
            if (audience.isBlank()) {
                throw new IllegalArgumentException("kube.audience: \"\" (expected: such as istio-ca)");
            }
        }
    }
}
