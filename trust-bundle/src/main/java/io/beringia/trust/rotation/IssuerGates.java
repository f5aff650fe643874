package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Issuer;
import java.util.Set;

/** The gates that look at those who sign. */
final class IssuerGates {
    private IssuerGates() {}

    static void handedOut(Look look) {
        Set<RootId> published = look.phase.published();
        for (Issuer issuer : look.seen.issuers()) {
            if (look.obeys(issuer, issuer.generation())) {
                look.lacksUnless(issuer.handsOut().equals(published), issuer.name(), Lack.OTHER_HANDED_OUT);
            }
        }
    }

    static void signers(Look look) {
        for (Issuer issuer : look.seen.issuers()) {
            if (look.obeys(issuer, issuer.generation())) {
                look.lacksUnless(
                        issuer.signs().equals(look.phase.signer(issuer.cluster())), issuer.name(), Lack.OTHER_SIGNER);
            }
        }
    }

    static void serving(Look look) {
        RootId staying = look.phase.staying();
        for (Issuer issuer : look.seen.issuers()) {
            if (look.obeys(issuer, issuer.servesGeneration())) {
                look.lacksUnless(issuer.serves().equals(staying), issuer.name(), Lack.OTHER_SERVING);
            }
        }
    }
}
