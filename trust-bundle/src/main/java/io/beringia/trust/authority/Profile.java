package io.beringia.trust.authority;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CaUsage;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.CertificateDraft.Purpose;
import io.beringia.trust.pki.DistinguishedName;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of every certificate of a mesh. Pure: clock and randomness come in as arguments.
 *
 * @param organization {@code O} of every CA
 */
public record Profile(String organization) {
    /** A SPIFFE-conformant mesh. */
    public static final Profile SPIFFE = new Profile("Beringia");

    /** The same for labs: static tokens work below such a root, and below no other. */
    public static final Profile DEMO = new Profile("Beringia demo");

    public static final Duration ROOT_LIFE = Duration.ofDays(3650);
    public static final Duration INTERMEDIATE_LIFE = Duration.ofDays(90);
    private static final Duration INTERMEDIATE_LIFE_MAX = Duration.ofDays(365);

    private static final Pattern GENERATION = Pattern.compile(".* root G([1-9][0-9]{0,8})");
    private static final Set<CaUsage> CA_USAGE = Set.of(CaUsage.KEY_CERT_SIGN, CaUsage.CRL_SIGN);

    /** Clocks of peers may lag by this much. */
    private static final Duration CA_BACKDATE = Duration.ofMinutes(5);

    private static final Duration LEAF_BACKDATE = Duration.ofMinutes(2);

    /** What is new in each certificate: a random serial, and the moment of issue. */
    public record Issue(BigInteger serial, Instant now) {
        public Issue {
            now = now.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /** Throws {@link IllegalArgumentException} beyond 10 years or before 1. Two generations never share a name. */
    public CertificateDraft root(TrustDomain domain, int generation, PublicKey key, Duration life, Issue issue) {
        checkLife("root", life, ROOT_LIFE);
        if (generation < 1) {
            throw new IllegalArgumentException("generation: " + generation + " (expected: 1 or more)");
        }
        return ca(name(domain + " root G" + generation, Optional.empty()), domain, key, life, issue, 1);
    }

    /** Throws {@link IllegalArgumentException} beyond 365 days or the root's own end. */
    public CertificateDraft intermediate(
            TrustDomain domain,
            String cluster,
            int generation,
            PublicKey key,
            Duration life,
            Instant rootEnd,
            Issue issue) {
        checkLife("intermediate", life, INTERMEDIATE_LIFE_MAX);
        Instant end = issue.now().plus(life);
        if (end.isAfter(rootEnd)) {
            throw new IllegalArgumentException(
                    "intermediate: valid until " + end + " (expected: <= end of its root, " + rootEnd + ")");
        }
        return ca(name(domain + " intermediate G" + generation, Optional.of(cluster)), domain, key, life, issue, 0);
    }

    /** Ends with its signer at the latest. */
    public CertificateDraft workload(
            SpiffeId id, List<String> dnsNames, PublicKey key, Duration life, Instant signerEnd, Issue issue) {
        if (!life.isPositive()) {
            throw new IllegalArgumentException("life: " + life + " (expected: > 0)");
        }
        Instant end = issue.now().plus(life);
        return new CertificateDraft(
                Optional.empty(),
                key,
                issue.serial(),
                issue.now().minus(LEAF_BACKDATE),
                end.isAfter(signerEnd) ? signerEnd : end,
                new Purpose.Workload(),
                List.of(id.toString()),
                dnsNames);
    }

    /** The one that the name of a root of ours says; 1 for a root of anybody else. */
    public static int generationOf(X509Certificate root) {
        return DistinguishedName.of(root.getSubjectX500Principal())
                .map(name -> GENERATION.matcher(name.commonName()))
                .filter(Matcher::matches)
                .map(found -> Integer.parseInt(found.group(1)))
                .orElse(1);
    }

    private DistinguishedName name(String commonName, Optional<String> cluster) {
        return new DistinguishedName(organization, commonName, cluster);
    }

    private static CertificateDraft ca(
            DistinguishedName name, TrustDomain domain, PublicKey key, Duration life, Issue issue, int pathLength) {
        return new CertificateDraft(
                Optional.of(name),
                key,
                issue.serial(),
                issue.now().minus(CA_BACKDATE),
                issue.now().plus(life),
                new Purpose.Ca(OptionalInt.of(pathLength), CA_USAGE),
                List.of("spiffe://" + domain),
                List.of());
    }

    private static void checkLife(String what, Duration life, Duration max) {
        if (!life.isPositive() || life.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    what + ": " + life.toDays() + " days (expected: 1 to " + max.toDays() + ")");
        }
    }
}
