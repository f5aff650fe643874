package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The roots of one trust domain, as it publishes them. Immutable.
 *
 * @param trustDomain whose roots they are; the document itself does not say it
 * @param sequence grows with every change, 0 or more; empty where the publisher counts none
 * @param refreshHint how often to ask for a newer one; empty where the publisher does not say
 * @param roots empty means that nobody of the trust domain is to be believed any more
 * @param ignored entries that are no roots for us, a sentence each
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md">SPIFFE Trust
 *     Domain and Bundle, section 4</a>
 */
public record BundleDocument(
        TrustDomain trustDomain,
        Optional<Long> sequence,
        Optional<Duration> refreshHint,
        List<X509Certificate> roots,
        List<String> ignored) {
    /** Where the publisher does not say. */
    static final Duration REFRESH_DEFAULT = Duration.ofMinutes(5);

    /** More often than this helps nobody; SPIRE has the same floor. */
    static final Duration REFRESH_MIN = Duration.ofMinutes(1);

    /** A root that was withdrawn is believed no longer than this, whatever the publisher hints. */
    static final Duration REFRESH_MAX = Duration.ofHours(1);

    public BundleDocument {
        roots = List.copyOf(roots);
        ignored = List.copyOf(ignored);
    }

    /** Our own, to publish. */
    public static BundleDocument of(
            TrustDomain trustDomain, long sequence, Duration refreshHint, List<X509Certificate> roots) {
        return new BundleDocument(trustDomain, Optional.of(sequence), Optional.of(refreshHint), roots, List.of());
    }

    /**
     * Any thread. What somebody says are the roots of {@code trustDomain}. Throws {@link IllegalArgumentException} with one
     * sentence on everything that is no such document, a root that names another trust domain among it.
     */
    public static BundleDocument parse(TrustDomain trustDomain, byte[] json) {
        return new JwkSetReader(trustDomain).read(json);
    }

    /** Any thread. As SPIFFE and SPIRE read it. Throws {@link IllegalArgumentException} on keys other than EC and RSA. */
    public byte[] json() {
        return JwkSetWriter.write(this);
    }

    /** How long to wait for the next one: the hint, between one minute and one hour. */
    public Duration refresh() {
        Duration hinted = refreshHint.orElse(REFRESH_DEFAULT);
        if (hinted.compareTo(REFRESH_MIN) < 0) {
            return REFRESH_MIN;
        }
        return hinted.compareTo(REFRESH_MAX) > 0 ? REFRESH_MAX : hinted;
    }
}
