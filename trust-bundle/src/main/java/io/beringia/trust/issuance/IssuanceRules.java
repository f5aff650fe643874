package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CertificateRequest;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who gets which certificate. Pure. */
record IssuanceRules(TrustDomain trustDomain, IssuanceConfig config, Impersonation impersonation) {

    static IssuanceRules of(Issuer issuer, IssuanceConfig config) {
        Set<String> nodeAccounts =
                config.kubernetes().map(IssuanceConfig.Kubernetes::nodeAccounts).orElse(Set.of());
        return new IssuanceRules(issuer.authority().trustDomain(), config, new Impersonation(nodeAccounts));
    }

    /**
     * One request, as the wire says it.
     *
     * @param seconds of life; 0 or less asks for the default
     */
    record Wish(String csr, long seconds, Optional<String> impersonated, boolean namesSigner) {}

    sealed interface Decision {}

    record Issue(SpiffeId id, PublicKey key, Duration ttl, List<String> dnsNames) implements Decision {}

    record Refuse(Refusal why, String detail) implements Decision {}

    /** {@code signerLeft} is how long our own signer is still valid, {@code pods} those of our cluster. */
    Decision decide(Caller caller, Wish wish, Duration signerLeft, PodView pods, Instant now) {
        if (wish.impersonated().isEmpty()) {
            return isOurs(caller.id()) ? grant(caller.id(), wish, signerLeft) : notTheirs();
        }
        Optional<SpiffeId> id = SpiffeId.tryParse(wish.impersonated().get())
                .filter(it -> it.serviceAccount().isPresent())
                .filter(this::isOurs);
        if (id.isEmpty()) {
            return notTheirs();
        }
        if (id.get().equals(caller.id()) || caller.mayImpersonate().contains(id.get())) {
            return grant(id.get(), wish, signerLeft);
        }
        return switch (impersonation.decide(caller, id.get().serviceAccount().orElseThrow(), pods, now)) {
            case Impersonation.Granted granted -> grant(id.get(), wish, signerLeft);
            case Impersonation.Refused(Refusal why, String detail) -> new Refuse(why, detail);
        };
    }

    private static Refuse notTheirs() {
        return new Refuse(Refusal.IMPERSONATION, "an ID that is not the caller's to ask for");
    }

    private Decision grant(SpiffeId id, Wish wish, Duration signerLeft) {
        if (wish.namesSigner()) {
            return new Refuse(Refusal.OTHER_SIGNER, "CertSigner: set (expected: absent)");
        }
        if (signerLeft.compareTo(IssuanceConfig.TTL_MIN) < 0) {
            return new Refuse(Refusal.SIGNER_EXPIRING, "signer: " + signerLeft + " left");
        }
        Duration ttl = wish.seconds() <= 0 ? config.defaultTtl() : Duration.ofSeconds(wish.seconds());
        return isTtl(ttl)
                ? withKey(id, wish.csr(), ttl)
                : new Refuse(
                        Refusal.BAD_TTL,
                        "ttl: " + ttl + " (expected: " + IssuanceConfig.TTL_MIN + " to " + config.maxTtl() + ")");
    }

    private Decision withKey(SpiffeId id, String csr, Duration ttl) {
        try {
            List<String> dnsNames = config.servingNames().getOrDefault(id, List.of());
            return new Issue(id, CertificateRequest.parse(csr).key(), ttl, dnsNames);
        } catch (IllegalArgumentException bad) {
            return new Refuse(Refusal.BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
    }

    private boolean isOurs(SpiffeId id) {
        return id.trustDomain().equals(trustDomain);
    }

    private boolean isTtl(Duration ttl) {
        return ttl.compareTo(IssuanceConfig.TTL_MIN) >= 0 && ttl.compareTo(config.maxTtl()) <= 0;
    }
}
