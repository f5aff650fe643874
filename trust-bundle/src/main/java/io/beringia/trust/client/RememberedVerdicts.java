package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Verified;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.pki.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link SpiffeVerifier}, asked once for a chain and not again while it would say the same: byte for byte the same
 * chain, in the same role, under the very same bundles, and before any certificate that was looked at begins or ends. Only
 * {@link Verified} is remembered, and of the CAs above it what {@link KnownIssuers} says. Whoever shows a chain must still prove in each handshake that it holds the leaf's key;
 * that is never remembered. Any thread.
 */
public final class RememberedVerdicts implements PeerVerifier {
    /** Of each of the two shelves; some 400 bytes each. */
    private static final int SHELF_MAX = 2_048;

    private final int shelfMax;
    private volatile Shelves shelves = Shelves.empty();

    /** Of the newest bundles that were asked about: others forget them. */
    private volatile KnownIssuers issuers = new KnownIssuers(TrustBundles.EMPTY);

    public RememberedVerdicts() {
        this(SHELF_MAX);
    }

    RememberedVerdicts(int shelfMax) {
        this.shelfMax = shelfMax;
    }

    /** A verdict and all that it depends on beside the chain and the role. */
    private record Known(Verified verdict, TrustBundles bundles, Instant from, Instant until) {
        @SuppressWarnings("ReferenceEquality") // to compare all roots would cost more than it saves
        private boolean answers(TrustBundles asked, Instant now) {
            return bundles == asked && !now.isBefore(from) && !now.isAfter(until);
        }
    }

    /** What was asked for lately, and what before that; the older shelf goes when the newer one is full. */
    private record Shelves(Map<String, Known> newer, Map<String, Known> older) {
        private static Shelves empty() {
            return new Shelves(new ConcurrentHashMap<>(), Map.of());
        }

        private Optional<Known> find(String question) {
            return Optional.ofNullable(newer.get(question)).or(() -> Optional.ofNullable(older.get(question)));
        }
    }

    @Override
    public PeerVerdict verify(List<byte[]> chain, PeerRole role, TrustBundles bundles, Instant now) {
        try {
            return SpiffeVerifier.isWithinLimits(chain)
                    ? recall(Fingerprint.sha256(chain) + role, chain, role, bundles, now)
                    : new SpiffeVerifier().verify(chain, role, bundles, now);
        } catch (RuntimeException bug) {
            return new PeerVerdict.Rejected(
                    RejectReason.INTERNAL, bug.getClass().getSimpleName());
        }
    }

    private PeerVerdict recall(String question, List<byte[]> chain, PeerRole role, TrustBundles bundles, Instant now) {
        Optional<Known> known = shelves.find(question).filter(it -> it.answers(bundles, now));
        if (known.isPresent()) {
            keep(question, known.get());
            return known.get().verdict();
        }
        SpiffeVerifier.Judgement judged = SpiffeVerifier.judge(chain, role, issuersOf(bundles), now);
        if (judged.verdict() instanceof Verified verified) {
            keep(question, new Known(verified, bundles, now, judged.until()));
        }
        return judged.verdict();
    }

    @SuppressWarnings("ReferenceEquality") // of the very same bundles, as each verdict
    private KnownIssuers issuersOf(TrustBundles bundles) {
        KnownIssuers known = issuers;
        if (known.bundles() != bundles) {
            known = new KnownIssuers(bundles);
            issuers = known;
        }
        return known;
    }

    private void keep(String question, Known known) {
        Shelves seen = shelves;
        if (seen.newer().size() >= shelfMax && !seen.newer().containsKey(question)) {
            // Two at once lose a shelf, which is asked for again.
            shelves = new Shelves(new ConcurrentHashMap<>(), seen.newer());
        }
        shelves.newer().put(question, known);
    }

    /** How many verdicts are remembered. */
    int size() {
        Shelves now = shelves;
        return now.newer().size() + now.older().size();
    }
}
