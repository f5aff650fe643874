package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Issuer;

/** The gates that look at those who sign. */
final class IssuerGates {
    private IssuerGates() {}

    static void handedOut(Look look) {
        for (Issuer issuer : look.seen.issuers()) {
            if (look.obeys(issuer)) {
                look.lacksUnless(
                        issuer.handsOut().equals(look.phase.published()), issuer.name(), Lack.OTHER_HANDED_OUT);
            }
        }
    }

    static void signers(Look look) {
        for (Issuer issuer : look.seen.issuers()) {
            if (look.obeys(issuer)) {
                look.lacksUnless(
                        issuer.signs().equals(look.phase.signer(issuer.cluster())), issuer.name(), Lack.OTHER_SIGNER);
            }
        }
    }

    static void serving(Look look) {
        for (Issuer issuer : look.seen.issuers()) {
            look.lacksUnless(look.isFresh(issuer.seenAt()), issuer.name(), Lack.UNSEEN);
            look.lacksUnless(issuer.serves().equals(look.phase.staying()), issuer.name(), Lack.OTHER_SERVING);
        }
    }
}
