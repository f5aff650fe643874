package io.beringia.gateway.http2;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Our own PINGs on one connection: they find a peer that is gone, and measure the round trip. Lives on its
 * connection's event loop.
 */
final class KeepAlive {
    /** As often as ztunnel. */
    static final Duration EVERY = Duration.ofSeconds(10);
    /** Without an answer for this long the connection is closed, as ztunnel does. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** Weight of one new round trip against the smoothed one (RFC 6298, section 2). */
    private static final int SMOOTHING = 8;

    private final HboneConnection connection;
    private final LongSupplier awakeNanos;
    private long asked;
    private long answered;
    private long askedNanos;
    private Optional<Duration> roundTrip = Optional.empty();
    private Optional<Future<?>> next = Optional.empty();

    KeepAlive(HboneConnection connection, LongSupplier awakeNanos) {
        this.connection = connection;
        this.awakeNanos = awakeNanos;
    }

    void start() {
        ask();
    }

    private void ask() {
        asked++;
        askedNanos = awakeNanos.getAsLong();
        connection.writePing(asked);
        again(EVERY);
    }

    private void again(Duration later) {
        next = Optional.of(connection.eventLoop().schedule(this::step, later.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** The connection is gone, and must not be held until the next PING would have been due. */
    void stop() {
        next.ifPresent(one -> one.cancel(false));
    }

    private void step() {
        if (!connection.channel().isActive()) {
            return;
        }
        Duration left = TIMEOUT.minusNanos(awakeNanos.getAsLong() - askedNanos);
        if (answered == asked) {
            ask();
        } else if (left.isPositive()) {
            again(left.compareTo(EVERY) < 0 ? left : EVERY);
        } else {
            connection.abandon();
        }
    }

    void onAnswer(long content) {
        if (content == asked && answered != asked) {
            answered = asked;
            Duration sample = Duration.ofNanos(awakeNanos.getAsLong() - askedNanos);
            roundTrip = Optional.of(roundTrip
                    .map(known -> known.plus(sample.minus(known).dividedBy(SMOOTHING)))
                    .orElse(sample));
        }
    }

    Optional<Duration> roundTrip() {
        return roundTrip;
    }
}
