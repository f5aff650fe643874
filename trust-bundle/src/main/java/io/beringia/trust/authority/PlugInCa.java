package io.beringia.trust.authority;

import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What istiod signs with as an intermediate CA: the files of its Secret {@code cacerts}. Immutable; never shows its key.
 *
 * @see <a href="https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/">Istio, plug in CA
 *     certificates</a>
 */
public final class PlugInCa {
    public static final String CERTIFICATE = "ca-cert.pem";
    public static final String KEY = "ca-key.pem";
    public static final String CHAIN = "cert-chain.pem";
    public static final String ROOTS = "root-cert.pem";

    /** Revocation lists, which may be left out. */
    public static final String LISTS = "ca-crl.pem";

    /** All of them or none: istiod does not start with some, and makes itself a root with none. */
    public static final List<String> FILES = List.of(CERTIFICATE, KEY, CHAIN, ROOTS);

    private final Map<String, String> files;
    private final X509Certificate certificate;
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final List<X509Certificate> roots;
    private final List<ParsedCrl> lists;

    private PlugInCa(Map<String, String> files) {
        this.files = new TreeMap<>(files);
        this.certificate = Pem.certificates(file(CERTIFICATE)).getFirst();
        this.key = plainKey(file(KEY));
        this.chain = Pem.certificates(file(CHAIN));
        this.roots = Pem.certificates(file(ROOTS));
        this.lists = ParsedCrl.parseAll(files.getOrDefault(LISTS, "").getBytes(StandardCharsets.US_ASCII));
    }

    /** An encrypted one is nothing for istiod. */
    private static PrivateKey plainKey(String text) {
        try {
            return Pem.privateKey(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(KEY + ": " + e.getMessage(), e);
        }
    }

    /**
     * Throws {@link IllegalArgumentException} where one of {@link #FILES} is missing or not PEM, or {@link #LISTS} are there
     * and not to be used.
     */
    public static PlugInCa of(Map<String, String> files) {
        return new PlugInCa(files);
    }

    /** The text of each file, by its name. */
    public Map<String, String> files() {
        return Map.copyOf(files);
    }

    /** The SHA-256 of each file in hexadecimal, by its name. */
    public Map<String, String> checksums() {
        return checksums(files);
    }

    static Map<String, String> checksums(Map<String, String> files) {
        Map<String, String> checksums = new TreeMap<>();
        files.forEach(
                (name, text) -> checksums.put(name, Fingerprint.sha256(text.getBytes(StandardCharsets.US_ASCII))));
        return checksums;
    }

    /** The one that signs. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The DER of all roots, whatever their order. */
    Set<String> rootSet() {
        return setOf(roots);
    }

    /** The DER of certificates in hexadecimal: equal for equal sets. */
    static Set<String> setOf(Collection<X509Certificate> certificates) {
        return certificates.stream()
                .map(X509::encoded)
                .map(der -> HexFormat.of().formatHex(der))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Everything for which istiod would refuse these files, or sign what nobody believes, at {@code now}. */
    public List<String> problems(Instant now) {
        List<String> problems = new ArrayList<>();
        if (certificate.getBasicConstraints() < 0) {
            problems.add(CERTIFICATE + ": no CA (expected: basic constraints CA)");
        }
        if (parsed(certificate).isSignedBy(parsed(certificate))) {
            problems.add(CERTIFICATE + ": a root (expected: an intermediate, root keys stay out of clusters)");
        }
        if (!KeyPairs.belongTogether(certificate.getPublicKey(), key)) {
            problems.add(KEY + ": another key (expected: the key of " + CERTIFICATE + ")");
        }
        if (!chain.getFirst().equals(certificate)) {
            problems.add(CHAIN + ": begins with another certificate (expected: with " + CERTIFICATE + ")");
        }
        if (!leadsToARoot()) {
            problems.add(CHAIN + ": leads to no root (expected: to one in " + ROOTS + ")");
        }
        chain.stream()
                .filter(each -> !CertificateLint.allowsBothEnds(parsed(each)))
                .forEach(each -> problems.add(
                        CHAIN + ": " + each.getSubjectX500Principal() + ": " + CertificateLint.ONE_END_ONLY));
        outdated(CHAIN, chain, now, problems);
        outdated(ROOTS, roots, now, problems);
        if (files.containsKey(LISTS)) {
            chain.forEach(issuer -> unlisted(issuer, now).ifPresent(problems::add));
        }
        return List.copyOf(problems);
    }

    /** istiod takes the lists of every certificate of the chain or nothing at all. */
    private Optional<String> unlisted(X509Certificate issuer, Instant now) {
        ParsedCertificate parsed = parsed(issuer);
        List<ParsedCrl> own = lists.stream()
                .filter(list -> list.isOf(parsed.subject()) && list.isSignedBy(parsed.publicKey()))
                .toList();
        if (own.isEmpty()) {
            return Optional.of(LISTS + ": no list of " + issuer.getSubjectX500Principal()
                    + " (expected: one of each certificate in " + CHAIN + ", or istiod takes none of the files)");
        }
        return own.stream().allMatch(list -> now.isAfter(list.nextUpdate()))
                ? Optional.of(LISTS + ": " + own.getFirst().name() + " is overdue since "
                        + own.getFirst().nextUpdate() + " (expected: the next one)")
                : Optional.empty();
    }

    private boolean leadsToARoot() {
        ParsedCertificate last = parsed(certificate);
        for (X509Certificate next : chain.subList(1, chain.size())) {
            if (roots.contains(next)) {
                break;
            }
            if (!last.isSignedBy(parsed(next))) {
                return false;
            }
            last = parsed(next);
        }
        ParsedCertificate end = last;
        return roots.stream().anyMatch(root -> end.isSignedBy(parsed(root)));
    }

    private static void outdated(String file, List<X509Certificate> all, Instant now, List<String> problems) {
        for (X509Certificate each : all) {
            if (now.isBefore(each.getNotBefore().toInstant())
                    || now.isAfter(each.getNotAfter().toInstant())) {
                problems.add(file + ": " + each.getSubjectX500Principal() + " is valid from "
                        + each.getNotBefore().toInstant() + " to "
                        + each.getNotAfter().toInstant()
                        + " (expected: now)");
            }
        }
    }

    private static ParsedCertificate parsed(X509Certificate certificate) {
        return ParsedCertificate.parse(X509.encoded(certificate));
    }

    private String file(String name) {
        String text = files.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + ": missing (expected: " + String.join(", ", FILES) + ")");
        }
        return text;
    }

    @Override
    public String toString() {
        return "PlugInCa[" + certificate.getSubjectX500Principal() + "]";
    }
}
