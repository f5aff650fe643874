package io.beringia.gateway.http2;

import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What a peer said with a GOAWAY (RFC 9113, 6.8).
 *
 * @param why NO_ERROR for a goodbye
 * @param lastStream of ours, or of its own, that it has taken; 2^31-1 as long as it names none
 * @param detail octets that it added, each as one character, at most {@link #DETAIL_BYTES_MAX}: to be escaped before anybody
 *     sees them
 */
public record GoAway(Reset why, int lastStream, String detail) {
    static final int DETAIL_BYTES_MAX = 256;

    static GoAway of(int lastStream, long code, ByteBuf detail) {
        int shown = Math.min(detail.readableBytes(), DETAIL_BYTES_MAX);
        return new GoAway(
                new Reset(code), lastStream, detail.toString(detail.readerIndex(), shown, StandardCharsets.ISO_8859_1));
    }

    /** Whether the peer only takes no more, and blames nobody. */
    public boolean isGoodbye() {
        return why.equals(Reset.NO_ERROR);
    }
}
