package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.pki.ParsedCertificate;
import java.time.Instant;
import java.util.Optional;

/** Whether a certificate is valid at a moment; both ends belong to it (RFC 5280, section 4.1.2.5). Pure. */
final class Validity {
    private Validity() {}

    static Optional<Rejected> fault(ParsedCertificate certificate, String what, Instant now) {
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of(new Rejected(
                    RejectReason.NOT_YET_VALID,
                    what + ": valid from " + certificate.notBefore() + " (expected: <= " + now + ")"));
        }
        return now.isAfter(certificate.notAfter())
                ? Optional.of(new Rejected(
                        RejectReason.EXPIRED,
                        what + ": valid until " + certificate.notAfter() + " (expected: >= " + now + ")"))
                : Optional.empty();
    }
}
