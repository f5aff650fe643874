package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SmallPiecesTest {
    private final SmallPieces pieces = new SmallPieces(UnpooledByteBufAllocator.DEFAULT);

    private void add(ByteBuf piece) {
        pieces.add(piece);
        piece.release();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void they_are_joined_in_their_order_and_begin_anew() {
        for (char c = 'a'; c <= 'e'; c++) {
            add(bytes(String.valueOf(c)));
        }
        ByteBuf all = pieces.take();
        assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo("abcde");
        assertThat(all.refCnt()).isOne();
        all.release();
        assertThat(pieces.isEmpty()).isTrue();
        add(bytes("f"));
        ByteBuf next = pieces.take();
        assertThat(next.toString(StandardCharsets.US_ASCII)).isEqualTo("f");
        next.release();
    }

    @Test
    void a_piece_that_stays_alone_is_not_copied() {
        ByteBuf alone = bytes("alone");
        add(alone);
        assertThat(pieces.take()).isSameAs(alone);
        assertThat(alone.refCnt()).isOne();
        alone.release();
    }

    @Test
    void there_is_room_for_sixteen_kibibytes() {
        ByteBuf piece = Unpooled.buffer().writeZero(1_024);
        assertThat(SmallPieces.isSmall(piece)).isTrue();
        int taken = 0;
        for (; pieces.hasRoomFor(piece); taken++) {
            pieces.add(piece);
        }
        assertThat(taken).isEqualTo(16);
        pieces.take().release();
        assertThat(piece.refCnt()).isOne();
        assertThat(SmallPieces.isSmall(piece.writeByte(0))).isFalse();
        piece.release();
    }
}
