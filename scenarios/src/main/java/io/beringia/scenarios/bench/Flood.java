package io.beringia.scenarios.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;

/** Writes so many bytes into a tunnel, no faster than they leave. Lives on the tunnel's event loop. */
final class Flood {
    private static final int CHUNK_BYTES = 64 * 1024;
    /** Enough that the proxy never waits for us. */
    private static final int UNDER_WAY_MAX = 16 * CHUNK_BYTES;
    /** The content does not matter: it is encrypted, or copied unseen. */
    private static final ByteBuf CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES));

    private final Tunnel tunnel;
    private long left;
    private int underWay;

    private Flood(Tunnel tunnel, long bytes) {
        this.tunnel = tunnel;
        this.left = bytes;
    }

    static void begin(Tunnel tunnel, long bytes) {
        new Flood(tunnel, bytes).write();
    }

    private void write() {
        while (left > 0 && underWay < UNDER_WAY_MAX) {
            int size = (int) Math.min(left, CHUNK_BYTES);
            left -= size;
            underWay += size;
            ChannelFuture written = tunnel.write(CHUNK.slice(0, size));
            written.addListener(done -> {
                underWay -= size;
                if (done.isSuccess() && underWay <= UNDER_WAY_MAX / 2) {
                    write();
                }
            });
        }
        tunnel.flush();
    }
}
