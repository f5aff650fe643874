package io.beringia.trust.authority;

import io.beringia.trust.pki.CaUsage;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.CertificateDraft.Purpose;
import io.beringia.trust.pki.DistinguishedName;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The shape of the certificates that Istio's Makefile for plug-in CAs makes, octet for octet where key, serial and dates
 * are the same (OpenSSL 3). Pure.
 *
 * @param usage of every CA
 * @see <a href="https://github.com/istio/istio/blob/master/tools/certs/Makefile.selfsigned.mk">Istio,
 *     Makefile.selfsigned.mk</a>
 */
public record MakefileProfile(MakefileVariables variables, Set<CaUsage> usage) {
    /** Of every key. */
    public static final int KEY_BITS = 4096;

    /** The domain stands in the Makefile itself. */
    public static final String TRUST_DOMAIN = "cluster.local";

    private static final Set<CaUsage> USAGE =
            Set.of(CaUsage.DIGITAL_SIGNATURE, CaUsage.NON_REPUDIATION, CaUsage.KEY_ENCIPHERMENT, CaUsage.KEY_CERT_SIGN);

    public MakefileProfile {
        usage = Set.copyOf(usage);
    }

    /** As the Makefile has it: these CAs sign no revocation list that all verifiers accept. */
    public static MakefileProfile of(MakefileVariables variables) {
        return new MakefileProfile(variables, USAGE);
    }

    /** The same with {@code cRLSign}, and no longer equal to the Makefile's. */
    public MakefileProfile signingCrls() {
        Set<CaUsage> more = EnumSet.of(CaUsage.CRL_SIGN);
        more.addAll(usage);
        return new MakefileProfile(variables, more);
    }

    /** {@code root-cert.pem}. */
    public CertificateDraft root(PublicKey key, Profile.Issue issue) {
        return draft(
                new DistinguishedName(variables.rootOrganization(), variables.rootName(), Optional.empty()),
                key,
                variables.rootLife(),
                issue,
                new Purpose.Ca(OptionalInt.empty(), usage),
                List.of(),
                List.of());
    }

    /** {@code NAME/ca-cert.pem}. */
    public CertificateDraft intermediate(String name, PublicKey key, Profile.Issue issue) {
        return draft(
                name(variables.intermediateName(), name),
                key,
                variables.intermediateLife(),
                issue,
                new Purpose.Ca(OptionalInt.of(0), usage),
                List.of(),
                List.of(variables.intermediateDns()));
    }

    /** {@code NAMESPACE/workload-cert.pem}. */
    public CertificateDraft workload(String namespace, PublicKey key, Profile.Issue issue) {
        return draft(
                name(variables.workloadName(), namespace),
                key,
                variables.workloadLife(),
                issue,
                new Purpose.MachineWorkload(),
                List.of("spiffe://" + TRUST_DOMAIN + "/ns/" + namespace + "/sa/" + variables.serviceAccount()),
                List.of());
    }

    private DistinguishedName name(String commonName, String locality) {
        return new DistinguishedName(variables.intermediateOrganization(), commonName, Optional.of(locality));
    }

    private static CertificateDraft draft(
            DistinguishedName name,
            PublicKey key,
            Duration life,
            Profile.Issue issue,
            Purpose purpose,
            List<String> uris,
            List<String> dnsNames) {
        return new CertificateDraft(
                Optional.of(name), key, issue.serial(), issue.now(), issue.now().plus(life), purpose, uris, dnsNames);
    }
}
