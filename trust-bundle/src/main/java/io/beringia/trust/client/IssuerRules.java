package io.beringia.trust.client;

import io.beringia.trust.identity.Excerpt;
import io.beringia.trust.identity.IssuerLimit;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.VirtualConstraints;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.ParsedCertificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * For whom the CAs of a path may speak: by {@code L} of their subjects, which the root signed, and by what an operator says of
 * their keys and of the trust domain. Pure.
 *
 * <p>A leaf is of the cluster of its issuer's line, else of its issuer's {@code L}, else of that which a line of a CA above or of
 * the trust domain says. Where they say another one they contradict, and so does an {@code L} above, unless the issuer has a line
 * with a cluster: one above may be a place. A root's {@code L} counts for nothing.
 */
record IssuerRules(VirtualConstraints constraints) {

    /**
     * What follows for a leaf.
     *
     * @param cluster whose it is
     * @param fault why no issuer of the path may speak for it
     */
    record Spoken(Optional<String> cluster, Optional<Rejected> fault) {}

    /** One CA: what is said of it, and the cluster that its own subject names. */
    private record Issuer(Optional<IssuerLimit> limit, Optional<String> named) {
        private Optional<String> line() {
            return limit.flatMap(IssuerLimit::cluster);
        }
    }

    /** {@code path}: leaf first, root last. */
    Spoken judge(SpiffeId id, List<ParsedCertificate> path) {
        List<Issuer> issuers = IntStream.range(1, path.size())
                .mapToObj(i -> issuer(path.get(i), i == path.size() - 1))
                .toList();
        Optional<IssuerLimit> domain = constraints.ofDomain(id.trustDomain());
        Optional<String> cluster = cluster(issuers, domain);
        Optional<Rejected> fault = Stream.concat(issuers.stream().flatMap(one -> one.limit().stream()), domain.stream())
                .flatMap(limit -> limit.exceededBy(id).stream())
                .findFirst()
                .or(() -> contradiction(id, cluster, issuers, domain))
                .or(() -> unbound(id, cluster, issuers.getFirst(), domain))
                .map(why -> new Rejected(RejectReason.VIRTUAL_CONSTRAINT, "issuer: speaks for " + why));
        return new Spoken(cluster, fault);
    }

    private Issuer issuer(ParsedCertificate ca, boolean isRoot) {
        Optional<IssuerLimit> limit =
                constraints.keys().isEmpty() ? Optional.empty() : constraints.ofKey(Fingerprint.sha256(ca.publicKey()));
        Optional<String> named =
                isRoot ? Optional.empty() : ca.localities().stream().findFirst();
        return new Issuer(limit, named);
    }

    private static Stream<String> lines(List<Issuer> issuers, Optional<IssuerLimit> domain) {
        return Stream.concat(issuers.stream().flatMap(one -> one.limit().stream()), domain.stream())
                .flatMap(limit -> limit.cluster().stream());
    }

    private static Optional<String> cluster(List<Issuer> issuers, Optional<IssuerLimit> domain) {
        Issuer issuer = issuers.getFirst();
        return issuer.line().or(issuer::named).or(() -> lines(issuers, domain).findFirst());
    }

    private static Optional<String> contradiction(
            SpiffeId id, Optional<String> cluster, List<Issuer> issuers, Optional<IssuerLimit> domain) {
        boolean isSaidByName = issuers.getFirst().line().isEmpty();
        Stream<String> names = isSaidByName ? issuers.stream().flatMap(one -> one.named().stream()) : Stream.empty();
        Stream<String> said = Stream.concat(lines(issuers, domain), names);
        return cluster.flatMap(own -> said.filter(other -> !other.equals(own))
                .findFirst()
                .map(other -> id + " of cluster " + Excerpt.of(own) + " (expected: of " + Excerpt.of(other) + ")"));
    }

    private static Optional<String> unbound(
            SpiffeId id, Optional<String> cluster, Issuer issuer, Optional<IssuerLimit> domain) {
        return cluster.isPresent() || issuer.limit().isPresent() || domain.isPresent()
                ? Optional.empty()
                : Optional.of(id + " of no cluster (expected: L in its subject, or a line of its key or trust domain)");
    }
}
