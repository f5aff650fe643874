package io.beringia.gateway.outbound;

import io.beringia.gateway.routing.ConnectHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a request fit the header list that its peer takes (RFC 9113, 10.5.1): what we say ourselves stays, and foreign
 * text by which nothing is decided makes room for it. Pure.
 */
final class HeaderRoom {
    /** What each field costs beside its name and value (RFC 9113, 6.5.2). */
    private static final int FIELD_BYTES = 32;
    /** Whose loss is felt least goes first. Of baggage the first members are kept, as its specification allows. */
    private static final List<String> CARRIED =
            List.of(ConnectHeaders.BAGGAGE, ConnectHeaders.FORWARDED, ConnectHeaders.TRACEPARENT);

    private HeaderRoom() {}

    /** Changes these headers until they fit; false if what must be said is too long already. */
    static boolean fit(Http2Headers headers, long listBytesMax) {
        for (String name : CARRIED) {
            long excess = bytes(headers) - listBytesMax;
            if (excess > 0) {
                shorten(headers, name, excess);
            }
        }
        return bytes(headers) <= listBytesMax;
    }

    private static void shorten(Http2Headers headers, String name, long excess) {
        Optional<String> kept = Optional.ofNullable(headers.get(name))
                .filter(_ -> name.equals(ConnectHeaders.BAGGAGE))
                .flatMap(value -> firstMembers(value.toString(), excess));
        headers.remove(name);
        kept.ifPresent(members -> headers.set(name, members));
    }

    /** Whole members alone, so many bytes less than all of them (W3C Baggage, 3.3). */
    private static Optional<String> firstMembers(String baggage, long excess) {
        int room = (int) Math.max(-1, baggage.length() - excess);
        int end = baggage.lastIndexOf(',', room);
        return end > 0 ? Optional.of(baggage.substring(0, end)) : Optional.empty();
    }

    static long bytes(Http2Headers headers) {
        long bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            bytes += field.getKey().length() + field.getValue().length() + FIELD_BYTES;
        }
        return bytes;
    }
}
