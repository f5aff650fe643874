package io.beringia.trust.client;

import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.X509;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What chains under one {@link TrustBundles} have in common: its roots and the CAs below them, read once, and whose key signed
 * which. Facts about octets alone, byte for byte the same ones; what the rules say of a certificate is asked each time anew.
 * Only a CA on a good path is remembered, so that nobody without one of ours fills it. Any thread.
 */
final class KnownIssuers {
    /** Some 4 KiB each. A mesh has one or two in each cluster; beyond, all are read anew. */
    private static final int CAS_MAX = 256;

    private final TrustBundles bundles;
    private final int casMax;
    private final Map<TrustDomain, List<ParsedCertificate>> anchors = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, ParsedCertificate> cas = new ConcurrentHashMap<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    KnownIssuers(TrustBundles bundles) {
        this(bundles, CAS_MAX);
    }

    KnownIssuers(TrustBundles bundles, int casMax) {
        this.bundles = bundles;
        this.casMax = casMax;
    }

    /** That one certificate is signed by the key of another; both by their SHA-256. */
    private record Link(String subject, String issuer) {
        private static Link of(ParsedCertificate subject, ParsedCertificate issuer) {
            return new Link(subject.sha256(), issuer.sha256());
        }
    }

    TrustBundles bundles() {
        return bundles;
    }

    /** The leaf anew, the others as they are known. */
    List<ParsedCertificate> parse(List<byte[]> chain) {
        List<ParsedCertificate> parsed = new ArrayList<>(chain.size());
        for (byte[] der : chain) {
            parsed.add(parsed.isEmpty() ? ParsedCertificate.parse(der) : ca(der));
        }
        return parsed;
    }

    private ParsedCertificate ca(byte[] der) {
        return Optional.ofNullable(cas.get(ByteBuffer.wrap(der))).orElseGet(() -> ParsedCertificate.parse(der));
    }

    /** A root that we cannot read strictly trusts nobody; the other roots of its domain still do. */
    List<ParsedCertificate> anchors(TrustDomain domain) {
        List<X509Certificate> roots = bundles.rootsOf(domain);
        return roots.isEmpty() ? List.of() : anchors.computeIfAbsent(domain, _ -> readable(roots));
    }

    private static List<ParsedCertificate> readable(List<X509Certificate> roots) {
        return roots.stream()
                .map(X509::encoded)
                .map(KnownIssuers::tryParse)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<ParsedCertificate> tryParse(byte[] der) {
        try {
            return Optional.of(ParsedCertificate.parse(der));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** True where the key of {@code issuer} made the signature of {@code subject}. */
    boolean isSigned(ParsedCertificate subject, ParsedCertificate issuer) {
        return !links.isEmpty() && links.contains(Link.of(subject, issuer)) || subject.isSignedBy(issuer);
    }

    /** A path that was found good: leaf first, root last. */
    void remember(List<ParsedCertificate> path) {
        for (int i = 1; i + 1 < path.size(); i++) {
            ParsedCertificate ca = path.get(i);
            Link link = Link.of(ca, path.get(i + 1));
            if (!links.contains(link)) {
                if (links.size() >= casMax) {
                    forget();
                }
                links.add(link);
                cas.put(ByteBuffer.wrap(ca.octets()), ca);
            }
        }
    }

    private void forget() {
        cas.clear();
        links.clear();
    }

    /** How many CAs are known. */
    int size() {
        return cas.size();
    }
}
