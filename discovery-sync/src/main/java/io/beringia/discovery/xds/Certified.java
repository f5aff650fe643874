package io.beringia.discovery.xds;

import io.beringia.trust.identity.PeerVerdict;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Of a client that showed a certificate: it must go on proving what the rule asks for. Owned by the client's thread. */
final class Certified implements Admission.Standing {
    private final Supplier<Optional<PeerVerdict>> shown;
    private final Function<PeerVerdict.Verified, Optional<Admission.Verdict.Refused>> rule;
    private Optional<PeerVerdict.Verified> peer = Optional.empty();

    /**
     * @param shown what its certificate proves, whenever that is asked; empty where it showed none
     * @param rule why somebody of that identity is not admitted
     */
    Certified(
            Supplier<Optional<PeerVerdict>> shown,
            Function<PeerVerdict.Verified, Optional<Admission.Verdict.Refused>> rule) {
        this.shown = shown;
        this.rule = rule;
    }

    /** Who it was when that was asked last. */
    Optional<PeerVerdict.Verified> peer() {
        return peer;
    }

    @Override
    public Optional<Admission.Verdict.Refused> byTrust() {
        Optional<PeerVerdict> verdict = shown.get();
        peer = verdict.flatMap(PeerVerdict::verified);
        return verdict.map(this::judged)
                .orElseGet(() -> Optional.of(new Admission.Verdict.Refused(
                        Admission.Refusal.NO_PROOF, "no certificate (expected: an SVID)")));
    }

    private Optional<Admission.Verdict.Refused> judged(PeerVerdict verdict) {
        return switch (verdict) {
            case PeerVerdict.Verified verified -> rule.apply(verified);
            case PeerVerdict.Rejected rejected ->
                Optional.of(new Admission.Verdict.Refused(
                        Admission.Refusal.BAD_CERTIFICATE, Optional.of(rejected.reason()), rejected.detail()));
        };
    }

    /** Costs no signature: the certificate is the one that was judged. */
    @Override
    public Optional<Admission.Verdict.Refused> byCatalog() {
        return peer.flatMap(rule);
    }
}
