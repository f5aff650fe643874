package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.limits.FrameLimits;
import io.beringia.gateway.limits.FrameRates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server takes of its client, byte by byte and in time that the test turns. */
final class FrameGuardTest {
    private static final int DATA = 0x0;
    private static final int HEADERS = 0x1;
    private static final int PRIORITY = 0x2;
    private static final int RST_STREAM = 0x3;
    private static final int WINDOW_UPDATE = 0x8;
    private static final int CONTINUATION = 0x9;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int WITH_PRIORITY = 0x20;
    private static final int FRAME_HEAD_BYTES = 9;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong awake = new AtomicLong();
    private final FrameLimits limits = new FrameLimits(FrameRates.DEFAULT, 0);
    private final List<String> excesses = new ArrayList<>();
    private final Taken taken = new Taken();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new FrameGuard(true, limits, awake::get, excesses::add), taken);

    /** What is behind the guard. */
    private static final class Taken extends ChannelInboundHandlerAdapter {
        private long bytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            bytes += ((ByteBuf) message).readableBytes();
            ReferenceCountUtil.release(message);
        }
    }

    @BeforeEach
    void greets() {
        channel.freezeTime();
        channel.writeInbound(Unpooled.wrappedBuffer(PREFACE));
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(int type, int flags, int payload) {
        return Unpooled.buffer()
                .writeMedium(payload)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(1)
                .writeZero(payload);
    }

    private void send(int type, int flags, int payload) {
        channel.writeInbound(frame(type, flags, payload));
    }

    private void live(Duration time) {
        awake.addAndGet(time.toNanos());
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @ParameterizedTest
    @CsvSource({
        "empty DATA, 0x0, 0, 0, 500",
        "PRIORITY, 0x2, 0, 5, 100",
        "RST_STREAM, 0x3, 0, 4, 10",
        "SETTINGS, 0x4, 0, 0, 50",
        "acknowledged SETTINGS, 0x4, 1, 0, 500",
        "PING, 0x6, 0, 8, 50",
        "answered PING, 0x6, 1, 8, 500",
        "GOAWAY, 0x7, 0, 8, 500",
        "WINDOW_UPDATE, 0x8, 0, 4, 100",
        "unknown, 0xfa, 0, 0, 500"
    })
    void frames_that_carry_nothing_are_taken_up_to_a_limit(String what, String type, int flags, int payload, int most) {
        for (int i = 0; i < most; i++) {
            send(Integer.decode(type), flags, payload);
        }
        assertThat(excesses).as(what).isEmpty();
        send(Integer.decode(type), flags, payload);
        assertThat(excesses).as(what).hasSize(1);
        long before = taken.bytes;
        send(DATA, 0, 100);
        assertThat(taken.bytes).as("nothing is read any more").isEqualTo(before);
    }

    @Test
    void they_are_counted_wherever_reads_begin_and_end() {
        for (int i = 0; i < 101; i++) {
            ByteBuf whole = frame(PRIORITY, 0, 5);
            while (whole.isReadable()) {
                channel.writeInbound(whole.readBytes(1));
            }
            whole.release();
        }
        assertThat(excesses).hasSize(1);
    }

    @Test
    void each_stream_allows_more_of_them() {
        send(HEADERS, END_HEADERS, 20);
        for (int i = 0; i < 200; i++) {
            send(PRIORITY, 0, 5);
        }
        assertThat(excesses).isEmpty();
    }

    @Test
    void whoever_has_forgotten_a_stream_may_reset_it_again_for_each_frame_of_ours_that_crosses() {
        for (int i = 0; i < 1_000; i++) {
            send(HEADERS, END_HEADERS, 20);
            limits.onDataSent(1);
            send(RST_STREAM, 0, 4);
            send(RST_STREAM, 0, 4);
            send(RST_STREAM, 0, 4);
        }
        assertThat(excesses).isEmpty();
        for (int i = 0; i <= 10; i++) {
            send(RST_STREAM, 0, 4);
        }
        assertThat(excesses).hasSize(1);
    }

    @Test
    void whoever_takes_what_we_send_may_say_so_twice_for_each_frame() {
        for (int i = 0; i < 100_000; i++) {
            limits.onDataSent(1);
            send(WINDOW_UPDATE, 0, 4);
            send(WINDOW_UPDATE, 0, 4);
        }
        assertThat(excesses).isEmpty();
    }

    @Test
    void data_is_taken_without_limit() {
        for (int i = 0; i < 10_000; i++) {
            send(DATA, 0, 1);
        }
        assertThat(excesses).isEmpty();
    }

    @Test
    void fields_that_are_not_whole_in_five_seconds_are_not_waited_for() {
        send(HEADERS, 0, 20);
        live(Duration.ofSeconds(4));
        send(CONTINUATION, 0, 20);
        assertThat(excesses).isEmpty();
        live(Duration.ofSeconds(1));
        assertThat(excesses).hasSize(1);
    }

    @Test
    void a_frame_of_fields_that_comes_byte_by_byte_is_not_waited_for_either() {
        ByteBuf whole = frame(HEADERS, END_HEADERS, 20);
        for (int i = 0; i < 28; i++) {
            channel.writeInbound(whole.readBytes(1));
            live(Duration.ofMillis(200));
        }
        whole.release();
        assertThat(excesses).hasSize(1);
    }

    @Test
    void a_peer_whose_reads_always_end_within_the_next_request_is_not_slow() {
        channel.writeInbound(frame(HEADERS, END_HEADERS, 20).readBytes(15));
        for (int i = 0; i < 100; i++) {
            ByteBuf rest = frame(HEADERS, END_HEADERS, 20).skipBytes(15);
            channel.writeInbound(
                    Unpooled.wrappedBuffer(rest, frame(HEADERS, END_HEADERS, 20).readBytes(15)));
            live(Duration.ofSeconds(1));
        }
        assertThat(excesses).isEmpty();
    }

    @Test
    void data_of_which_half_is_there_may_stay_so() {
        channel.writeInbound(frame(DATA, 0, 1_000).readBytes(500));
        live(Duration.ofMinutes(1));
        assertThat(excesses).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"DATA, 0", "SETTINGS, 4", "PING, 6", "WINDOW_UPDATE, 8"})
    void a_head_of_anything_else_of_which_half_is_there_may_stay_so(String what, int type) {
        for (int bytes = 1; bytes < FRAME_HEAD_BYTES; bytes++) {
            ByteBuf whole = frame(type, 0, 0);
            channel.writeInbound(whole.readBytes(bytes));
            live(Duration.ofMinutes(1));
            assertThat(excesses).as(what + ", " + bytes + " bytes").isEmpty();
            channel.writeInbound(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {HEADERS, CONTINUATION})
    void a_head_of_fields_of_which_half_is_there_may_not(int type) {
        channel.writeInbound(frame(type, END_HEADERS, 20).readBytes(4));
        live(Duration.ofMillis(4_999));
        assertThat(excesses).isEmpty();
        live(Duration.ofMillis(1));
        assertThat(excesses).hasSize(1);
    }

    private void fields(int type, int flags, String hex) {
        byte[] block = HexFormat.of().parseHex(hex);
        channel.writeInbound(
                frame(type, flags, block.length).writerIndex(FRAME_HEAD_BYTES).writeBytes(block));
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "2082", "203fe11f82", "3fe11f2082202020", "20208220"})
    void two_changes_of_the_tables_size_are_all_that_a_request_needs(String hex) {
        fields(HEADERS, END_HEADERS, hex);
        assertThat(excesses).isEmpty();
    }

    @Test
    void more_changes_of_it_than_two_are_not_passed_on() {
        fields(HEADERS, END_HEADERS, "203fe11f2082");
        assertThat(excesses).hasSize(1);
        assertThat(taken.bytes).as("the preface alone").isEqualTo(PREFACE.length);
    }

    @Test
    void nor_are_they_behind_padding_and_priority_or_in_pieces() {
        fields(HEADERS, PADDED | WITH_PRIORITY, "000000000010" + "203f");
        fields(CONTINUATION, 0, "e1");
        assertThat(excesses).isEmpty();
        fields(CONTINUATION, END_HEADERS, "1f20");
        assertThat(excesses).hasSize(1);
    }
}
