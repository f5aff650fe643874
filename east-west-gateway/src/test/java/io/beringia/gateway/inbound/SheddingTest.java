package io.beringia.gateway.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.http2.HboneConnection;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections hear a goodbye while the process has too much; none of their peers answers. */
final class SheddingTest {
    private final LiveTunnels live = new LiveTunnels();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final List<HboneConnection> connections = new ArrayList<>();

    @AfterEach
    void ends() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private void connect(int count) {
        for (int i = 0; i < count; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.freezeTime();
            channels.add(channel);
            HboneConnection connection = HboneConnection.dial(channel, () -> 0);
            connections.add(connection);
            live.add(connection);
        }
    }

    private List<Boolean> saidGoodbye() {
        return connections.stream().map(HboneConnection::isSayingGoodbye).toList();
    }

    @Test
    void the_youngest_hears_it_first() {
        connect(3);
        assertThat(live.goAwayYoungest()).isEqualTo(1);
        assertThat(saidGoodbye()).containsExactly(false, false, true);
    }

    @Test
    void the_next_time_others_hear_it_and_nobody_is_counted_twice() {
        connect(3);
        List<Integer> shed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            shed.add(live.goAwayYoungest());
        }
        assertThat(shed).containsExactly(1, 1, 1, 0, 0);
        assertThat(saidGoodbye()).containsOnly(true);
    }

    @Test
    void of_hundreds_it_is_a_hundredth() {
        connect(250);
        assertThat(live.goAwayYoungest()).isEqualTo(3);
    }
}
