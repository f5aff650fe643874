package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.RoundTrip;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long the oldest bytes that we sent on one connection have waited to be acknowledged, as far as can be told: the
 * kernel says when an acknowledgement came last and how often it has sent again, not for which bytes. Immutable; times
 * are nanoseconds of one monotonic clock.
 *
 * @param progressNanos when nothing waited, or something was acknowledged, for all that was seen
 */
record Unacknowledged(long progressNanos) {
    /**
     * What the kernel says of a connection ({@code struct tcp_info} of Linux).
     *
     * @param segments that were sent and not acknowledged
     * @param sinceAckNanos since the last acknowledgement, whatever it was for
     * @param timeoutNanos after which it sends again, doubled each time that it did so in vain
     * @param doublings of that
     */
    record Sample(long segments, long sinceAckNanos, long timeoutNanos, int doublings, RoundTrip roundTrip) {
        /** Empty where the kernel is not asked. On the channel's event loop. */
        static Optional<Sample> of(Channel channel) {
            return channel instanceof EpollSocketChannel socket && socket.isActive()
                    ? Optional.of(of(socket.tcpInfo()))
                    : Optional.empty();
        }

        private static Sample of(EpollTcpInfo info) {
            return new Sample(
                    info.unacked(),
                    TimeUnit.MILLISECONDS.toNanos(info.lastAckRecv()),
                    TimeUnit.MICROSECONDS.toNanos(info.rto()),
                    info.backoff(),
                    new RoundTrip(
                            TimeUnit.MICROSECONDS.toNanos(info.rtt()), TimeUnit.MICROSECONDS.toNanos(info.rttvar())));
        }

        /** It was first sent again so long ago at least: the sum of all timeouts but the last. */
        private long resentForNanos() {
            return timeoutNanos - (timeoutNanos >> Math.min(doublings, Long.SIZE - 1));
        }
    }

    Unacknowledged seen(Sample sample, long nowNanos) {
        long waiting = sample.segments() == 0 ? 0 : Math.min(sample.sinceAckNanos(), nowNanos - progressNanos);
        return new Unacknowledged(nowNanos - waiting);
    }

    /** Whether they have waited for as long as a silence that condemns a path. */
    boolean isTooLong(Sample sample, long nowNanos) {
        long waiting = Math.max(nowNanos - progressNanos, sample.resentForNanos());
        return sample.segments() > 0 && waiting > PathRules.downAfterNanos(sample.roundTrip());
    }
}
