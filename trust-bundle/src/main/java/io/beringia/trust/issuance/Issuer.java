package io.beringia.trust.issuance;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CurrentAuthority;
import io.beringia.trust.federation.Foreign;
import io.beringia.trust.federation.ForeignRoots;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.DistinguishedName;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who issues for one cluster.
 *
 * @param signing the cluster's intermediate
 * @param own what the issuance server shows, and whom it trusts
 * @param roots the file in which the roots of {@code own} lie, and in which newer ones will
 */
public record Issuer(CurrentAuthority signing, OwnCredentials own, Path roots) {
    /** One whose intermediate never changes. */
    public Issuer(Authority authority, OwnCredentials own, Path roots) {
        this(new CurrentAuthority(authority), own, roots);
    }

    /** With the roots that lie in the file now, and nobody's beside them; {@code id} is the server's own. */
    public static Issuer of(Authority authority, SpiffeId id, Path roots, IssuanceConfig config, InstantSource clock) {
        return of(authority, id, roots, Foreign.NONE, config, clock);
    }

    /** The same, beside those of foreign trust domains. */
    public static Issuer of(
            Authority authority, SpiffeId id, Path roots, Foreign foreign, IssuanceConfig config, InstantSource clock) {
        List<X509Certificate> ours = RootsFile.read(roots);
        Map<TrustDomain, List<X509Certificate>> all =
                new HashMap<>(ForeignRoots.beside(ours, foreign.roots()).roots());
        all.put(authority.trustDomain(), ours);
        Instant written = RootsFile.written(roots);
        TrustBundles bundles = new TrustBundles(
                RootRules.sequence(0, written.isAfter(foreign.changed()) ? written : foreign.changed()), all);
        List<String> names = config.servingNames().getOrDefault(id, List.of());
        CurrentAuthority signing = new CurrentAuthority(authority);
        return new Issuer(signing, new OwnCredentials(signing, id, names, config.defaultTtl(), bundles, clock), roots);
    }

    /** Who signs now. */
    public Authority authority() {
        return signing.get();
    }

    /** The cluster that our certificates speak for: {@code L} of the intermediate. */
    public Optional<String> cluster() {
        return DistinguishedName.of(authority().certificate().getSubjectX500Principal())
                .flatMap(DistinguishedName::locality);
    }
}
