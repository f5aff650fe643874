package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The header block of one request, read. Pure, and strict: only a plain CONNECT passes (RFC 9113, 8.5), and what is
 * said twice or in a strange alphabet between gateways is refused rather than guessed.
 */
public final class ConnectHeaders {
    /** Prefix of everything that only gateways say to each other. */
    public static final String PREFIX = "x-beringia-";

    public static final String HOP = PREFIX + "hop";
    public static final String ORIGIN_NETWORK = PREFIX + "origin-network";
    public static final String ORIGIN_REGION = PREFIX + "origin-region";
    public static final String ORIGIN_CLUSTER = PREFIX + "origin-cluster";
    public static final String CHOSEN_REGION = PREFIX + "chosen-region";
    public static final String SOURCE_IDENTITY = PREFIX + "source-identity";
    public static final String CONNECTION_ID = PREFIX + "connection-id";
    /** Of responses. */
    public static final String SERVED_BY = PREFIX + "served-by";
    /** Of responses: {@link Refusal#reason()}. */
    public static final String REASON = PREFIX + "reason";

    /** The only leg that exists between gateways. */
    public static final String FIRST_HOP = "1";

    public static final String BAGGAGE = "baggage";
    public static final String FORWARDED = "forwarded";
    public static final String TRACEPARENT = "traceparent";
    public static final String ISTIO_SOURCE = "x-istio-source";

    private static final int VALUE_BYTES_MAX = 256;
    private static final int SOURCE_IDENTITY_BYTES_MAX = 1_024;
    private static final int CONNECTION_ID_DIGITS = 32;

    private static final Set<String> ONCE =
            Set.of(HOP, ORIGIN_NETWORK, ORIGIN_REGION, ORIGIN_CLUSTER, CHOSEN_REGION, SOURCE_IDENTITY, CONNECTION_ID);
    /** A tunnel has no message length, and HTTP/2 has no connection headers (RFC 9113, 8.2.2). */
    private static final Set<String> FORBIDDEN =
            Set.of("content-length", "transfer-encoding", "connection", "proxy-connection", "keep-alive", "upgrade");

    private ConnectHeaders() {}

    /** What a header block turned out to be. */
    public sealed interface Parsed {
        /**
         * A CONNECT.
         *
         * @param stripped names of gateway headers that somebody else sent: they were not read, and are a security event
         */
        record Accepted(ConnectRequest request, List<String> stripped) implements Parsed {
            public Accepted {
                stripped = List.copyOf(stripped);
            }
        }

        /** Not one that we serve; {@code detail} is escaped and fit for a log. */
        record Refused(Refusal why, String detail) implements Parsed {}
    }

    /**
     * Any thread. Never throws.
     *
     * @param fields name and value of every field as received, pseudo-headers first
     * @param fromGateway whether the peer's verified identity is that of a gateway
     */
    public static Parsed parse(List<Map.Entry<String, String>> fields, boolean fromGateway) {
        Optional<Parsed.Refused> notConnect = refusalOf(fields);
        if (notConnect.isPresent()) {
            return notConnect.get();
        }
        return switch (Authority.parse(first(fields, ":authority").orElse(""))) {
            case Authority.Parsed.Malformed malformed -> new Parsed.Refused(Refusal.BAD_AUTHORITY, malformed.detail());
            case Authority.Parsed.Ip ip ->
                new Parsed.Refused(
                        Refusal.BAD_AUTHORITY, "authority: " + ip.address() + " (expected: a service by name)");
            case Authority.Parsed.Hostname named ->
                fromGateway
                        ? vouched(fields, named.authority())
                        : new Parsed.Accepted(
                                new ConnectRequest(named.authority(), Optional.empty(), carried(fields)),
                                stripped(fields));
        };
    }

    /** Any thread. Why this is not a plain CONNECT, if it is not; the authority is not looked at beyond being there once. */
    public static Optional<Parsed.Refused> refusalOf(List<Map.Entry<String, String>> fields) {
        boolean regularSeen = false;
        for (Map.Entry<String, String> field : fields) {
            String name = field.getKey();
            boolean pseudo = name.startsWith(":");
            if (!isWellFormed(field) || FORBIDDEN.contains(name)) {
                return bad("header " + Text.shown(name) + " (expected: none of that kind on CONNECT)");
            }
            if (pseudo && (regularSeen || !(name.equals(":method") || name.equals(":authority")))) {
                return bad(
                        "pseudo-header " + Text.shown(name) + " (expected: :method and :authority, before all others)");
            }
            regularSeen |= !pseudo;
        }
        List<String> methods = values(fields, ":method");
        if (!methods.equals(List.of("CONNECT"))) {
            return bad("method: " + Text.shown(String.join(", ", methods)) + " (expected: CONNECT)");
        }
        int authorities = values(fields, ":authority").size();
        return authorities == 1 ? Optional.empty() : bad("authority: given " + authorities + " times (expected: once)");
    }

