package io.beringia.discovery.catalog;

/**
 * One port of a service and where it leads.
 *
 * @param port 1 to 65535
 * @param target 0 to 65535; 0 means that each endpoint says its own, since the target port is a name
 */
public record ServicePort(int port, int target) {
    private static final int PORT_MAX = 65_535;

    public ServicePort {
        if (port < 1 || port > PORT_MAX || target < 0 || target > PORT_MAX) {
            throw new IllegalArgumentException("port: " + port + ":" + target + " (expected: 1..65535:0..65535)");
        }
    }
}
