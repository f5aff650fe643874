package io.beringia.discovery.catalog;

/** An IP address and a port, 1 to 65535. */
public record SocketAddress(IpAddress ip, int port) {
    private static final int PORT_MAX = 65_535;

    public SocketAddress {
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
    }

    /** Any thread. The inverse of {@link #toString()}: {@code 10.0.0.1:80} or {@code [::1]:80}. */
    public static SocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || bracketed != host.contains(":")) {
            throw new IllegalArgumentException("address: \"" + text + "\" (expected: IP:port, or [IPv6]:port)");
        }
        return new SocketAddress(
                IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host),
                port(text, text.substring(colon + 1)));
    }

    private static int port(String text, String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "address: \"" + text + "\" (expected: a port of 1..65535 after the colon)");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return (ip.isV6() ? "[" + ip + "]" : ip) + ":" + port;
    }
}
