package io.beringia.discovery.hosts;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What becomes of what hosts say of themselves. Inert.
 *
 * @param replica our name among all replicas of discovery
 * @param namespace of the lease by which others see that we live
 * @param grace after the end of its stream, within which a host may come to another replica before it is taken for gone
 */
public record HostsConfig(String replica, String namespace, Duration grace) {
    /** Istio's own; a stream is opened again within milliseconds where another replica lives. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    public static final String DEFAULT_NAMESPACE = "beringia-system";

    private static final Duration GRACE_MIN = Duration.ofSeconds(1);
    private static final Duration GRACE_MAX = Duration.ofMinutes(10);

    /** As the names of pods are. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?");

    public HostsConfig {
        if (!NAME.matcher(replica).matches()) {
            throw new IllegalArgumentException(
                    "discovery.hosts.replica: \"" + replica + "\" (expected: a-z, 0-9, '-', '.', such as discovery-0)");
        }
        if (!NAME.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "discovery.hosts.namespace: \"" + namespace + "\" (expected: such as beringia-system)");
        }
        if (grace.compareTo(GRACE_MIN) < 0 || grace.compareTo(GRACE_MAX) > 0) {
            throw new IllegalArgumentException(
                    "discovery.hosts.grace: " + grace + " (expected: " + GRACE_MIN + " to " + GRACE_MAX + ")");
        }
    }
}
