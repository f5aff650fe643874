package io.beringia.trust.rotator;

import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerProver;
import io.beringia.trust.ledger.WriteResult;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** A rotation in the issuance ledger: written there, and what was issued before read from it. One thread. */
record RotationNotes(Ledger ledger, TrustDomain domain) {
    /** A sync takes milliseconds; a disk that takes longer has failed, and is tried again. */
    private static final Duration SYNC_MAX = Duration.ofSeconds(5);

    /**
     * Where the rotation stands and on which evidence; the number of the entry once it lasts, empty where it does not yet
     * or not at all.
     */
    Optional<Long> write(EntryKind kind, RotationState state, String evidence) {
        LedgerEvent event = of(kind, state)
                .with(Field.REASON, state.phase().word())
                .with(Field.ACTOR, state.by())
                .with(Field.PAYLOAD, RotationText.write(state).getBytes(StandardCharsets.UTF_8))
                .with(
                        Field.PAYLOAD_SHA256,
                        HexFormat.of().parseHex(Fingerprint.sha256(evidence.getBytes(StandardCharsets.UTF_8))));
        return ledger.write(event, SYNC_MAX).map(WriteResult.Written::index);
    }

    /**
     * What was not done, who wanted it and why it was refused. Not waited for: a refusal changes nothing.
     *
     * @param cluster for which he spoke
     */
    void refused(String by, String cluster, String word, String sentence, RotationState state) {
        ledger.append(of(EntryKind.ROTATION_REFUSED, state)
                .with(Field.REASON, word)
                .with(Field.ACTOR, by)
                .with(Field.PEER, cluster)
                .with(Field.PAYLOAD, sentence.getBytes(StandardCharsets.UTF_8)));
    }

    /** Who signs from here on; throws where that does not last. */
    void signs(X509Certificate intermediate, RotationState state) throws IOException {
        LedgerEvent event = of(EntryKind.INTERMEDIATE, state)
                .with(Field.SERIAL, intermediate.getSerialNumber().toByteArray())
                .with(Field.NOT_AFTER, intermediate.getNotAfter().toInstant().getEpochSecond())
                .with(Field.PAYLOAD_SHA256, HexFormat.of().parseHex(Fingerprint.sha256(X509.encoded(intermediate))));
        if (ledger.write(event, SYNC_MAX).isEmpty()) {
            throw new IOException("rotation: the ledger takes no entry (expected: a disk that works)");
        }
    }

    private LedgerEvent of(EntryKind kind, RotationState state) {
        return LedgerEvent.of(kind)
                .with(Field.SOURCE_ID, "spiffe://" + domain)
                .with(Field.GENERATION, state.phase().generation())
                .with(Field.EPOCH, state.lead().epoch());
    }

    /** Lists every leaf that was issued since, before entry {@code until}; false while that entry is not served yet. */
    boolean list(Instant since, long until, AdoptionBoard board) throws IOException {
        LedgerProver served;
        try {
            served = LedgerProver.of(ledger.served());
        } catch (IllegalArgumentException noCheckpoint) {
            return false;
        }
        if (served.size() <= until) {
            return false;
        }
        served.newest(since, AdoptionBoard::isLeaf, board::recorded);
        return true;
    }
}
