package io.beringia.gateway.outbound;

import io.beringia.gateway.http2.GoAway;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.gateway.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One outer connection to another gateway. Dials that come before its handshake is over wait for it. Lives on one
 * event loop.
 */
final class PeerTunnel {
    /** What ztunnel puts on one connection, and every gateway accepts. */
    static final int STREAMS_MAX = 100;

    private final TlsContexts contexts;
    private final LongSupplier awakeNanos;
    private final ByteBudget budget;
    private final Consumer<GoAway> onGoAway;
    private final Queue<PeerDial> waiting = new ArrayDeque<>();
    private final long retiresNanos;
    private State state;
    private long idleSinceNanos;
    private Optional<Long> doubtedNanos = Optional.empty();
    private Unacknowledged unacknowledged;
    private boolean stuck;

    /** Where the connection stands. */
    private sealed interface State {
        record Connecting() implements State {}

        record Open(HboneConnection connection) implements State {}

        record Closed(DialFailure why) implements State {}
    }

    /** @param age after which it is given nothing new */
    PeerTunnel(
            TlsContexts contexts, Duration age, LongSupplier awakeNanos, ByteBudget budget, Consumer<GoAway> onGoAway) {
        this.contexts = contexts;
        this.awakeNanos = awakeNanos;
        this.budget = budget;
        this.onGoAway = onGoAway;
        this.retiresNanos = awakeNanos.getAsLong() + age.toNanos();
        this.state = new State.Connecting();
        this.idleSinceNanos = awakeNanos.getAsLong();
        this.unacknowledged = new Unacknowledged(idleSinceNanos);
    }

    void onConnect(ChannelFuture connect) {
        if (!connect.isSuccess()) {
            fail(DialFailure.of(connect.cause()));
        }
    }

    void onHandshake(Channel channel, HandshakeResult result) {
        switch (result) {
            case HandshakeResult.Trusted _ -> {
                HboneConnection connection =
                        HboneConnection.dial(channel, awakeNanos, budget).tellGoAways(onGoAway);
                state = new State.Open(connection);
                while (!waiting.isEmpty()) {
                    open(connection, waiting.remove());
                }
            }
            case HandshakeResult.Failed failed -> fail(new DialFailure.TlsFailed(failed.word(), failed.detail()));
        }
    }

    void onClosed() {
        fail(new DialFailure.Lost("connection: closed in its handshake"));
    }

    /** It is never made, since so many others are. */
    void onFull(int connections) {
        fail(new DialFailure.Full(
                "connections: " + connections + " there, of " + STREAMS_MAX + " tunnels each, are full"));
    }

    private void fail(DialFailure why) {
        state = new State.Closed(why);
        while (!waiting.isEmpty()) {
            waiting.remove().onFailed(why);
        }
    }

    /** Whether one more dial may be given to it, by somebody with these contexts. */
    boolean takes(TlsContexts current) {
        return !isRetired(current)
                && switch (state) {
                    case State.Connecting _ -> waiting.size() < STREAMS_MAX;
                    case State.Open open ->
                        open.connection().hasRoom() && open.connection().streams() < STREAMS_MAX;
                    case State.Closed _ -> false;
                };
    }

    /** Whether it only carries what it has: it is old, its peer said goodbye, or our key is another now. */
    boolean isRetired(TlsContexts current) {
        return current != contexts
                || awakeNanos.getAsLong() - retiresNanos >= 0
                || switch (state) {
                    case State.Connecting _ -> false;
                    case State.Open open ->
                        !open.connection().isOpen() || open.connection().isGoneAway();
                    case State.Closed _ -> true;
                };
    }

    /** A dial that was given to it then has no answer in time. A peer that lives will say so at once. */
    void doubt(long askedNanos) {
        if (!isDoubted()) {
            doubtedNanos = Optional.of(askedNanos);
            if (isDoubted() && state instanceof State.Open open) {
                open.connection().ping(_ -> {});
            }
        }
    }

    /** Asks the kernel; often enough that what it says is of now. */
    void look() {
        if (state instanceof State.Open open) {
            KernelSample.of(open.connection().channel()).ifPresent(this::look);
        }
    }

    private void look(KernelSample sample) {
        long now = awakeNanos.getAsLong();
        unacknowledged = unacknowledged.seen(sample, now);
        stuck = unacknowledged.isTooLong(sample, now);
    }

    /**
     * Whether nothing at all was heard on it since a dial was given to it that got no answer in time, or its bytes are not
     * acknowledged: the way of this one connection may be broken while that of others is not. It is asked for nothing new
     * until that is over.
     */
    boolean isSilent() {
        return stuck || isDoubted();
    }

    private boolean isDoubted() {
        return doubtedNanos.isPresent()
                && switch (state) {
                    case State.Connecting _ -> true;
                    case State.Open open -> open.connection().heardNanos() - doubtedNanos.get() <= 0;
                    case State.Closed _ -> false;
                };
    }

    void give(PeerDial dial) {
        switch (state) {
            case State.Connecting _ -> waiting.add(dial);
            case State.Open open -> open(open.connection(), dial);
            case State.Closed closed -> dial.onFailed(closed.why());
        }
    }

    void forget(PeerDial dial) {
        waiting.remove(dial);
    }

    private void open(HboneConnection connection, PeerDial dial) {
        Http2Headers headers = dial.headers();
        if (!HeaderRoom.fit(headers, connection.headerListBytesMax())) {
            dial.onFailed(new DialFailure.TooLong("headers: " + HeaderRoom.bytes(headers) + " bytes (expected: at most "
                    + connection.headerListBytesMax() + ")"));
            return;
        }
        Optional<HboneStream> stream = connection.open(headers, dial);
        if (stream.isPresent()) {
            dial.onOpened(stream.get());
        } else {
            dial.onFailed(new DialFailure.Full("connection: takes no more streams"));
        }
    }

    boolean isClosed() {
        return state instanceof State.Closed;
    }

    /** Closes the connection if nothing was carried for that long, or nothing new may be. */
    void closeIfIdle(TlsContexts current, long idleNanos) {
        if (state instanceof State.Open open) {
            long now = awakeNanos.getAsLong();
            if (open.connection().streams() > 0) {
                idleSinceNanos = now;
            } else if (now - idleSinceNanos >= idleNanos || isRetired(current)) {
                open.connection().close();
            }
        }
    }

    void close() {
        if (state instanceof State.Open open) {
            open.connection().close();
        }
    }
}
