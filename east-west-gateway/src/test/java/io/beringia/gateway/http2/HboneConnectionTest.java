package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.limits.FrameRates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection of ours without a socket, in time that the test turns. */
final class HboneConnectionTest {
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int SETTINGS = 0x4;
    private static final int PING = 0x6;
    private static final int ACK = 0x1;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong awake = new AtomicLong();
    private final ByteBuf said = Unpooled.buffer();

    @BeforeEach
    void dials() {
        channel.freezeTime();
        HboneConnection.dial(channel, awake::get);
        said();
        said.skipBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    /** Time that was slept through goes on for the loop alone. */
    private void sleep(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void live(Duration time) {
        awake.addAndGet(time.toNanos());
        sleep(time);
    }

    private void greet() {
        channel.writeInbound(frame(SETTINGS, 0, new byte[0]));
    }

    private static ByteBuf frame(int type, int flags, byte[] payload) {
        return Unpooled.buffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(0)
                .writeBytes(payload);
    }

    /** What leaves at the end of a turn of the loop too. */
    private void said() {
        channel.runPendingTasks();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            said.writeBytes(part);
            part.release();
        }
    }

    /** Payloads of the frames of that type that were sent since the last call. */
    private List<byte[]> sent(int type, int flags) {
        said();
        List<byte[]> payloads = new ArrayList<>();
        while (said.readableBytes() >= FRAME_HEAD_BYTES) {
            byte[] payload = new byte[said.readUnsignedMedium()];
            int itsType = said.readByte();
            int itsFlags = said.readByte();
            said.skipBytes(4).readBytes(payload);
            if (itsType == type && itsFlags == flags) {
                payloads.add(payload);
            }
        }
        return payloads;
    }

    @Test
    void a_client_forbids_push_and_announces_its_windows() {
        ByteBuf settings = Unpooled.wrappedBuffer(sent(SETTINGS, 0).getFirst());
        List<String> announced = new ArrayList<>();
        while (settings.isReadable()) {
            announced.add(settings.readUnsignedShort() + "=" + settings.readUnsignedInt());
        }
        assertThat(announced).containsExactlyInAnyOrder("2=0", "4=262144", "5=65536", "6=16384");
    }

    @Test
    void a_peer_that_says_nothing_after_its_handshake_is_left() {
        sleep(Duration.ofMinutes(1));
        assertThat(channel.isOpen()).as("all of it slept through").isTrue();
        live(Duration.ofSeconds(5));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_ping_is_sent_every_ten_seconds_and_each_is_answered() {
        greet();
        int pings = 0;
        for (int i = 0; i < 12; i++) {
            for (byte[] ping : sent(PING, 0)) {
                channel.writeInbound(frame(PING, ACK, ping));
                pings++;
            }
            live(Duration.ofSeconds(10));
        }
        assertThat(pings).isEqualTo(12);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void a_peer_that_does_not_answer_for_twenty_seconds_is_gone() {
        greet();
        live(Duration.ofSeconds(10));
        assertThat(channel.isOpen()).isTrue();
        sleep(Duration.ofMinutes(1));
        assertThat(channel.isOpen()).as("all of it slept through").isTrue();
        live(Duration.ofSeconds(10));
        assertThat(channel.isOpen()).isFalse();
    }

    /** A peer that died while we were paused for 0.4 s would be found ten seconds late. */
    @Test
    void a_pause_of_ours_puts_that_off_by_no_more_than_itself() {
        greet();
        live(Duration.ofSeconds(10));
        sleep(Duration.ofMillis(400));
        live(Duration.ofMillis(9_600));
        assertThat(channel.isOpen()).as("19.6 s of ours").isTrue();
        live(Duration.ofMillis(400));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_connection_that_is_gone_is_held_by_no_timer() {
        greet();
        channel.close();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.runScheduledPendingTasks())
                .as("nanoseconds to the next timer, -1 for none")
                .isEqualTo(-1);
    }

    @Test
    void whoever_takes_nothing_is_closed_a_second_after_going_too_far() {
        greet();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                promise.trySuccess();
            }

            // As TLS does while its own goodbye cannot leave.
            @Override
            public void close(ChannelHandlerContext ctx, ChannelPromise promise) {}
        });
        for (int i = 0; i <= FrameRates.DEFAULT.controlAtOnce(); i++) {
            channel.writeInbound(frame(PING, 0, new byte[8]));
        }
        channel.runPendingTasks();
        assertThat(channel.isOpen()).as("while its GOAWAY waits").isTrue();
        live(Duration.ofSeconds(1));
        assertThat(channel.isOpen()).isFalse();
    }
}
