package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.RoundTrip;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel says of a connection ({@code struct tcp_info} of Linux).
 *
 * @param segments that were sent and not acknowledged
 * @param sinceAckNanos since the last acknowledgement, whatever it was for
 * @param sinceDataNanos since the last byte of the other side; before the first, since the connection was made
 * @param timeoutNanos after which it sends again, doubled each time that it did so in vain
 * @param doublings of that
 */
public record KernelSample(
        long segments, long sinceAckNanos, long sinceDataNanos, long timeoutNanos, int doublings, RoundTrip roundTrip) {
    /** Empty where the kernel is not asked. On the channel's event loop. */
    public static Optional<KernelSample> of(Channel channel) {
        return channel instanceof EpollSocketChannel socket && socket.isActive()
                ? Optional.of(of(socket.tcpInfo()))
                : Optional.empty();
    }

    private static KernelSample of(EpollTcpInfo info) {
        return new KernelSample(
                info.unacked(),
                TimeUnit.MILLISECONDS.toNanos(info.lastAckRecv()),
                TimeUnit.MILLISECONDS.toNanos(info.lastDataRecv()),
                TimeUnit.MICROSECONDS.toNanos(info.rto()),
                info.backoff(),
                new RoundTrip(TimeUnit.MICROSECONDS.toNanos(info.rtt()), TimeUnit.MICROSECONDS.toNanos(info.rttvar())));
    }

    /** Whether all that was sent has arrived over there, and not a byte came back for longer than that. */
    public boolean isUnanswered(long quietNanos) {
        return segments == 0 && sinceDataNanos > quietNanos;
    }

    /** It was first sent again so long ago at least: the sum of all timeouts but the last. */
    long resentForNanos() {
        return timeoutNanos - (timeoutNanos >> Math.min(doublings, Long.SIZE - 1));
    }
}
