package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The talk without a socket, in time that the test turns. */
final class SocksHandshakeTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong awake = new AtomicLong();
    private int asked;

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private void begin() {
        channel.freezeTime();
        channel.pipeline().addLast(new SocksHandshake(awake::get, (_, _) -> asked++));
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void a_client_that_says_nothing_has_five_seconds_of_our_awake_time() {
        begin();
        pass(Duration.ofMinutes(1));
        assertThat(channel.isOpen()).as("all of it slept through").isTrue();
        awake.set(Duration.ofSeconds(5).toNanos());
        pass(Duration.ofSeconds(5));
        assertThat(channel.isOpen()).isFalse();
        assertThat(asked).isZero();
    }

    @Test
    void a_client_that_has_asked_is_waited_for() {
        begin();
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {5, 1, 0}));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {5, 1, 0, 1, 10, 0, 0, 1, 0, 80}));
        awake.set(Duration.ofMinutes(1).toNanos());
        pass(Duration.ofMinutes(1));
        assertThat(channel.isOpen()).isTrue();
        assertThat(asked).isEqualTo(1);
    }
}
