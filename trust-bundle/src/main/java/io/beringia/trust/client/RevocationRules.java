package io.beringia.trust.client;

import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.pki.CertificateExtensions;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.ParsedCertificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the denylist and the revocation lists say of a path that is good otherwise. Pure.
 *
 * <p>A list counts for the certificates of an issuer whose name it bears and whose key signed it. What it takes back stays
 * taken back when its next update is overdue; of all others it says nothing any more then.
 */
record RevocationRules(Revocations revocations, Instant now) {

    /** Why the path, leaf first and root last, is refused. */
    Optional<Rejected> fault(SpiffeId id, List<ParsedCertificate> path) {
        return revocations.refuseNobody() ? Optional.empty() : denied(id, path).or(() -> takenBack(path));
    }

    private Optional<Rejected> denied(SpiffeId id, List<ParsedCertificate> path) {
        Denylist denylist = revocations.denylist();
        if (denylist.ids().contains(id)) {
            return Optional.of(denied(id.toString()));
        }
        return path.stream()
                .filter(each -> denies(denylist, each))
                .findFirst()
                .map(each -> denied("certificate " + hex(each)));
    }

    private static boolean denies(Denylist denylist, ParsedCertificate each) {
        return denylist.certificates().contains(each.sha256())
                || denylist.serials().contains(each.serial())
                || !denylist.keys().isEmpty() && denylist.keys().contains(Fingerprint.sha256(each.publicKey()));
    }

    private static Rejected denied(String what) {
        return new Rejected(RejectReason.DENIED, "denylist: holds " + what + " (expected: nothing of this chain)");
    }

    /** A certificate that was taken back says more than one of which nothing is known. */
    private Optional<Rejected> takenBack(List<ParsedCertificate> path) {
        List<Status> statuses = IntStream.range(0, path.size() - 1)
                .mapToObj(i -> status(path.get(i), path.get(i + 1), i + 1 == path.size() - 1))
                .toList();
        return first(statuses, Status.TakenBack.class)
                .map(it -> new Rejected(RejectReason.REVOKED, it.by() + ": takes back " + it.what()))
                .or(() -> revocations.policy() == CrlPolicy.OPEN
                        ? Optional.empty()
                        : first(statuses, Status.Unknown.class)
                                .map(it -> new Rejected(
                                        RejectReason.REVOCATION_UNKNOWN, it.why() + " (expected: a list in force)")));
    }

    private static <S> Optional<S> first(List<Status> statuses, Class<S> kind) {
        return statuses.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** What is known of one certificate. */
    private sealed interface Status {
        /** A list in force does not hold it. */
        record Listed() implements Status {}

        record TakenBack(String by, String what) implements Status {}

        record Unknown(String why) implements Status {}
    }

    private Status status(ParsedCertificate certificate, ParsedCertificate issuer, boolean isRoot) {
        byte[] name = issuer.subject();
        List<RevocationList> named =
                revocations.lists().stream().filter(it -> it.isOf(name)).toList();
        if (named.isEmpty()) {
            return new Status.Unknown("certificate " + hex(certificate) + ": no CRL of its issuer");
        }
        if (!isRoot && !maySignLists(issuer)) {
            return new Status.Unknown(named.getFirst().name() + ": its issuer's key usage is without cRLSign");
        }
        byte[] key = issuer.publicKey();
        List<RevocationList> signed =
                named.stream().filter(it -> it.isSignedBy(key)).toList();
        if (signed.isEmpty()) {
            return new Status.Unknown(named.getFirst().name() + ": not signed by its issuer");
        }
        return said(certificate, signed);
    }

    private Status said(ParsedCertificate certificate, List<RevocationList> signed) {
        Optional<RevocationList> against =
                signed.stream().filter(it -> it.takesBack(certificate.serial())).findFirst();
        if (against.isPresent()) {
            return new Status.TakenBack(against.get().name(), "certificate " + hex(certificate));
        }
        return signed.stream().anyMatch(it -> !now.isAfter(it.nextUpdate()))
                ? new Status.Listed()
                : new Status.Unknown(signed.getFirst().name() + ": overdue since "
                        + signed.getFirst().nextUpdate());
    }

    /**
     * RFC 5280, 6.3.3 (f). A root is our own choice and not asked, as in ztunnel: Istio's own Makefile makes roots
     * without cRLSign.
     */
    private static boolean maySignLists(ParsedCertificate issuer) {
        return issuer.extensions()
                .keyUsage()
                .filter(CertificateExtensions.Usage::crlSign)
                .isPresent();
    }

    private static String hex(ParsedCertificate certificate) {
        return "with serial " + certificate.serial().toString(16);
    }
}
