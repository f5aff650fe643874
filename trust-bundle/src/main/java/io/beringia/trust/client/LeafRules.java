package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.pki.CertificateExtensions;
import io.beringia.trust.pki.GeneralName;
import io.beringia.trust.pki.ParsedCertificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an X.509-SVID must be by itself, before anybody vouches for it. Pure. */
final class LeafRules {
    private LeafRules() {}

    /** Who the leaf says it is, or why it is no SVID. */
    sealed interface Identification {}

    record Named(SpiffeId id) implements Identification {}

    record Refused(Rejected why) implements Identification {}

    static Identification identify(ParsedCertificate leaf, PeerRole role, Instant now) {
        Identification name = name(leaf);
        return switch (name) {
            case Refused refused -> refused;
            case Named named ->
                leafFault(leaf, role)
                        .or(() -> Validity.fault(leaf, "leaf", now))
                        .<Identification>map(Refused::new)
                        .orElse(named);
        };
    }

    /** The name alone: whether it may be used so is {@link #identify}'s question. */
    static Identification name(ParsedCertificate leaf) {
        CertificateExtensions extensions = leaf.extensions();
        List<GeneralName> uris = extensions.names().stream()
                .filter(name -> name.type() == GeneralName.URI)
                .toList();
        if (uris.size() != 1) {
            return refuse(RejectReason.BAD_IDENTITY, "leaf: " + uris.size() + " URI names (expected: exactly one)");
        }
        if (leaf.hasEmptySubject() && !extensions.hasCriticalNames()) {
            return refuse(
                    RejectReason.BAD_IDENTITY, "leaf: empty subject, names not critical (expected: critical names)");
        }
        return uris.getFirst()
                .ascii()
                .map(LeafRules::parse)
                .orElseGet(() -> refuse(RejectReason.BAD_IDENTITY, "leaf: URI not ASCII (expected: IA5String)"));
    }

    private static Identification parse(String uri) {
        try {
            SpiffeId id = SpiffeId.parse(uri);
            return id.path().isEmpty()
                    ? refuse(RejectReason.BAD_IDENTITY, "leaf: " + id + " (expected: a path after the trust domain)")
                    : new Named(id);
        } catch (IllegalArgumentException noId) {
            return refuse(RejectReason.BAD_IDENTITY, String.valueOf(noId.getMessage()));
        }
    }

    private static Optional<Rejected> leafFault(ParsedCertificate leaf, PeerRole role) {
        CertificateExtensions extensions = leaf.extensions();
        if (!extensions.unknownCritical().isEmpty()) {
            return fault("critical extension " + extensions.unknownCritical().getFirst(), "only known ones");
        }
        if (extensions.nameConstraints().isPresent()) {
            return fault("name constraints", "none below a CA");
        }
        if (extensions
                .basicConstraints()
                .filter(CertificateExtensions.Basic::isCa)
                .isPresent()) {
            return fault("a CA", "cA false");
        }
        if (!leaf.keyKind().isAllowed()) {
            return fault("key of an unsupported kind", "P-256, P-384 or RSA of 2,048 to 8,192 bits");
        }
        return extensions
                .keyUsage()
                .map(LeafRules::usageFault)
                .orElseGet(() -> fault("no key usage", "critical, with digitalSignature"))
                .or(() -> purposeFault(extensions.extendedKeyUsage(), role));
    }

    private static Optional<Rejected> usageFault(CertificateExtensions.Usage usage) {
        if (!usage.isCritical()) {
            return fault("key usage not critical", "critical");
        }
        if (usage.keyCertSign() || usage.crlSign()) {
            return fault("key usage of a CA", "neither keyCertSign nor cRLSign");
        }
        return usage.digitalSignature() ? Optional.empty() : fault("no digitalSignature", "digitalSignature");
    }

    private static Optional<Rejected> purposeFault(Optional<Set<String>> purposes, PeerRole role) {
        String needed = neededBy(role);
        return purposes.isEmpty() || purposes.get().contains(needed)
                ? Optional.empty()
                : fault("extended key usage " + purposes.get(), needed);
    }

    /** The extended key usage that a peer in this role needs. */
    static String neededBy(PeerRole role) {
        return switch (role) {
            case CLIENT -> CertificateExtensions.CLIENT_AUTH;
            case SERVER -> CertificateExtensions.SERVER_AUTH;
        };
    }

    private static Optional<Rejected> fault(String value, String expected) {
        return Optional.of(new Rejected(RejectReason.BAD_LEAF, "leaf: " + value + " (expected: " + expected + ")"));
    }

    private static Refused refuse(RejectReason reason, String detail) {
        return new Refused(new Rejected(reason, detail));
    }
}
