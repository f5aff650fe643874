package io.beringia.gateway.outbound;

import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.gateway.time.AwakeTimer;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.identity.SpiffeId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * An inner HBONE of our own, inside the stream of an outer one: TLS 1.3, HTTP/2 and one CONNECT, for the host proxy and
 * the path probe. Never pooled, and never for carried traffic: whoever carries has no key for it. Lives on the
 * stream's event loop.
 */
public final class InnerTunnel implements Attempt, HboneStream.Head {
    /** From the end of the handshake to the answer; every server answers within 5 s. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final String OK = "200";

    private final EventLoop loop;
    private final InnerChannel channel;
    private final InetSocketAddress local;
    private final Http2Headers connect;
    private final LongSupplier awakeNanos;
    private final Duration patience;
    private final Outcome outcome;
    private Optional<HboneConnection> connection = Optional.empty();
    private Optional<HboneStream> stream = Optional.empty();
    private boolean over;

    private InnerTunnel(
            EventLoop loop,
            InnerChannel channel,
            InetSocketAddress local,
            Http2Headers connect,
            LongSupplier awakeNanos,
            Duration patience,
            Outcome outcome) {
        this.loop = loop;
        this.channel = channel;
        this.local = local;
        this.connect = connect;
        this.awakeNanos = awakeNanos;
        this.patience = patience;
        this.outcome = outcome;
    }

    /** The same, with the usual patience. */
    public static InnerTunnel open(
            EventLoop loop,
            RelayEnd outer,
            InetSocketAddress local,
            TlsContexts contexts,
            Set<SpiffeId> expected,
            Http2Headers connect,
            LongSupplier awakeNanos,
            Outcome outcome) {
        return open(loop, outer, local, contexts, expected, connect, awakeNanos, CONNECT_TIMEOUT, outcome);
    }

    /**
     * Begins on a stream that was answered with 200 and not started yet.
     *
     * @param local address of the outer connection, handed on to {@code outcome}
     * @param expected who must answer inside; nobody may if it is empty
     * @param connect header block of the inner CONNECT
     * @param awakeNanos the loop's own awake clock
     * @param patience for the answer, from when it was asked
     */
    public static InnerTunnel open(
            EventLoop loop,
            RelayEnd outer,
            InetSocketAddress local,
            TlsContexts contexts,
            Set<SpiffeId> expected,
            Http2Headers connect,
            LongSupplier awakeNanos,
            Duration patience,
            Outcome outcome) {
        assert loop.inEventLoop();
        InnerChannel channel = new InnerChannel(outer, awakeNanos);
        InnerTunnel tunnel = new InnerTunnel(loop, channel, local, connect, awakeNanos, patience, outcome);
        channel.pipeline().addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel inner) {
                contexts.connect(inner, expected, awakeNanos, tunnel::onHandshake);
            }
        });
        channel.closeFuture().addListener(_ -> tunnel.fail(new DialFailure.Lost("inner tunnel: closed")));
        loop.register(channel);
        outer.start(channel);
        return tunnel;
    }

    /** Any thread. Where the inner handshake happens, for whoever judges its peer again. */
    public Channel channel() {
        return channel;
    }

    /** Ends the tunnel after its stream has ended. */
    public void close() {
        connection.ifPresentOrElse(HboneConnection::close, channel::close);
    }

    @Override
    public void cancel() {
        over = true;
        close();
    }

    private void onHandshake(Channel inner, HandshakeResult result) {
        switch (result) {
            case HandshakeResult.Trusted _ -> ask(inner);
            case HandshakeResult.Failed failed -> fail(new DialFailure.TlsFailed(failed.word(), failed.detail()));
        }
    }

    private void ask(Channel inner) {
        HboneConnection opened = HboneConnection.dial(inner, awakeNanos);
        connection = Optional.of(opened);
        stream = opened.open(connect, this);
        if (stream.isEmpty()) {
            fail(new DialFailure.Lost("inner tunnel: takes no stream"));
        }
        AwakeTimer.start(loop, awakeNanos, patience, () -> fail(new DialFailure.TimedOut()));
    }

    @Override
    public void onHeaders(Http2Headers answer, boolean ended) {
        String status = String.valueOf(answer.status());
        if (!status.equals(OK) || stream.isEmpty()) {
            CharSequence reason = answer.get(ConnectHeaders.REASON);
            fail(new DialFailure.Answered(PeerDial.number(status), reason == null ? "" : reason.toString()));
        } else if (!over) {
            over = true;
            outcome.onConnected(stream.get(), local);
        }
    }

    @Override
    public void onLost(Reset why) {
        fail(new DialFailure.Lost("inner stream: " + why.word()));
    }

    private void fail(DialFailure why) {
        if (!over) {
            over = true;
            close();
            outcome.onFailed(why);
        }
    }
}
