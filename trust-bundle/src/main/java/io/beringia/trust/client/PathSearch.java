package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.pki.ParsedCertificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Depth-first search for a path from a leaf to one of the anchors. Key identifiers order the attempts and never end
 * them: two roots of one name are both tried. Owned by the one call that makes it.
 */
final class PathSearch {
    /** CAs above the leaf, the root among them: root, intermediate and two more. */
    private static final int DEPTH_MAX = 4;

    /** A path of four CAs with every one found at the fourth attempt. */
    private static final int SIGNATURE_CHECKS_MAX = 16;

    private final PathRules rules;
    private final KnownIssuers known;
    private final List<ParsedCertificate> intermediates;
    private final List<ParsedCertificate> anchors;
    private Optional<Rejected> firstFault = Optional.empty();
    private int signatureChecks;

    PathSearch(
            PathRules rules,
            KnownIssuers known,
            List<ParsedCertificate> intermediates,
            List<ParsedCertificate> anchors) {
        this.rules = rules;
        this.known = known;
        this.intermediates = intermediates;
        this.anchors = anchors;
    }

    sealed interface Result {}

    /** Leaf first, root last. */
    record Found(List<ParsedCertificate> path) implements Result {}

    record NotFound(Rejected why) implements Result {}

    Result from(ParsedCertificate leaf) {
        return extend(List.of(leaf))
                .<Result>map(Found::new)
                .orElseGet(() -> new NotFound(firstFault.orElseGet(PathSearch::noPath)));
    }

    private Optional<List<ParsedCertificate>> extend(List<ParsedCertificate> path) {
        if (path.size() > DEPTH_MAX) {
            return Optional.empty();
        }
        return candidates(path)
                .map(issuer -> step(path, issuer))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Lazy: a later candidate is looked at only where the earlier ones led nowhere. */
    private Optional<List<ParsedCertificate>> step(List<ParsedCertificate> path, Candidate issuer) {
        if (!hasNoFault(rules.issuerFault(path, issuer.certificate())) || !signs(issuer, path.getLast())) {
            return Optional.empty();
        }
        List<ParsedCertificate> longer = new ArrayList<>(path);
        longer.add(issuer.certificate());
        if (!issuer.isAnchor()) {
            return extend(List.copyOf(longer));
        }
        return hasNoFault(rules.pathFault(longer)) ? Optional.of(List.copyOf(longer)) : Optional.empty();
    }

    private boolean hasNoFault(Optional<Rejected> fault) {
        firstFault = firstFault.or(() -> fault);
        return fault.isEmpty();
    }

    private boolean signs(Candidate issuer, ParsedCertificate subject) {
        if (signatureChecks >= SIGNATURE_CHECKS_MAX) {
            return false;
        }
        signatureChecks++;
        return known.isSigned(subject, issuer.certificate());
    }

    private Stream<Candidate> candidates(List<ParsedCertificate> path) {
        ParsedCertificate subject = path.getLast();
        return Stream.concat(
                        anchors.stream().map(anchor -> new Candidate(anchor, true)),
                        intermediates.stream().map(presented -> new Candidate(presented, false)))
                .filter(issuer -> subject.isNamedIssuer(issuer.certificate()))
                .filter(issuer -> isNew(path, issuer.certificate()))
                .sorted(Comparator.comparing(issuer -> subject.hintOf(issuer.certificate())));
    }

    private static boolean isNew(List<ParsedCertificate> path, ParsedCertificate issuer) {
        return path.stream().noneMatch(seen -> seen.sha256().equals(issuer.sha256()));
    }

    private static Rejected noPath() {
        return new Rejected(
                RejectReason.NO_PATH, "chain: leads to no root of its trust domain (expected: one we accept)");
    }

    private record Candidate(ParsedCertificate certificate, boolean isAnchor) {}
}
