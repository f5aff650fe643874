package io.beringia.discovery.catalog;

/** A service as the whole federation knows it: same namespace, same hostname, same service in every cluster. */
public record ServiceName(String namespace, String hostname) implements Comparable<ServiceName> {
    private static final int HOSTNAME_LENGTH_MAX = 253;

    public ServiceName {
        if (namespace.isEmpty()
                || namespace.contains("/")
                || hostname.isEmpty()
                || hostname.contains("/")
                || hostname.length() > HOSTNAME_LENGTH_MAX) {
            throw new IllegalArgumentException("service: \"" + namespace + "/" + hostname
                    + "\" (expected: namespace/hostname, hostname at most 253 characters)");
        }
    }

    /** Any thread. The inverse of {@link #toString()}. */
    public static ServiceName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("service: \"" + text + "\" (expected: namespace/hostname)");
        }
        return new ServiceName(text.substring(0, slash), text.substring(slash + 1));
    }

    /** As their texts do. */
    @Override
    public int compareTo(ServiceName other) {
        return namespace.equals(other.namespace)
                ? hostname.compareTo(other.hostname)
                : toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return namespace + "/" + hostname;
    }
}
