package io.beringia.trust.cli;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CertificateLint;
import io.beringia.trust.authority.CertificateLint.Finding;
import io.beringia.trust.authority.CertificateLint.Kind;
import io.beringia.trust.authority.CertificateLint.Level;
import io.beringia.trust.authority.PlugInCa;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Certificates and keys that belong together, such as the files of one folder, and what is to be said of them. Pure. */
final class Inspection {
    private static final String KEY_MARK = "PRIVATE KEY-----";

    private final Map<String, String> texts;
    private final Instant now;
    private final List<Row> rows = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();

    /** One certificate or key; times as ISO 8601. */
    record Row(String file, int index, String kind, String name, String key, String ends) {}

    /** Something to know of one file. */
    record Remark(String level, String file, String what) {}

    /** All that was found. */
    record Found(List<Row> rows, List<Remark> remarks) {
        /** The same, with files that are not as they were written. */
        Found changed(Set<String> drift) {
            List<Remark> more = new ArrayList<>(remarks);
            drift.forEach(file -> more.add(new Remark(
                    Level.ERROR.name(),
                    file,
                    "changed by somebody else since it was written (expected: as we left it)")));
            return new Found(rows, List.copyOf(more));
        }

        boolean hasErrors() {
            return remarks.stream().anyMatch(it -> it.level().equals(Level.ERROR.name()));
        }
    }

    private Inspection(Map<String, String> texts, Instant now) {
        this.texts = texts;
        this.now = now;
    }

    /**
     * @param texts PEM by name
     * @param roots by which workloads are verified; where empty, {@code root-cert.pem} among the texts
     */
    static Found of(Map<String, String> texts, List<X509Certificate> roots, Instant now) {
        Inspection inspection = new Inspection(texts, now);
        List<X509Certificate> accepted = roots.isEmpty() ? inspection.ownRoots() : roots;
        texts.forEach((file, text) -> {
            if (text.contains(KEY_MARK)) {
                inspection.key(file, text);
            } else {
                inspection.chain(file, text, accepted);
            }
        });
        inspection.plugIn();
        inspection.rootInChain();
        return new Found(List.copyOf(inspection.rows), List.copyOf(inspection.remarks));
    }

    private List<X509Certificate> ownRoots() {
        return Optional.ofNullable(texts.get(PlugInCa.ROOTS))
                .map(this::certificates)
                .orElseGet(List::of);
    }

    /** All that are readable. */
    private List<X509Certificate> certificates(String text) {
        try {
            return Pem.certificates(text);
        } catch (IllegalArgumentException unreadable) {
            return List.of();
        }
    }

    private void chain(String file, String text, List<X509Certificate> roots) {
        try {
            List<X509Certificate> chain = Pem.certificates(text);
            for (int i = 0; i < chain.size(); i++) {
                certificate(file, i, chain.get(i));
                repeated(file, i, chain);
            }
            verdict(file, chain, roots);
        } catch (IllegalArgumentException unreadable) {
            remark(Level.ERROR, file, String.valueOf(unreadable.getMessage()));
        }
    }

    private void certificate(String file, int index, X509Certificate certificate) {
        ParsedCertificate parsed = ParsedCertificate.parse(X509.encoded(certificate));
        Kind kind = CertificateLint.kindOf(parsed);
        rows.add(new Row(
                file,
                index,
                kind.name().toLowerCase(Locale.ROOT),
                name(kind, certificate),
                parsed.keyKind().toString(),
                parsed.notAfter().toString()));
        String where = file + "#" + index;
        CertificateLint.of(parsed, now).forEach(finding -> remark(finding, where));
    }

    private void repeated(String file, int index, List<X509Certificate> chain) {
        int first = chain.indexOf(chain.get(index));
        if (first < index) {
            remark(Level.WARNING, file + "#" + index, "the same as #" + first + " (expected: each once)");
        }
    }

