package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RoundTrip;
import io.beringia.gateway.relay.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnacknowledgedTest {
    private static final RoundTrip NEAR = new RoundTrip(nanos(1), nanos(1));
    private static final RoundTrip FAR = new RoundTrip(nanos(200), nanos(10));

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static KernelSample sample(
            long segments, long sinceAckMillis, long timeoutMillis, int doublings, RoundTrip way) {
        return new KernelSample(
                segments, nanos(sinceAckMillis), nanos(sinceAckMillis), nanos(timeoutMillis), doublings, way);
    }

    @ParameterizedTest(name = "at {0} ms, {1} segments, acknowledged {2} ms ago: too long {3}")
    @CsvSource({"1600, 3, 1600, true", "1600, 0, 1600, false", "1600, 3, 200, false", "1500, 3, 1500, false"})
    void bytes_that_wait_for_as_long_as_condemns_a_path_are_too_long(
            long atMillis, long segments, long sinceAckMillis, boolean tooLong) {
        KernelSample sample = sample(segments, sinceAckMillis, 200, 0, NEAR);
        assertThat(new Unacknowledged(0).seen(sample, nanos(atMillis)).isTooLong(sample, nanos(atMillis)))
                .isEqualTo(tooLong);
    }

    @Test
    void what_was_idle_for_long_has_just_begun_to_wait() {
        Unacknowledged idle = new Unacknowledged(0).seen(sample(0, 60_000, 200, 0, NEAR), nanos(60_000));
        KernelSample sent = sample(1, 60_250, 200, 0, NEAR);
        assertThat(idle.seen(sent, nanos(60_250)).isTooLong(sent, nanos(60_250)))
                .isFalse();
        KernelSample still = sample(1, 61_750, 200, 0, NEAR);
        assertThat(idle.seen(sent, nanos(60_250)).seen(still, nanos(61_750)).isTooLong(still, nanos(61_750)))
                .isTrue();
    }

    @Test
    void a_long_way_is_given_three_round_trips() {
        KernelSample sample = sample(1, 1_700, 400, 0, FAR);
        assertThat(new Unacknowledged(0).seen(sample, nanos(1_700)).isTooLong(sample, nanos(1_700)))
                .isFalse();
    }

    /** One direction is lost: acknowledgements of old bytes come with the data of the peer. */
    @Test
    void what_is_sent_again_and_again_waits_whatever_else_is_heard() {
        KernelSample twice = sample(1, 10, 800, 2, NEAR);
        assertThat(new Unacknowledged(0).seen(twice, nanos(5_000)).isTooLong(twice, nanos(5_000)))
                .as("0.6 s")
                .isFalse();
        KernelSample thrice = sample(1, 10, 1_800, 3, NEAR);
        assertThat(new Unacknowledged(0).seen(thrice, nanos(5_000)).isTooLong(thrice, nanos(5_000)))
                .as("1.575 s")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 501, true", "0, 500, false", "1, 9000, false", "0, 0, false"})
    void who_acknowledged_everything_and_says_nothing_leaves_it_unanswered(
            long segments, long sinceDataMillis, boolean isUnanswered) {
        KernelSample sample = new KernelSample(segments, 0, nanos(sinceDataMillis), nanos(200), 0, NEAR);
        assertThat(sample.isUnanswered(nanos(500))).isEqualTo(isUnanswered);
    }

    @Test
    void the_kernel_is_asked() throws Exception {
        EventLoopGroup group = Transport.EPOLL.loops(1, "kernel-");
        try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channelFactory(() -> Transport.EPOLL.socketTo(InetAddress.getLoopbackAddress()))
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(there.getLocalSocketAddress())
                    .sync()
                    .channel();
            Optional<KernelSample> sample =
                    channel.eventLoop().submit(() -> KernelSample.of(channel)).get();
            assertThat(sample).hasValueSatisfying(it -> {
                assertThat(it.segments()).isZero();
                assertThat(it.roundTrip().smoothedNanos()).isPositive();
                assertThat(it.timeoutNanos()).isPositive();
            });
            channel.close().sync();
            assertThat(channel.eventLoop()
                            .submit(() -> KernelSample.of(channel))
                            .get())
                    .as("nobody is asked of what is closed")
                    .isEmpty();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
