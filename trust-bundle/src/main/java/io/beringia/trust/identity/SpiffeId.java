package io.beringia.trust.identity;

import java.util.List;
import java.util.Optional;

/**
 * A workload's name: {@code spiffe://<trust domain><path>}. At most 2,048 bytes; the path is empty or
 * {@code ("/" segment)+} of {@code [A-Za-z0-9._-]}, no segment being {@code .} or {@code ..}.
 *
 * <p>Parsed by hand and compared as exact text. Nothing is decoded, lower-cased or cut.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID, section 2</a>
 */
public record SpiffeId(TrustDomain trustDomain, String path) implements Comparable<SpiffeId> {
    private static final String SCHEME = "spiffe://";
    private static final int ID_BYTES_MAX = 2_048;

    public SpiffeId {
        String whole = SCHEME + trustDomain + path;
        if (whole.length() > ID_BYTES_MAX) {
            throw refused(whole, "at most " + ID_BYTES_MAX + " bytes, this has " + whole.length());
        }
        if (!path.isEmpty() && !isPath(path)) {
            throw refused(whole, "a path of /segment parts made of A-Z, a-z, 0-9, '.', '_', '-'");
        }
    }

    /** Any thread. The inverse of {@link #toString()}; throws {@link IllegalArgumentException} on every other text. */
    public static SpiffeId parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw refused(text, "spiffe://<trust domain>/<path>");
        }
        int slash = text.indexOf('/', SCHEME.length());
        return slash < 0
                ? new SpiffeId(TrustDomain.parse(text.substring(SCHEME.length())), "")
                : new SpiffeId(TrustDomain.parse(text.substring(SCHEME.length(), slash)), text.substring(slash));
    }

    /** Any thread. {@link #parse} where a refusal is an answer, not a fault. */
    public static Optional<SpiffeId> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    /** The identity Istio gives a Kubernetes service account: {@code spiffe://td/ns/<ns>/sa/<sa>}. */
    public static SpiffeId ofWorkload(TrustDomain trustDomain, String namespace, String serviceAccount) {
        return new SpiffeId(trustDomain, "/ns/" + namespace + "/sa/" + serviceAccount);
    }

    /** Namespace and service account, where this is exactly an identity of {@link #ofWorkload}'s form. */
    public Optional<ServiceAccount> serviceAccount() {
        List<String> parts = List.of(path.split("/", -1));
        return parts.size() == 5 && parts.get(1).equals("ns") && parts.get(3).equals("sa")
                ? Optional.of(new ServiceAccount(parts.get(2), parts.get(4)))
                : Optional.empty();
    }

    /** The Kubernetes name behind an Istio identity. */
    public record ServiceAccount(String namespace, String name) {}

    private static boolean isPath(String path) {
        return path.startsWith("/")
                && List.of(path.substring(1).split("/", -1)).stream().allMatch(SpiffeId::isSegment);
    }

    private static boolean isSegment(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.chars().allMatch(SpiffeId::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static IllegalArgumentException refused(String text, String expected) {
        return new IllegalArgumentException("SPIFFE ID: \"" + Excerpt.of(text) + "\" (expected: " + expected + ")");
    }

    @Override
    public int compareTo(SpiffeId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return SCHEME + trustDomain + path;
    }
}
