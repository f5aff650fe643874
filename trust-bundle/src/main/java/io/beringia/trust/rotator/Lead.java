package io.beringia.trust.rotator;

import java.util.regex.Pattern;

/**
 * Whose orders all clusters obey. A cluster promises itself to one lead of an epoch and obeys nobody of an earlier one
 * again; who leads was promised to by every cluster, so that there is never more than one.
 *
 * @param epoch from 1 on; 0 is nobody's
 */
record Lead(long epoch, String cluster) {
    /** Nobody ever led. */
    static final Lead NONE = new Lead(0, "");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");

    Lead {
        boolean isSomebody = epoch > 0 && NAME.matcher(cluster).matches();
        if (!isSomebody && (epoch != 0 || !cluster.isEmpty())) {
            throw new IllegalArgumentException(
                    "lead: epoch " + epoch + " (expected: 1 or more, and the name of a cluster)");
        }
    }

    boolean isOf(String name) {
        return epoch > 0 && cluster.equals(name);
    }

    /** The inverse of {@link #toString}; throws {@link IllegalArgumentException} on every other text. */
    static Lead parse(String text) {
        int space = text.indexOf(' ');
        if (space < 1) {
            throw new IllegalArgumentException("lead: no epoch (expected: an epoch and a cluster)");
        }
        return new Lead(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    @Override
    public String toString() {
        return epoch + " " + cluster;
    }
}
