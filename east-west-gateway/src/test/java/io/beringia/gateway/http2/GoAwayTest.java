package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection of ours tells of the GOAWAYs that its peer sends. */
final class GoAwayTest {
    private static final int SETTINGS = 0x4;
    private static final int GO_AWAY = 0x7;
    private static final int ENHANCE_YOUR_CALM = 0xb;
    private static final int MANY = 20;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<GoAway> told = new ArrayList<>();
    private HboneConnection connection;

    @BeforeEach
    void dials() {
        connection = HboneConnection.dial(channel, () -> 0).tellGoAways(told::add);
        channel.writeInbound(frame(SETTINGS, Unpooled.EMPTY_BUFFER));
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(int type, ByteBuf payload) {
        return Unpooled.buffer()
                .writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(0)
                .writeInt(0)
                .writeBytes(payload);
    }

    private void say(int lastStream, int code, byte[] detail) {
        channel.writeInbound(frame(
                GO_AWAY, Unpooled.buffer().writeInt(lastStream).writeInt(code).writeBytes(detail)));
    }

    @Test
    void the_reason_of_a_goaway_is_told_and_nothing_new_is_opened() {
        say(7, ENHANCE_YOUR_CALM, "too_many_pings".getBytes(StandardCharsets.US_ASCII));
        assertThat(told).containsExactly(new GoAway(new Reset(0xb), 7, "too_many_pings"));
        assertThat(told.getFirst().why().word()).isEqualTo("enhance-your-calm");
        assertThat(told.getFirst().isGoodbye()).isFalse();
        assertThat(connection.hasRoom()).isFalse();
    }

    @Test
    void a_goodbye_in_two_steps_is_told_in_two() {
        say(Integer.MAX_VALUE, 0, new byte[0]);
        say(3, 0, new byte[0]);
        assertThat(told)
                .containsExactly(new GoAway(Reset.NO_ERROR, Integer.MAX_VALUE, ""), new GoAway(Reset.NO_ERROR, 3, ""));
        assertThat(told).allMatch(GoAway::isGoodbye);
    }

    @Test
    void of_many_the_first_few_are_told_each_with_so_much_of_its_detail() {
        for (int i = 0; i < MANY; i++) {
            say(3, ENHANCE_YOUR_CALM, new byte[10_000]);
        }
        assertThat(told).hasSize(4).allSatisfy(one -> assertThat(one.detail()).hasSize(GoAway.DETAIL_BYTES_MAX));
    }
}
