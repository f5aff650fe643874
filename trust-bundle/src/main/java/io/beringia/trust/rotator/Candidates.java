package io.beringia.trust.rotator;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.authority.CertificateLint;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.DistinguishedName;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.X509;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a next intermediate and the root above it may take the place of those in use. Any thread.
 *
 * @param active who signs now
 * @param demoOnly static tokens are accepted, so that every root must be marked for demos
 */
record Candidates(Authority active, boolean demoOnly, InstantSource clock) {
    private static final Duration TRIAL = Duration.ofMinutes(5);

    /** What lies in {@code files}; throws {@link RuntimeException} where that does not even fit together. */
    Candidate judge(CaFiles files, TrustBundles published) {
        Authority next = files.open(clock);
        Instant now = clock.instant();
        List<String> faults = new ArrayList<>();
        lint("root", next.root(), now, faults);
        ofOurCluster(next, now, faults);
        refuseUnless(
                !next.root().getSubjectX500Principal().equals(active.root().getSubjectX500Principal()),
                faults,
                "has the name of the active root");
        refuseUnless(!isKnown(next.root().getPublicKey(), published), faults, "has a key that is accepted already");
        refuseUnless(!demoOnly || next.isDemo(), faults, "is not marked for demos, and static tokens are accepted");
        if (faults.isEmpty()) {
            trial(next, now).ifPresent(faults::add);
        }
        return new Candidate(
                Roots.id(next.root()),
                next.root().getNotAfter().toInstant(),
                Duration.between(
                        next.certificate().getNotBefore().toInstant(),
                        next.certificate().getNotAfter().toInstant()),
                faults);
    }

    /** What speaks against an intermediate under the active root in the place of the one that signs. */
    List<String> faults(Authority next, Instant now) {
        List<String> faults = new ArrayList<>();
        ofOurCluster(next, now, faults);
        refuseUnless(
                !next.certificate().getPublicKey().equals(active.certificate().getPublicKey()),
                faults,
                "has the key of the one that signs");
        refuseUnless(end(next).isAfter(end(active)), faults, "ends no later than the one that signs");
        if (faults.isEmpty()) {
            trial(next, now).ifPresent(faults::add);
        }
        return faults;
    }

    private static Instant end(Authority authority) {
        return authority.certificate().getNotAfter().toInstant();
    }

    private void ofOurCluster(Authority next, Instant now, List<String> faults) {
        lint("intermediate", next.certificate(), now, faults);
        refuseUnless(next.trustDomain().equals(active.trustDomain()), faults, "is of " + next.trustDomain());
        refuseUnless(
                clusterOf(next).equals(clusterOf(active)),
                faults,
                "speaks for cluster " + clusterOf(next).orElse("none"));
    }

    private static void refuseUnless(boolean isFine, List<String> faults, String fault) {
        if (!isFine) {
            faults.add(fault);
        }
    }

    private static void lint(String what, X509Certificate certificate, Instant now, List<String> faults) {
        CertificateLint.of(ParsedCertificate.parse(X509.encoded(certificate)), now).stream()
                .filter(finding -> finding.level() == CertificateLint.Level.ERROR)
                .forEach(finding -> faults.add(what + ": " + finding.what()));
    }

    private static Optional<String> clusterOf(Authority authority) {
        return DistinguishedName.of(authority.certificate().getSubjectX500Principal())
                .flatMap(DistinguishedName::locality);
    }

    /** In our domain it would make the change void, in a foreign one it would speak for both. */
    private boolean isKnown(PublicKey key, TrustBundles published) {
        X509Certificate own = active.root();
        return published.roots().values().stream()
                .flatMap(List::stream)
                .filter(root -> root.equals(own)
                        || !published.rootsOf(active.trustDomain()).contains(root))
                .anyMatch(root -> root.getPublicKey().equals(key));
    }

    /** A leaf below it is judged as everybody will judge it. */
    private Optional<String> trial(Authority next, Instant now) {
        X509Svid leaf = next.svid(SpiffeId.ofWorkload(next.trustDomain(), "beringia-system", "trial"), TRIAL);
        return new SpiffeVerifier().verify(X509.encoded(leaf.chain()), PeerRole.SERVER, next.bundles(), now)
                        instanceof PeerVerdict.Rejected rejected
                ? Optional.of(rejected.detail())
                : Optional.empty();
    }
}
