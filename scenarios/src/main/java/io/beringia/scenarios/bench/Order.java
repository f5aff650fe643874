package io.beringia.scenarios.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;

/** The first nine bytes of every tunnel: what the client wants of the backend, and how much of it. */
record Order(Kind kind, long amount) {
    static final int BYTES = 1 + Long.BYTES;

    enum Kind {
        /** Take so many bytes, then answer with their number. */
        TAKE(1),
        /** Send so many bytes. */
        GIVE(2),
        /** Send back all that comes. */
        ECHO(3),
        /** Send so many bytes, and end the tunnel. */
        END(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) {
            return Stream.of(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("order: " + code + " (expected: 1..4)"));
        }
    }

    ByteBuf encoded() {
        return Unpooled.buffer(BYTES).writeByte(kind.code).writeLong(amount);
    }

    /** Reads one; the buffer holds at least {@link #BYTES}. */
    static Order read(ByteBuf bytes) {
        return new Order(Kind.of(bytes.readByte()), bytes.readLong());
    }
}
