package io.beringia.failover.console;

import io.beringia.discovery.catalog.IpAddress;
import java.util.List;
import java.util.Locale;

/**
 * Whether a request was meant for this computer. Any name can be made to lead here, and a page of that name would then
 * read what we answer (DNS rebinding); of ours there are two kinds only. Pure.
 */
final class HostRule {
    private HostRule() {}

    /** @param hosts every {@code Host} of the request (RFC 9110 section 7.2); the port may be that of a tunnel */
    static boolean isOurs(List<String> hosts) {
        return hosts.size() == 1 && isLocal(host(hosts.getFirst()));
    }

    private static String host(String header) {
        int colon = header.lastIndexOf(':');
        boolean hasPort = colon > header.lastIndexOf(']');
        return (hasPort ? header.substring(0, colon) : header).toLowerCase(Locale.ROOT);
    }

    private static boolean isLocal(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        try {
            return isBracketed == host.contains(":")
                    && IpAddress.parse(isBracketed ? host.substring(1, host.length() - 1) : host)
                            .isLoopback();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
