package io.beringia.trust.issuance;

import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.pki.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Records an issuance server in its ledger. In strict mode a certificate waits until its entry lasts. Any thread;
 * callers may wait.
 */
public final class IssuanceLedger implements IssuanceRecord {
    /** A sync takes milliseconds; a disk that takes longer has failed, and callers come again. */
    private static final Duration SYNC_MAX = Duration.ofSeconds(5);

    /** The first half of a SHA-256 tells certificates apart. */
    private static final int FINGERPRINT_BYTES = 16;

    private static final int REQUESTED_CHARS_MAX = 256;

    /** Of those who proved nothing, for each reason: 200 MB a day at most. */
    private static final Rate STRANGERS = new Rate(1_000, 10);

    private final Ledger ledger;
    private final LedgerMode mode;
    private final InstantSource clock;
    private final Rates strangers = new Rates(STRANGERS);

    public IssuanceLedger(Ledger ledger, LedgerMode mode, InstantSource clock) {
        this.ledger = ledger;
        this.mode = mode;
        this.clock = clock;
    }

    @Override
    public boolean issued(Caller caller, SpiffeId id, X509Certificate leaf, X509Certificate root, long generation) {
        LedgerEvent event = signed(caller.id(), id, leaf, root, generation);
        return record(ofPod(
                caller.instance()
                        .map(one -> event.with(Field.INSTANCE, HexFormat.of().parseHex(one)))
                        .orElse(event),
                Optional.of(caller)));
    }

    @Override
    public void renewed(SpiffeId own, X509Certificate leaf, X509Certificate root, long generation) {
        ledger.append(signed(own, own, leaf, root, generation));
    }

    private static LedgerEvent signed(
            SpiffeId caller, SpiffeId id, X509Certificate leaf, X509Certificate root, long generation) {
        return LedgerEvent.of(EntryKind.SVID_ISSUED)
                .with(Decision.ALLOW)
                .with(Field.SOURCE_ID, caller.toString())
                .with(Field.REQUESTED_ID, id.toString())
                .with(Field.SOURCE_LEAF, fingerprint(leaf))
                .with(Field.SOURCE_ROOT, fingerprint(root))
                .with(Field.SERIAL, leaf.getSerialNumber().toByteArray())
                .with(Field.NOT_AFTER, leaf.getNotAfter().toInstant().getEpochSecond())
                .with(Field.GENERATION, generation);
    }

    /**
     * Not recorded are those for which nobody looked at who asks, and those of strangers beyond a rate: whoever floods
     * the server would fill the disk, too. The meter counts them all.
     */
    @Override
    public void refused(Refusal why, Optional<Caller> caller, Optional<String> requested) {
        boolean floods = why == Refusal.BUSY || why == Refusal.TOO_OFTEN;
        if (floods || caller.isEmpty() && !strangers.take(why.word(), clock.instant())) {
            return;
        }
        LedgerEvent event =
                LedgerEvent.of(EntryKind.ISSUANCE_REFUSED).with(Decision.DENY).with(Field.REASON, why.word());
        if (caller.isPresent()) {
            event = event.with(Field.SOURCE_ID, caller.get().id().toString());
        }
        if (requested.isPresent()) {
            event = event.with(Field.REQUESTED_ID, shown(requested.get()));
        }
        ledger.append(ofPod(event, caller));
    }

    /** What the caller wrote, if it is plain and short; else as much of it as is. */
    private static String shown(String requested) {
        return requested
                .chars()
                .limit(REQUESTED_CHARS_MAX)
                .map(c -> c > 0x20 && c < 0x7f ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void published(TrustBundles bundles) {
        bundles.roots()
                .forEach((domain, roots) ->
                        roots.forEach(one -> ledger.append(LedgerEvent.of(EntryKind.BUNDLE_PUBLISHED)
                                .with(Field.GENERATION, bundles.generation())
                                .with(Field.SOURCE_ID, "spiffe://" + domain)
                                .with(Field.SOURCE_ROOT, fingerprint(one)))));
    }

    /** Lists by name, whose digest no entry could hold; the denylist by its size and, with all of it, in the digest. */
    @Override
    public void refuses(Revocations revocations) {
        ledger.append(LedgerEvent.of(EntryKind.REVOCATIONS)
                .with(Field.GENERATION, revocations.generation())
                .with(Field.PAYLOAD, revocations.summary().getBytes(StandardCharsets.UTF_8))
                .with(
                        Field.PAYLOAD_SHA256,
                        HexFormat.of()
                                .parseHex(Fingerprint.sha256(revocations.text().getBytes(StandardCharsets.UTF_8)))));
    }

    /** Once a minute and domain at most. */
    @Override
    public void fetched(Fetch fetch) {
        LedgerEvent event = LedgerEvent.of(EntryKind.FEDERATION_FETCH)
                .with(Field.SOURCE_ID, "spiffe://" + fetch.trustDomain())
                .with(Field.REASON, fetch.outcome().word());
        ledger.append(fetch.sequence()
                .map(sequence -> event.with(Field.GENERATION, sequence))
                .orElse(event));
    }

    /** Said by the callers themselves, and again and again: no entry of its own. */
    @Override
    public void inForce(Caller caller, byte[] sha256) {}

    private static LedgerEvent ofPod(LedgerEvent event, Optional<Caller> caller) {
        return caller.flatMap(Caller::pod)
                .map(pod -> event.with(Field.POD_UID, pod.uid()))
                .orElse(event);
    }

    private boolean record(LedgerEvent event) {
        if (mode == LedgerMode.DEFAULT) {
            ledger.append(event);
            return true;
        }
        return ledger.write(event, SYNC_MAX).isPresent();
    }

    private static byte[] fingerprint(X509Certificate certificate) {
        try {
            byte[] whole = HexFormat.of().parseHex(Fingerprint.sha256(certificate.getEncoded()));
            return Arrays.copyOf(whole, FINGERPRINT_BYTES);
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("certificate: cannot be encoded again", impossible);
        }
    }
}
