package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;

/**
 * What a CONNECT asks for by name: {@code host:port}, the host being a lower-case DNS name. It is compared with names
 * of the catalog and never given to a resolver.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-8.5">RFC 9113, section 8.5</a>
 */
public record Authority(String host, int port) {
    private static final int BYTES_MAX = 259;
    private static final int HOST_BYTES_MAX = 253;
    private static final int LABEL_BYTES_MAX = 63;
    private static final int PORT_DIGITS_MAX = 5;
    private static final int PORT_MAX = 65_535;

    public Authority {
        if (!isName(host) || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("authority: " + Text.shown(host) + ":" + port
                    + " (expected: a lower-case DNS name and a port of 1..65535)");
        }
    }

    /** What an {@code :authority} turned out to be. */
    public sealed interface Parsed {
        /** A service by name: the only form that a gateway serves. */
        record Hostname(Authority authority) implements Parsed {}

        /** A workload by address: only a host proxy serves it. */
        record Ip(SocketAddress address) implements Parsed {}

        /** Neither; {@code detail} is escaped and fit for a log. */
        record Malformed(String detail) implements Parsed {}
    }

    /**
     * Any thread. Never throws. At most 259 bytes, lower case; no user information, zone, percent-encoding or trailing
     * dot; the port is always there, without leading zeros.
     */
    public static Parsed parse(String text) {
        int colon = text.lastIndexOf(':');
        if (text.length() > BYTES_MAX || colon <= 0 || !isPort(text.substring(colon + 1))) {
            return malformed(text);
        }
        String host = text.substring(0, colon);
        int port = Integer.parseInt(text.substring(colon + 1));
        if (isName(host)) {
            return new Parsed.Hostname(new Authority(host, port));
        }
        return address(text, host, port);
    }

    private static Parsed address(String text, String host, int port) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed != host.contains(":")) {
            return malformed(text);
        }
        try {
            IpAddress ip = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
            return new Parsed.Ip(new SocketAddress(ip, port));
        } catch (IllegalArgumentException refused) {
            return malformed(text);
        }
    }

    private static Parsed malformed(String text) {
        return new Parsed.Malformed("authority: " + Text.shown(text) + " (expected: host:port, at most " + BYTES_MAX
                + " bytes, lower case)");
    }

    private static boolean isPort(String digits) {
        return !digits.isEmpty()
                && digits.length() <= PORT_DIGITS_MAX
                && digits.charAt(0) != '0'
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(digits) <= PORT_MAX;
    }

    /** A DNS name whose last label is not a number, so that no IPv4 address is one (WHATWG URL, "ends in a number"). */
    private static boolean isName(String host) {
        if (host.isEmpty() || host.length() > HOST_BYTES_MAX) {
            return false;
        }
        String[] labels = host.split("\\.", -1);
        for (String label : labels) {
            if (!isLabel(label)) {
                return false;
            }
        }
        String last = labels[labels.length - 1];
        return !last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && label.length() <= LABEL_BYTES_MAX
                && label.charAt(0) != '-'
                && label.charAt(label.length() - 1) != '-'
                && label.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }

    /** The inverse of {@link #parse} for names. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
