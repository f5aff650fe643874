package io.beringia.discovery.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An IPv4 or IPv6 address, by its bytes. Printed canonically (RFC 5952); parsed without ever asking a resolver.
 * No zone, no IPv4-in-IPv6 text.
 */
public final class IpAddress implements Comparable<IpAddress> {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int V6_GROUPS = 8;

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Any thread. 4 or 16 bytes in network order; they are copied. */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length != V4_BYTES && bytes.length != V6_BYTES) {
            throw new IllegalArgumentException("IP address: " + bytes.length + " bytes (expected: 4 or 16)");
        }
        return new IpAddress(bytes.clone());
    }

    /** Any thread. The inverse of {@link #toString()}, and lenient toward other spellings of the same IPv6 address. */
    public static IpAddress parse(String text) {
        return new IpAddress(text.contains(":") ? parseV6(text) : parseV4(text));
    }

    /** A copy, in network order. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public boolean isV6() {
        return bytes.length == V6_BYTES;
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return isV6() ? toString().equals("::1") : bytes[0] == 127;
    }

    /** 169.254.0.0/16 or fe80::/10. */
    public boolean isLinkLocal() {
        return isV6()
                ? (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80
                : (bytes[0] & 0xff) == 169 && (bytes[1] & 0xff) == 254;
    }

    /** 0.0.0.0 or ::, which a socket understands as "any". */
    public boolean isUnspecified() {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    private static byte[] parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != V4_BYTES) {
            throw refused(text);
        }
        byte[] parsed = new byte[V4_BYTES];
        for (int i = 0; i < V4_BYTES; i++) {
            parsed[i] = (byte) octet(text, parts[i]);
        }
        return parsed;
    }

    private static int octet(String text, String part) {
        boolean digits = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || (part.length() > 1 && part.charAt(0) == '0') || Integer.parseInt(part) > 255) {
            throw refused(text);
        }
        return Integer.parseInt(part);
    }

    private static byte[] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::")) {
            throw refused(text);
        }
        List<Integer> head = groups(text, gap < 0 ? text : text.substring(0, gap));
        List<Integer> tail = gap < 0 ? List.of() : groups(text, text.substring(gap + 2));
        int missing = V6_GROUPS - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            throw refused(text);
        }
        byte[] parsed = new byte[V6_BYTES];
        put(parsed, 0, head);
        put(parsed, V6_GROUPS - tail.size(), tail);
        return parsed;
    }

    private static List<Integer> groups(String text, String part) {
        return part.isEmpty()
                ? List.of()
                : Arrays.stream(part.split(":", -1))
                        .map(group -> group(text, group))
                        .toList();
    }

    private static int group(String text, String group) {
        if (group.isEmpty()
                || group.length() > 4
                || !group.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw refused(text);
        }
        return Integer.parseInt(group, 16);
    }

    private static void put(byte[] target, int firstGroup, List<Integer> groups) {
        for (int i = 0; i < groups.size(); i++) {
            target[2 * (firstGroup + i)] = (byte) (groups.get(i) >> 8);
            target[2 * (firstGroup + i) + 1] = (byte) (int) groups.get(i);
        }
    }

    private static IllegalArgumentException refused(String text) {
        String shown = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return new IllegalArgumentException(
                "IP address: \"" + shown + "\" (expected: dotted IPv4, or IPv6 without zone)");
    }

    @Override
    public int compareTo(IpAddress other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return isV6() ? printV6() : printV4();
    }

    private String printV4() {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    private String printV6() {
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < V6_GROUPS; i++) {
            int zeros = zerosFrom(i);
            if (zeros > gapLength) {
                gapStart = i;
                gapLength = zeros;
            }
        }
        return gapStart < 0
                ? joined(0, V6_GROUPS)
                : joined(0, gapStart) + "::" + joined(gapStart + gapLength, V6_GROUPS);
    }

    private int zerosFrom(int group) {
        int end = group;
        while (end < V6_GROUPS && groupAt(end) == 0) {
            end++;
        }
        return end - group;
    }

    private String joined(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Integer.toHexString(groupAt(i)))
                .collect(Collectors.joining(":"));
    }

    private int groupAt(int group) {
        return ((bytes[2 * group] & 0xff) << 8) | (bytes[2 * group + 1] & 0xff);
    }
}
