package io.beringia.gateway.http2;

import io.beringia.gateway.time.AwakeTimer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a connection takes no more: streams that are open go on, and none that is on its way is lost, since a first GOAWAY
 * names no stream, and the last one comes when a PING behind the first has been answered (RFC 9113, 6.8). Lives on its
 * connection's event loop.
 */
final class Goodbye {
    /** A peer that does not answer within this knows enough, or is gone. */
    static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final HboneConnection connection;
    private final LongSupplier awakeNanos;
    private boolean begun;
    private boolean over;

    Goodbye(HboneConnection connection, LongSupplier awakeNanos) {
        this.connection = connection;
        this.awakeNanos = awakeNanos;
    }

    /** Says it, unless that was done before. */
    void begin() {
        if (begun || !connection.isOpen()) {
            return;
        }
        begun = true;
        connection.writeGoAway(Integer.MAX_VALUE);
        if (connection.ping(_ -> sayLast())) {
            after(TIMEOUT, this::sayLast);
        } else {
            sayLast();
        }
    }

    /** @param told called, on this event loop, when it is said for this reason and no other */
    void beginAfter(Duration age, Runnable told) {
        AwakeTimer timer = after(age, () -> {
            if (!begun) {
                told.run();
                begin();
            }
        });
        connection.channel().closeFuture().addListener(_ -> timer.cancel());
    }

    private AwakeTimer after(Duration time, Runnable act) {
        return AwakeTimer.start(connection.eventLoop(), awakeNanos, time, act);
    }

    private void sayLast() {
        if (!over && connection.channel().isActive()) {
            over = true;
            connection.writeGoAway(connection.lastStreamTaken());
            closeIfLeft();
        }
    }

    void onStreamClosed() {
        if (over) {
            connection.eventLoop().execute(this::closeIfLeft);
        }
    }

    /** Whoever was told goodbye comes back for nothing. */
    private void closeIfLeft() {
        if (connection.streams() == 0) {
            connection.close();
        }
    }

    /** A second or so later the peer opens no stream here any more. */
    boolean isBegun() {
        return begun;
    }

    /** The peer opens no stream here any more. */
    boolean isOver() {
        return over;
    }
}
