package io.beringia.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Joins the small pieces of one stream that came with one read: each alone would be held, written and counted at a hundred
 * times its size. A piece that stays alone is not copied. Lives on its connection's event loop.
 */
final class SmallPieces {
    /** Larger ones are worth their own way. */
    private static final int PIECE_BYTES_MAX = 1_024;

    private static final int JOINED_BYTES_MAX = 16 * 1_024;

    private final ByteBufAllocator memory;
    private ByteBuf joined = Unpooled.EMPTY_BUFFER;
    private boolean ours;

    SmallPieces(ByteBufAllocator memory) {
        this.memory = memory;
    }

    static boolean isSmall(ByteBuf bytes) {
        return bytes.readableBytes() <= PIECE_BYTES_MAX;
    }

    boolean hasRoomFor(ByteBuf bytes) {
        return joined.readableBytes() + bytes.readableBytes() <= JOINED_BYTES_MAX;
    }

    boolean isEmpty() {
        return !joined.isReadable();
    }

    /** The piece stays the caller's own. */
    void add(ByteBuf piece) {
        if (isEmpty()) {
            joined = piece.retain();
            return;
        }
        if (!ours) {
            ByteBuf alone = joined;
            joined = memory.buffer(PIECE_BYTES_MAX, JOINED_BYTES_MAX);
            joined.writeBytes(alone, alone.readerIndex(), alone.readableBytes());
            alone.release();
            ours = true;
        }
        joined.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
    }

    /** All of them, in their order, for the caller to release. */
    ByteBuf take() {
        ByteBuf all = joined;
        joined = Unpooled.EMPTY_BUFFER;
        ours = false;
        return all;
    }
}
