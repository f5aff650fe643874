package io.beringia.discovery.catalog;

/** What the short names of the mesh have in common: 1 to 63 characters, checked once, where the name is made. */
final class Names {
    private static final int LENGTH_MAX = 63;

    private Names() {}

    /** RFC 1123 label: it becomes a label value, a DNS label and an Istio cluster id. */
    static String label(String what, String name) {
        boolean edgesFit =
                !name.isEmpty() && isLowerOrDigit(name.charAt(0)) && isLowerOrDigit(name.charAt(name.length() - 1));
        if (!edgesFit || name.length() > LENGTH_MAX || !name.chars().allMatch(c -> isLowerOrDigit(c) || c == '-')) {
            throw new IllegalArgumentException(
                    what + ": \"" + name + "\" (expected: an RFC 1123 label, 1 to 63 characters of a-z, 0-9, '-')");
        }
        return name;
    }

    /** A Kubernetes label value. */
    static String word(String what, String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || !name.chars().allMatch(Names::isWord)) {
            throw new IllegalArgumentException(
                    what + ": \"" + name + "\" (expected: 1 to 63 characters of A-Z, a-z, 0-9, '.', '_', '-')");
        }
        return name;
    }

    private static boolean isLowerOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isWord(int c) {
        return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    }
}
