package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.SocketAddress;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The talk without a socket, in time that the test turns. */
final class SocksHandshakeTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong awake = new AtomicLong();
    private final List<Destination> asked = new ArrayList<>();

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private void begin() {
        channel.freezeTime();
        channel.pipeline().addLast(new SocksHandshake(awake::get, (destination, _) -> asked.add(destination)));
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
        assertThat(asked).isEmpty();
    }

    @Test
    void a_client_that_has_asked_is_waited_for() {
        begin();
        greet();
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {5, 1, 0, 1, 10, 0, 0, 1, 0, 80}));
        awake.set(Duration.ofMinutes(1).toNanos());
        pass(Duration.ofMinutes(1));
        assertThat(channel.isOpen()).isTrue();
        assertThat(asked).containsExactly(at("10.0.0.1:80"));
    }

    @Test
    void an_ipv6_address_is_an_address() {
        begin();
        greet();
        channel.writeInbound(Unpooled.wrappedBuffer(
                new byte[] {5, 1, 0, 4, 0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, (byte) 0xbb
                }));
        assertThat(asked).containsExactly(at("[2001:db8::1]:443"));
    }

    private void greet() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {5, 1, 0}));
    }

    private static Destination at(String address) {
        return new Destination.ByAddress(SocketAddress.parse(address));
    }
}
