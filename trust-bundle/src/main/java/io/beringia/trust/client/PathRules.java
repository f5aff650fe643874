package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CertificateExtensions;
import io.beringia.trust.pki.GeneralName;
import io.beringia.trust.pki.ParsedCertificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What every CA of a path must be, the root included, whoever vouches for it. Pure. */
record PathRules(SpiffeId id, PeerRole role, Revocations revocations, Instant now) {

    /** Why {@code issuer} may not stand above {@code path} (leaf first), signature aside. */
    Optional<Rejected> issuerFault(List<ParsedCertificate> path, ParsedCertificate issuer) {
        return caFault(issuer)
                .or(() -> lengthFault(path, issuer))
                .or(() -> Validity.fault(issuer, "issuer", now))
                .or(() -> identityFault(issuer))
                .or(() -> signatureFault(path.getLast()));
    }

    /** Why a complete path, leaf first and root last, is refused as a whole. */
    Optional<Rejected> pathFault(List<ParsedCertificate> path) {
        return NameRules.fault(path, id.trustDomain())
                .or(() -> enforces() ? spoken(path).fault() : Optional.empty())
                .or(() -> new RevocationRules(revocations, now).fault(id, path));
    }

    private boolean enforces() {
        return switch (revocations.constraints().enforcement()) {
            case ENFORCE -> true;
            case OBSERVE -> false;
        };
    }

    /** For whom the CAs of a complete path may speak, whether that is enforced or not. */
    IssuerRules.Spoken spoken(List<ParsedCertificate> path) {
        return new IssuerRules(revocations.constraints()).judge(id, path);
    }

    private Optional<Rejected> caFault(ParsedCertificate issuer) {
        CertificateExtensions extensions = issuer.extensions();
        if (!extensions.unknownCritical().isEmpty()) {
            return fault("critical extension " + extensions.unknownCritical().getFirst(), "only known ones");
        }
        if (extensions
                .basicConstraints()
                .filter(basic -> basic.isCa() && basic.isCritical())
                .isEmpty()) {
            return fault("basic constraints", "critical, cA true");
        }
        if (extensions
                .keyUsage()
                .filter(CertificateExtensions.Usage::keyCertSign)
                .isEmpty()) {
            return fault("key usage", "keyCertSign");
        }
        if (!issuer.keyKind().isAllowed()) {
            return fault("key of an unsupported kind", "P-256, P-384 or RSA of 2,048 to 8,192 bits");
        }
        if (issuer.localities().size() > 1) {
            return fault(issuer.localities().size() + " localities", "at most one: it names the cluster");
        }
        return allows(extensions.extendedKeyUsage())
                ? Optional.empty()
                : fault("extended key usage", LeafRules.neededBy(role) + " or any");
    }

    private boolean allows(Optional<Set<String>> purposes) {
        return purposes.isEmpty()
                || purposes.get().contains(LeafRules.neededBy(role))
                || purposes.get().contains(CertificateExtensions.ANY_EXTENDED_KEY_USAGE);
    }

    /** RFC 5280, 4.2.1.9: counts the CAs between issuer and leaf that are not self-issued. */
    private static Optional<Rejected> lengthFault(List<ParsedCertificate> path, ParsedCertificate issuer) {
        long below = path.stream().skip(1).filter(ca -> !ca.isSelfIssued()).count();
        return issuer.extensions()
                .basicConstraints()
                .filter(basic -> basic.pathLength().isPresent()
                        && below > basic.pathLength().getAsInt())
                .flatMap(basic ->
                        fault(below + " CAs below", "<= " + basic.pathLength().getAsInt()));
    }

    /** A signing certificate may be an SVID itself: then without a path, in the domain of its leaves. */
    private Optional<Rejected> identityFault(ParsedCertificate issuer) {
        TrustDomain own = id.trustDomain();
        return issuer.extensions().names().stream()
                .filter(name -> name.type() == GeneralName.URI)
                .filter(name -> !name.ascii().equals(Optional.of("spiffe://" + own)))
                .findFirst()
                .map(foreign -> new Rejected(
                        RejectReason.FOREIGN_ISSUER,
                        "issuer: URI name of another domain or with a path (expected: spiffe://" + own + ")"));
    }

    private static Optional<Rejected> signatureFault(ParsedCertificate signed) {
        return signed.hasAllowedSignature()
                ? Optional.empty()
                : fault("signature algorithm", "ECDSA or RSA with SHA-256, SHA-384 or SHA-512");
    }

    private static Optional<Rejected> fault(String value, String expected) {
        return Optional.of(new Rejected(RejectReason.BAD_ISSUER, "issuer: " + value + " (expected: " + expected + ")"));
    }
}
