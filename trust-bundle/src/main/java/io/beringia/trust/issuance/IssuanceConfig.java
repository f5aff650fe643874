package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the issuance server grants.
 *
 * @param demo allows static tokens, below a demo root
 * @param defaultTtl where the caller asks for none
 * @param maxTtl bounds every step of a root rotation; 3 minutes to 24 hours is sensible
 * @param servingNames DNS names that the leaf of one identity carries beside its ID, and nobody else's
 */
public record IssuanceConfig(
        boolean demo,
        Duration defaultTtl,
        Duration maxTtl,
        List<StaticToken> staticTokens,
        Map<SpiffeId, List<String>> servingNames) {
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
            Map<SpiffeId, List<String>> servingNames) {
        List<StaticToken> staticTokens = tokens.entrySet().stream()
                .map(token -> new StaticToken(token.getKey(), token.getValue(), Set.of()))
                .toList();
        return new IssuanceConfig(demo, defaultTtl, maxTtl, staticTokens, servingNames);
    }
}