    /** RFC 9113, 8.2.1; of a value also what RFC 9110, 5.5 leaves out, since it must stand in a request of ours. */
    private static boolean isWellFormed(Map.Entry<String, String> field) {
        String name = field.getKey();
        String value = field.getValue();
        return !name.isEmpty()
                && name.lastIndexOf(':') <= 0
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && !(c >= 'A' && c <= 'Z'))
                && value.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f && c <= 0xff)
                && (value.isEmpty() || !isBlank(value.charAt(0)) && !isBlank(value.charAt(value.length() - 1)));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static Parsed vouched(List<Map.Entry<String, String>> fields, Authority authority) {
        Optional<Parsed.Refused> strange = strange(fields);
        if (strange.isPresent()) {
            return strange.get();
        }
        String hop = first(fields, HOP).orElse("");
        if (!hop.equals(FIRST_HOP)) {
            return isAboveOne(hop)
                    ? new Parsed.Refused(Refusal.HOP_LIMIT, HOP + ": " + Text.shown(hop) + " (expected: 1)")
                    : refused(HOP, hop, "1, on every leg from a gateway");
        }
        try {
            return new Parsed.Accepted(
                    new ConnectRequest(authority, Optional.of(vouchedBy(fields)), carried(fields)), List.of());
        } catch (IllegalArgumentException wrong) {
            return new Parsed.Refused(Refusal.BAD_REQUEST, String.valueOf(wrong.getMessage()));
        }
    }

    private static Vouched vouchedBy(List<Map.Entry<String, String>> fields) {
        return new Vouched(
                SpiffeId.parse(required(fields, SOURCE_IDENTITY)),
                new ClusterId(required(fields, ORIGIN_CLUSTER)),
                new RegionId(required(fields, ORIGIN_REGION)),
                new Network(required(fields, ORIGIN_NETWORK)),
                new RegionId(required(fields, CHOSEN_REGION)),
                connectionId(required(fields, CONNECTION_ID)));
    }

    private static Optional<Parsed.Refused> strange(List<Map.Entry<String, String>> fields) {
        for (String name : ONCE) {
            List<String> values = values(fields, name);
            if (values.size() > 1) {
                return bad(name + ": given " + values.size() + " times (expected: once)");
            }
            int bytesMax = name.equals(SOURCE_IDENTITY) ? SOURCE_IDENTITY_BYTES_MAX : VALUE_BYTES_MAX;
            if (values.stream().anyMatch(value -> value.length() > bytesMax || !isPlain(value))) {
                return bad(name + ": " + Text.shown(values.getFirst()) + " (expected: at most " + bytesMax
                        + " bytes of A-Z, a-z, 0-9, '.', ':', '/', '_', '-')");
            }
        }
        return Optional.empty();
    }

    private static boolean isPlain(String value) {
        return value.chars()
                .allMatch(c -> (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || ".:/_-".indexOf(c) >= 0);
    }

    private static boolean isAboveOne(String hop) {
        return !hop.isEmpty()
                && hop.charAt(0) != '0'
                && hop.chars().allMatch(c -> c >= '0' && c <= '9')
                && !hop.equals(FIRST_HOP);
    }

    private static String connectionId(String text) {
        boolean fits = text.length() == CONNECTION_ID_DIGITS
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (!fits) {
            throw new IllegalArgumentException(
                    CONNECTION_ID + ": " + Text.shown(text) + " (expected: 32 lower-case hex digits)");
        }
        return text;
    }

    private static String required(List<Map.Entry<String, String>> fields, String name) {
        return first(fields, name)
                .orElseThrow(() -> new IllegalArgumentException(name + ": missing (expected: once, from a gateway)"));
    }

    private static Carried carried(List<Map.Entry<String, String>> fields) {
        return new Carried(
                joined(fields, BAGGAGE),
                joined(fields, FORWARDED),
                only(fields, TRACEPARENT),
                only(fields, ISTIO_SOURCE));
    }

    /** Lists may come in several lines (RFC 9110, 5.3). */
    private static Optional<String> joined(List<Map.Entry<String, String>> fields, String name) {
        List<String> values = values(fields, name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values));
    }

    /** What may be said once is not there if it is said twice. */
    private static Optional<String> only(List<Map.Entry<String, String>> fields, String name) {
        List<String> values = values(fields, name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private static List<String> stripped(List<Map.Entry<String, String>> fields) {
        return fields.stream()
                .map(Map.Entry::getKey)
                .filter(name -> name.startsWith(PREFIX))
                .distinct()
                .toList();
    }

    private static Optional<String> first(List<Map.Entry<String, String>> fields, String name) {
        return values(fields, name).stream().findFirst();
    }

    private static List<String> values(List<Map.Entry<String, String>> fields, String name) {
        return fields.stream()
                .filter(field -> field.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Parsed refused(String name, String value, String expected) {
        return new Parsed.Refused(
                Refusal.BAD_REQUEST, name + ": " + Text.shown(value) + " (expected: " + expected + ")");
    }

    private static Optional<Parsed.Refused> bad(String detail) {
        return Optional.of(new Parsed.Refused(Refusal.BAD_REQUEST, detail));
    }
}
