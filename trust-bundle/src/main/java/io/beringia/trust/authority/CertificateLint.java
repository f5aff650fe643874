package io.beringia.trust.authority;

import io.beringia.trust.pki.CertificateExtensions;
import io.beringia.trust.pki.CertificateExtensions.Basic;
import io.beringia.trust.pki.ParsedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one certificate, looked at alone, will make go wrong in a mesh of ztunnels, Envoys and our own. Pure. */
public final class CertificateLint {
    private static final Duration LAST_DAYS_OF_A_CA = Duration.ofDays(14);

    /** Twice the age at which ztunnel renews, and all that a root rotation can wait for. */
    private static final Duration LEAF_LIFE_MAX = Duration.ofHours(25);

    private static final Set<String> BOTH_ENDS =
            Set.of(CertificateExtensions.SERVER_AUTH, CertificateExtensions.CLIENT_AUTH);

    /** What a certificate is, by its own word and signature. */
    public enum Kind {
        ROOT,
        INTERMEDIATE,
        WORKLOAD
    }

    /** How bad it is: an error refuses somebody, a warning will, a note is worth knowing. */
    public enum Level {
        ERROR,
        WARNING,
        NOTE
    }

    public record Finding(Level level, String what) {}

    /** What is wrong with a CA that does not {@link #allowsBothEnds}. */
    static final String ONE_END_ONLY =
            "extended key usage: one end only (expected: none, or serverAuth and clientAuth)";

    private final ParsedCertificate certificate;
    private final List<Finding> findings = new ArrayList<>();

    private CertificateLint(ParsedCertificate certificate) {
        this.certificate = certificate;
    }

    public static Kind kindOf(ParsedCertificate certificate) {
        if (certificate.extensions().basicConstraints().filter(Basic::isCa).isEmpty()) {
            return Kind.WORKLOAD;
        }
        return certificate.isSelfIssued() && certificate.isSignedBy(certificate) ? Kind.ROOT : Kind.INTERMEDIATE;
    }

    /** All findings, those about the key first and those about the end last. */
    public static List<Finding> of(ParsedCertificate certificate, Instant now) {
        CertificateLint lint = new CertificateLint(certificate);
        lint.anyone();
        switch (kindOf(certificate)) {
            case ROOT -> lint.authority(false);
            case INTERMEDIATE -> lint.authority(true);
            case WORKLOAD -> lint.workload();
        }
        lint.validity(now);
        return List.copyOf(lint.findings);
    }

    private void anyone() {
        check(
                certificate.keyKind().isAllowed(),
                Level.ERROR,
                "key: unusual (expected: P-256, P-384 or RSA of 2048 to 8192)");
        check(
                certificate.hasAllowedSignature(),
                Level.ERROR,
                "signature: unusual (expected: ECDSA or RSA with SHA-256, -384 or -512)");
        certificate
                .extensions()
                .unknownCritical()
                .forEach(id ->
                        add(Level.ERROR, "critical extension " + id + " (expected: none that peers do not know)"));
    }

    private void authority(boolean isIntermediate) {
        CertificateExtensions has = certificate.extensions();
        check(
                has.basicConstraints().filter(Basic::isCritical).isPresent(),
                Level.ERROR,
                "basic constraints: not critical (expected: critical)");
        check(
                has.keyUsage().filter(CertificateExtensions.Usage::keyCertSign).isPresent(),
                Level.ERROR,
                "key usage: no keyCertSign (expected: it in every CA)");
        check(
                has.keyUsage().filter(CertificateExtensions.Usage::crlSign).isPresent(),
                Level.NOTE,
                "key usage: no cRLSign (its revocation lists are refused by ztunnel)");
        check(allowsBothEnds(certificate), Level.ERROR, ONE_END_ONLY);
        check(
                has.nameConstraints().isEmpty(),
                Level.WARNING,
                "name constraints (expected: none, ztunnel refuses every SPIFFE ID below a URI constraint)");
        check(
                !isIntermediate
                        || has.basicConstraints()
                                .filter(it -> it.pathLength().isPresent())
                                .isPresent(),
                Level.NOTE,
                "basic constraints: no path length (it may make more CAs)");
    }

    /** Below any other CA a leaf is believed as a server or as a client, and a workload is both (RFC 5280, 4.2.1.12). */
    static boolean allowsBothEnds(ParsedCertificate ca) {
        return ca.extensions()
                .extendedKeyUsage()
                .filter(usage ->
                        !usage.containsAll(BOTH_ENDS) && !usage.contains(CertificateExtensions.ANY_EXTENDED_KEY_USAGE))
                .isEmpty();
    }

    private void workload() {
        CertificateExtensions has = certificate.extensions();
        Optional<CertificateExtensions.Usage> usage = has.keyUsage();
        check(
                usage.filter(it -> it.digitalSignature() && !it.keyCertSign() && !it.crlSign())
                        .isPresent(),
                Level.ERROR,
                "key usage: not of a workload (expected: digitalSignature, and no keyCertSign or cRLSign)");
        check(
                usage.filter(it -> !it.isCritical()).isEmpty(),
                Level.ERROR,
                "key usage: not critical (expected: critical, gateways and hosts of ours refuse it)");
        check(
                has.extendedKeyUsage().filter(it -> it.containsAll(BOTH_ENDS)).isPresent(),
                Level.WARNING,
                "extended key usage: not for both ends (expected: serverAuth and clientAuth)");
        check(
                life().compareTo(LEAF_LIFE_MAX) <= 0,
                Level.NOTE,
                "life: " + life().toHours() + " h (a rotation of roots has to wait for its end)");
    }

    private void validity(Instant now) {
        Duration left = Duration.between(now, certificate.notAfter());
        Duration third = life().dividedBy(3);
        Duration last = third.compareTo(LAST_DAYS_OF_A_CA) < 0 ? third : LAST_DAYS_OF_A_CA;
        if (now.isBefore(certificate.notBefore())) {
            add(Level.ERROR, "validity: begins " + certificate.notBefore() + " (expected: before now)");
        } else if (left.isNegative()) {
            add(Level.ERROR, "validity: ended " + certificate.notAfter() + " (expected: after now)");
        } else if (left.compareTo(last) < 0) {
            add(Level.WARNING, "validity: ends " + certificate.notAfter() + " (expected: its successor in use by now)");
        }
    }

    private Duration life() {
        return Duration.between(certificate.notBefore(), certificate.notAfter());
    }

    private void check(boolean holds, Level level, String otherwise) {
        if (!holds) {
            add(level, otherwise);
        }
    }

    private void add(Level level, String what) {
        findings.add(new Finding(level, what));
    }
}