    /** As Istio's Makefile writes it. */
    private void rootInChain() {
        List<X509Certificate> roots = ownRoots();
        List<X509Certificate> chain = certificates(texts.getOrDefault(PlugInCa.CHAIN, ""));
        chain.stream()
                .filter(roots::contains)
                .forEach(root -> remark(
                        Level.NOTE,
                        PlugInCa.CHAIN + "#" + chain.indexOf(root),
                        "a root of " + PlugInCa.ROOTS
                                + " (where istiod signs, every handshake carries it and no peer needs it)"));
    }

    private static String name(Kind kind, X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return kind == Kind.WORKLOAD
                ? Authority.idOf(certificate).map(Object::toString).orElse(subject)
                : subject;
    }

    /** A CA is no peer and has no verdict, nor has a leaf whose whole chain stands in another file. */
    private void verdict(String file, List<X509Certificate> chain, List<X509Certificate> roots) {
        ParsedCertificate leaf = ParsedCertificate.parse(X509.encoded(chain.getFirst()));
        if (CertificateLint.kindOf(leaf) != Kind.WORKLOAD
                || chain.size() == 1 && isWithMoreElsewhere(chain.getFirst())) {
            return;
        }
        Optional<TrustDomain> domain = Authority.idOf(chain.getFirst()).map(id -> id.trustDomain());
        if (domain.isEmpty()) {
            remark(Level.ERROR, file, "names: no SPIFFE ID (expected: exactly one URI name, spiffe://...)");
        } else if (roots.isEmpty()) {
            remark(Level.NOTE, file, "not verified (expected: --roots, or " + PlugInCa.ROOTS + " beside it)");
        } else {
            remark(
                    new SpiffeVerifier()
                            .verify(
                                    X509.encoded(chain),
                                    PeerRole.SERVER,
                                    new TrustBundles(1, Map.of(domain.get(), roots)),
                                    now),
                    file);
        }
    }

    private boolean isWithMoreElsewhere(X509Certificate leaf) {
        return texts.values().stream()
                .map(this::certificates)
                .anyMatch(other -> other.size() > 1 && other.getFirst().equals(leaf));
    }

    private void remark(PeerVerdict verdict, String file) {
        switch (verdict) {
            case PeerVerdict.Verified peer ->
                remark(
                        Level.NOTE,
                        file,
                        "verified: " + peer.id()
                                + peer.cluster().map(it -> " of cluster " + it).orElse("") + ", until "
                                + peer.notAfter());
            case PeerVerdict.Rejected no ->
                remark(Level.ERROR, file, "refused, " + no.reason().word() + ": " + no.detail());
        }
    }

    private void key(String file, String text) {
        try {
            if (Pem.isEncryptedKey(text)) {
                rows.add(new Row(file, 0, "key", "", "encrypted", ""));
                return;
            }
            PrivateKey key = Pem.privateKey(text);
            rows.add(new Row(file, 0, "key", "", key.getAlgorithm(), ""));
            if (texts.values().stream()
                    .filter(other -> !other.contains(KEY_MARK))
                    .flatMap(other -> certificates(other).stream())
                    .noneMatch(certificate -> KeyPairs.belongTogether(certificate.getPublicKey(), key))) {
                remark(Level.WARNING, file, "key of no certificate here (expected: its certificate beside it)");
            }
        } catch (IllegalArgumentException unreadable) {
            remark(Level.ERROR, file, String.valueOf(unreadable.getMessage()));
        }
    }

    private void plugIn() {
        if (!texts.keySet().containsAll(PlugInCa.FILES)) {
            return;
        }
        try {
            if (Pem.isEncryptedKey(texts.getOrDefault(PlugInCa.KEY, ""))) {
                remark(Level.NOTE, "as istiod's CA", "key is encrypted (expected: plain, where istiod is to sign)");
                return;
            }
            PlugInCa.of(texts)
                    .problems(now)
                    .forEach(problem -> remarks.add(new Remark(Level.ERROR.name(), "as istiod's CA", problem)));
        } catch (IllegalArgumentException unreadable) {
            remark(Level.ERROR, "as istiod's CA", String.valueOf(unreadable.getMessage()));
        }
    }

    private void remark(Finding finding, String where) {
        remark(finding.level(), where, finding.what());
    }

    private void remark(Level level, String where, String what) {
        remarks.add(new Remark(level.name(), where, what));
    }
}
