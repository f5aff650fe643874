package io.beringia.trust.identity;

/**
 * The name of a trust root, as SPIFFE writes it: 1 to 255 bytes of {@code [a-z0-9._-]}.
 *
 * <p>Never normalised: an upper-case name is refused although the SPIFFE standard calls the name
 * case-insensitive, because two spellings of one domain are two chances to compare wrongly.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID, section 2.1</a>
 */
public record TrustDomain(String name) implements Comparable<TrustDomain> {
    private static final int NAME_BYTES_MAX = 255;

    public TrustDomain {
        if (!isValid(name)) {
            throw new IllegalArgumentException("trust domain: \"" + Excerpt.of(name)
                    + "\" (expected: 1 to 255 characters of a-z, 0-9, '.', '_', '-')");
        }
    }

    /** Any thread. The inverse of {@link #toString()}. */
    public static TrustDomain parse(String text) {
        return new TrustDomain(text);
    }

    private static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_BYTES_MAX
                && name.chars().allMatch(TrustDomain::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }

    @Override
    public int compareTo(TrustDomain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
