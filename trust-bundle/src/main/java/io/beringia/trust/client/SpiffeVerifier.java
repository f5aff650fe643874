package io.beringia.trust.client;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerdict.Rejected;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.pki.ParsedCertificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@link PeerVerifier} of SPIFFE rules. Any thread; keeps nothing between two calls.
 *
 * <p>Looks at no more than 6 certificates of 16 KiB, 64 KiB together, and 16 signatures; asks nobody over a network.
 * A path ends in a root of the leaf's own trust domain or nowhere.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X509-SVID, section 5</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280, section 6</a>
 */
public final class SpiffeVerifier implements PeerVerifier {
    /** Leaf, up to four CAs and one spare: more is an attack on our time. */
    private static final int CERTIFICATES_MAX = 6;

    /** Ten times the largest honest certificate. */
    private static final int CERTIFICATE_BYTES_MAX = 16 * 1024;

    private static final int CHAIN_BYTES_MAX = 64 * 1024;

    /**
     * A verdict, and how long it stands.
     *
     * @param until the last moment from now on at which the same question has the same answer
     */
    record Judgement(PeerVerdict verdict, Instant until) {}

    @Override
    public PeerVerdict verify(List<byte[]> chain, PeerRole role, TrustBundles bundles, Instant now) {
        return judge(chain, role, new KnownIssuers(bundles), now).verdict();
    }

    /** {@code known} are of the bundles that decide. */
    static Judgement judge(List<byte[]> chain, PeerRole role, KnownIssuers known, Instant now) {
        try {
            return isWithinLimits(chain)
                    ? judgeParsed(known.parse(chain), role, known, now)
                    : refused(
                            RejectReason.TOO_LARGE,
                            "chain: " + chain.size() + " certificates (expected: "
                                    + "1 to 6 of <= 16 KiB, <= 64 KiB together)",
                            now);
        } catch (IllegalArgumentException malformed) {
            return refused(RejectReason.MALFORMED, messageOf(malformed), now);
        } catch (RuntimeException | StackOverflowError bug) {
            return refused(RejectReason.INTERNAL, bug.getClass().getSimpleName(), now);
        }
    }

    private static Judgement refused(RejectReason reason, String detail, Instant now) {
        return new Judgement(new Rejected(reason, detail), now);
    }

    private static Judgement judgeParsed(
            List<ParsedCertificate> chain, PeerRole role, KnownIssuers known, Instant now) {
        ParsedCertificate leaf = chain.getFirst();
        TrustBundles bundles = known.bundles();
        return switch (LeafRules.identify(leaf, role, now)) {
            case LeafRules.Refused(Rejected rejected) -> new Judgement(rejected, now);
            case LeafRules.Named(SpiffeId id) -> {
                List<ParsedCertificate> anchors = known.anchors(id.trustDomain());
                yield anchors.isEmpty()
                        ? refused(RejectReason.UNKNOWN_TRUST_DOMAIN, "no root of " + id.trustDomain(), now)
                        : new Judgement(
                                verdict(new PathRules(id, role, bundles.revocations(), now), known, chain, anchors),
                                unchangedUntil(
                                        now, Stream.concat(chain.stream(), anchors.stream()), bundles.revocations()));
            }
        };
    }

    /** A verdict depends on the time only through who of these is valid, on the path or not, and which lists are. */
    private static Instant unchangedUntil(Instant now, Stream<ParsedCertificate> looked, Revocations revocations) {
        Stream<Instant> validities =
                looked.flatMap(one -> Stream.of(one.notBefore().minusNanos(1), one.notAfter()));
        Stream<Instant> lists = revocations.lists().stream().map(RevocationList::nextUpdate);
        return Stream.concat(validities, lists)
                .filter(end -> !end.isBefore(now))
                .min(Instant::compareTo)
                .orElse(now);
    }

    private static PeerVerdict verdict(
            PathRules rules, KnownIssuers known, List<ParsedCertificate> chain, List<ParsedCertificate> anchors) {
        PathSearch search = new PathSearch(rules, known, chain.subList(1, chain.size()), anchors);
        return switch (search.from(chain.getFirst())) {
            case PathSearch.NotFound(Rejected why) -> why;
            case PathSearch.Found(List<ParsedCertificate> path) -> {
                known.remember(path);
                yield verified(rules, path, known.bundles().generation());
            }
        };
    }

    private static PeerVerdict verified(PathRules rules, List<ParsedCertificate> path, long generation) {
        IssuerRules.Spoken spoken = rules.spoken(path);
        return new PeerVerdict.Verified(
                rules.id(),
                spoken.cluster(),
                path.getFirst().sha256(),
                path.getLast().sha256(),
                generation,
                path.stream()
                        .map(ParsedCertificate::notAfter)
                        .min(Instant::compareTo)
                        .orElseThrow(),
                spoken.fault());
    }

    static boolean isWithinLimits(List<byte[]> chain) {
        return !chain.isEmpty()
                && chain.size() <= CERTIFICATES_MAX
                && chain.stream().allMatch(der -> der.length <= CERTIFICATE_BYTES_MAX)
                && chain.stream().mapToLong(der -> der.length).sum() <= CHAIN_BYTES_MAX;
    }

    private static String messageOf(IllegalArgumentException malformed) {
        String message = malformed.getMessage();
        return message == null ? "certificate: unreadable (expected: DER of RFC 5280)" : message;
    }
}
