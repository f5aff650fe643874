package io.beringia.trust.issuance;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CertificateRequest;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who gets which certificate. Pure. */
record IssuanceRules(TrustDomain trustDomain, IssuanceConfig config) {

    /**
     * One request, as the wire says it.
     *
     * @param seconds of life; 0 or less asks for the default
     */
    record Wish(String csr, long seconds, Optional<String> impersonated, boolean namesSigner) {}

    sealed interface Decision {}

    record Issue(SpiffeId id, PublicKey key, Duration ttl, List<String> dnsNames) implements Decision {}

    record Refuse(Refusal why, String detail) implements Decision {}

    /** {@code signerLeft} is how long our own signer is still valid. */
    Decision decide(Caller caller, Wish wish, Duration signerLeft) {
        Optional<SpiffeId> id = wish.impersonated().isEmpty()
                ? Optional.of(caller.id()).filter(this::isOurs)
                : impersonated(caller, wish.impersonated().orElseThrow());
        if (id.isEmpty()) {
            return new Refuse(Refusal.IMPERSONATION, "an ID that is not the caller's to ask for");
        }
        if (wish.namesSigner()) {
            return new Refuse(Refusal.OTHER_SIGNER, "CertSigner: set (expected: absent)");
        }
        if (signerLeft.compareTo(IssuanceConfig.TTL_MIN) < 0) {
            return new Refuse(Refusal.SIGNER_EXPIRING, "signer: " + signerLeft + " left");
        }
        Duration ttl = wish.seconds() <= 0 ? config.defaultTtl() : Duration.ofSeconds(wish.seconds());
        return isTtl(ttl)
                ? withKey(id.orElseThrow(), wish.csr(), ttl)
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

    private Optional<SpiffeId> impersonated(Caller caller, String wanted) {
        return SpiffeId.tryParse(wanted)
                .filter(id -> id.serviceAccount().isPresent())
                .filter(this::isOurs)
                .filter(id -> id.equals(caller.id()) || caller.mayImpersonate().contains(id));
    }

    private boolean isOurs(SpiffeId id) {
        return id.trustDomain().equals(trustDomain);
    }

    private boolean isTtl(Duration ttl) {
        return ttl.compareTo(IssuanceConfig.TTL_MIN) >= 0 && ttl.compareTo(config.maxTtl()) <= 0;
    }
}
