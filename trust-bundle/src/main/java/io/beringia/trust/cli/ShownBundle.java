package io.beringia.trust.cli;

import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.pki.X509;
import java.io.PrintWriter;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A bundle, for people or programs.
 *
 * @param refreshSeconds between two questions, our bounds of the hint applied
 */
record ShownBundle(
        String trustDomain, Optional<Long> sequence, long refreshSeconds, List<Root> roots, List<String> ignored) {
    private static final String ROW = "%-64s %-20s  %s%n";

    /** One root; {@code sha256} of the whole certificate. */
    record Root(String sha256, String ends, String subject) {
        static Root of(X509Certificate root) {
            return new Root(
                    Fingerprint.sha256(X509.encoded(root)),
                    root.getNotAfter().toInstant().toString(),
                    root.getSubjectX500Principal().getName());
        }
    }

    static ShownBundle of(BundleDocument bundle) {
        return new ShownBundle(
                bundle.trustDomain().name(),
                bundle.sequence(),
                bundle.refresh().toSeconds(),
                bundle.roots().stream().map(Root::of).toList(),
                bundle.ignored());
    }

    void print(PrintWriter out) {
        out.println(trustDomain + ": " + sequence.map(it -> "sequence " + it).orElse("no sequence")
                + ", asked for every " + refreshSeconds + " s");
        if (roots.isEmpty()) {
            out.println("no root: nobody of " + trustDomain + " is believed");
        } else {
            out.printf(ROW, "ROOT", "ENDS", "SUBJECT");
            roots.forEach(root -> out.printf(ROW, root.sha256(), root.ends(), root.subject()));
        }
        ignored.forEach(sentence -> out.println("ignored " + sentence));
    }
}
