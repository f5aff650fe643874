package io.beringia.trust.client;

import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Enforcement;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a process reads whom it trusts no more, and for whom issuers may speak. Inert.
 *
 * @param crl revocation lists, PEM one after the other or one in DER, as istiod publishes them in {@code istio-ca-crl}; may come
 *     into being later
 * @param lastGood where the lists in force are kept over restarts; empty keeps none
 * @param policy what becomes of a certificate of which no list speaks
 * @param denylist see {@link io.beringia.trust.identity.Denylist}
 * @param constraints what becomes of whom {@code issuers} speaks against
 * @param issuers see {@link io.beringia.trust.identity.VirtualConstraints}
 */
public record RevocationFiles(
        Optional<Path> crl,
        Optional<Path> lastGood,
        CrlPolicy policy,
        Optional<Path> denylist,
        Enforcement constraints,
        Optional<Path> issuers) {
    public static final RevocationFiles NONE =
            new RevocationFiles(Optional.empty(), Optional.empty(), CrlPolicy.OPEN, Optional.empty());

    /** Without a file of issuers; an issuer that names no cluster is observed. */
    public RevocationFiles(Optional<Path> crl, Optional<Path> lastGood, CrlPolicy policy, Optional<Path> denylist) {
        this(crl, lastGood, policy, denylist, Enforcement.OBSERVE, Optional.empty());
    }

    public RevocationFiles {
        if (crl.isEmpty() && policy == CrlPolicy.STRICT) {
            throw new IllegalArgumentException("crl-policy: strict without crl (expected: a file of lists)");
        }
        if (crl.isEmpty() && lastGood.isPresent()) {
            throw new IllegalArgumentException("crl-last-good: without crl (expected: a file of lists)");
        }
        if (crl.isPresent() && crl.equals(lastGood)) {
            throw new IllegalArgumentException("crl-last-good: the file of crl itself (expected: another)");
        }
    }

    /** The same, and what issuers may say. */
    public RevocationFiles with(Enforcement limits, Optional<Path> said) {
        return new RevocationFiles(crl, lastGood, policy, denylist, limits, said);
    }
}
