package io.beringia.discovery.catalog;

/**
 * What a host that is no pod says of its application.
 *
 * @param why it is unhealthy, for people; empty where it is healthy, cut to {@value #WHY_CHARS_MAX} characters
 */
public record HostReport(Health health, String why) {
    private static final int WHY_CHARS_MAX = 256;

    public static final HostReport HEALTHY = new HostReport(Health.HEALTHY, "");

    public HostReport {
        why = why.substring(0, Math.min(why.length(), WHY_CHARS_MAX));
    }

    public static HostReport unhealthy(String why) {
        return new HostReport(Health.UNHEALTHY, why);
    }
}
