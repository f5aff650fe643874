package io.beringia.gateway.http2;

import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.limits.FrameLimits;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.Limit;
import io.beringia.gateway.limits.PeerConnection;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One HBONE connection, as its server or its client: streams, windows, PINGs. Behind it stands Netty's codec, which
 * no other package sees. Lives on its channel's event loop.
 */
public final class HboneConnection {
    /** From the end of the handshake to the peer's first SETTINGS. */
    static final Duration PREFACE_TIMEOUT = Duration.ofSeconds(5);
    /** How long the client of a refused stream may take to end it. */
    private static final Duration REFUSED_LINGER = Duration.ofSeconds(1);

    /** So long small messages wait for others to be joined with, where too many have left alone. */
    private static final Duration JOIN_WITHIN = Duration.ofMillis(1);

    /** The two steps of a goodbye, a fault after them, and one to spare: what else a peer says so is no news. */
    private static final int GO_AWAYS_TOLD = 4;

    /** SETTINGS, with which a server begins, and GOAWAY(0, ENHANCE_YOUR_CALM) (RFC 9113, 3.4 and 6.8). */
    private static final byte[] ENOUGH = {
        0, 0, 0, 0x4, 0, 0, 0, 0, 0, 0, 0, 8, 0x7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xb
    };

    /** Enough for one stream of the largest window. */
    private static final long ALONE_BYTES = 64L * 1024 * 1024;

    private final ChannelHandlerContext ctx;
    private final HboneCodec codec;
    private final FrameLimits limits;
    private final Http2Connection http2;
    private final Http2Connection.PropertyKey streamKey;
    /** Of streams that count against what their peer may have open. */
    private final Http2Connection.PropertyKey countKey;

    private final ByteBudget budget;
    private final StreamWindows windows;
    private final ReadBurst burst;
    private final SmallFrames smallFrames;
    /** At most one entry for each stream that is open. */
    private final List<HboneStream> unflushed = new ArrayList<>();

    private final KeepAlive keepAlive;
    private final Pings pings;
    private final LongSupplier awakeNanos;
    private final Goodbye goodbye;
    private Consumer<GoAway> onGoAway = _ -> {};
    private int goAways;

    private static final AttributeKey<HboneConnection> ON_CHANNEL =
            AttributeKey.valueOf(HboneConnection.class, "ON_CHANNEL");

    private HboneConnection(
            Channel channel,
            HboneCodec codec,
            FrameRates rates,
            ReadBurst burst,
            LongSupplier awakeNanos,
            ByteBudget budget) {
        this.limits = new FrameLimits(rates, awakeNanos.getAsLong());
        FrameGuard guard = new FrameGuard(codec.connection().isServer(), limits, awakeNanos, this::endFor);
        channel.pipeline().addLast(guard, codec);
        this.ctx = channel.pipeline().context(codec);
        this.codec = codec;
        this.http2 = codec.connection();
        this.streamKey = http2.newKey();
        this.countKey = http2.newKey();
        this.burst = burst;
        this.budget = budget;
        this.windows = new StreamWindows(budget);
        this.awakeNanos = awakeNanos;
        this.smallFrames = new SmallFrames(awakeNanos.getAsLong());
        this.keepAlive = new KeepAlive(this, awakeNanos);
        this.pings = new Pings(awakeNanos);
        this.goodbye = new Goodbye(this, awakeNanos);
        channel.attr(ON_CHANNEL).set(this);
    }

    /**
     * The peer of this channel may say and hear nothing more: GOAWAY, every stream reset with CANCEL, and the end. On its
     * event loop.
     */
    public static void cutOff(Channel channel) {
        Optional.ofNullable(channel.attr(ON_CHANNEL).get())
                .filter(connection -> connection.channel().isActive())
                .ifPresent(HboneConnection::cutStreams);
        channel.close();
    }

    private void cutStreams() {
        writeGoAway(lastStreamTaken());
        try {
            http2.forEachActiveStream(stream -> {
                find(stream).ifPresent(HboneStream::cut);
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException("streams: not all reset (expected: each, whatever one does)", impossible);
        }
    }

    /** Ends a channel whose handshake is over: its peer has its fill of connections, and gets a second to hear so. */
    public static void refuse(Channel channel) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(ENOUGH));
        channel.eventLoop().schedule(() -> channel.close(), Goodbye.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Serves a channel whose handshake is over; time is that of its loop's own awake clock. */
    public static HboneConnection serve(
            Channel channel, LongSupplier awakeNanos, ByteBudget budget, PeerConnection peer, Requests requests) {
        ReadBurst burst = new ReadBurst(awakeNanos);
        return new HboneConnection(
                        channel, HboneCodec.server(burst, awakeNanos), peer.frames(), burst, awakeNanos, budget)
                .begin(Optional.of(peer), requests);
    }

    /** The same, for a connection that shares no budget with others. */
    public static HboneConnection dial(Channel channel, LongSupplier awakeNanos) {
        return dial(channel, awakeNanos, new ByteBudget(ALONE_BYTES, () -> {}));
    }

    /** Uses a channel whose handshake is over to open streams on; time is that of its loop's own awake clock. */
    public static HboneConnection dial(Channel channel, LongSupplier awakeNanos, ByteBudget budget) {
        ReadBurst burst = new ReadBurst(awakeNanos);
        return new HboneConnection(
                        channel, HboneCodec.client(burst, awakeNanos), FrameRates.DEFAULT, burst, awakeNanos, budget)
                .begin(Optional.empty(), (stream, headers, ended) -> {
                    throw new IllegalStateException("stream: opened by a server (expected: opened by us)");
                });
    }

    private HboneConnection begin(Optional<PeerConnection> peer, Requests requests) {
        HboneFrames frames = new HboneFrames(this, requests, peer, awakeNanos);
        codec.tellFlushes(this::onFlush);
        codec.tolerateFaults(() -> limits.admitsFault(awakeNanos.getAsLong()));
        peer.ifPresent(it -> {
            codec.tellFaults(it::broke);
            codec.tolerateExcess(it::toleratesExcess);
        });
        codec.decoder().frameListener(frames);
        http2.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                uncount(stream);
                find(stream).ifPresent(HboneStream::onClosed);
                goodbye.onStreamClosed();
            }

            @Override
            public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                goAways++;
                if (goAways <= GO_AWAYS_TOLD) {
                    onGoAway.accept(GoAway.of(lastStreamId, errorCode, debugData));
                }
            }
        });
        openConnectionWindow();
        keepAlive.start();
        AwakeTimer preface = AwakeTimer.start(eventLoop(), awakeNanos, PREFACE_TIMEOUT, () -> {
            if (!frames.seenSettings()) {
                close();
            }
        });
        channel().closeFuture().addListener(_ -> {
            preface.cancel();
            keepAlive.stop();
        });
        return this;
    }

    /** Tells, on this event loop, of the first few GOAWAYs of the peer. */
    public HboneConnection tellGoAways(Consumer<GoAway> told) {
        onGoAway = told;
        return this;
    }

    private void endFor(String excess) {
        codec.end(ctx, Http2Error.ENHANCE_YOUR_CALM, excess);
    }

    private void openConnectionWindow() {
        try {
            codec.decoder()
                    .flowController()
                    .incrementWindowSize(
                            http2.connectionStream(),
                            HboneCodec.CONNECTION_WINDOW_BYTES
                                    - codec.decoder().flowController().windowSize(http2.connectionStream()));
        } catch (Http2Exception impossible) {
            throw new IllegalStateException("connection window: refused (expected: at most 2^31-1)", impossible);
        }
        flush();
    }

    /** The peer opened a stream. */
    @FunctionalInterface
    public interface Requests {
        void onRequest(OpenedStream stream, Http2Headers headers, boolean ended);
    }

    /**
     * A stream whose head is not known yet.
     *
     * @param reached the limit for which it can only be refused
     */
    public record OpenedStream(Function<HboneStream.Head, HboneStream> attach, Optional<Limit> reached) {
        public HboneStream with(HboneStream.Head head) {
            return attach.apply(head);
        }
    }

    /** A stream of the peer; it counts against what the peer may have open, if there is room for it. */
    OpenedStream opened(Http2Stream stream, Optional<PeerConnection> peer) {
        Optional<Limit> reached = peer.flatMap(PeerConnection::opens);
        peer.filter(_ -> reached.isEmpty()).ifPresent(it -> stream.setProperty(countKey, it));
        return new OpenedStream(head -> attach(stream, head), reached);
    }

    private void uncount(Http2Stream stream) {
        PeerConnection counted = stream.getProperty(countKey);
        if (counted != null) {
            counted.closed();
        }
    }

    /** Opens a stream with these headers; empty if this connection takes no more. */
    public Optional<HboneStream> open(Http2Headers headers, HboneStream.Head head) {
        if (!hasRoom()) {
            return Optional.empty();
        }
        int id = http2.local().incrementAndGetNextStreamId();
        limits.onStream();
        codec.encoder().writeHeaders(ctx, id, headers, 0, false, ctx.newPromise());
        return Optional.ofNullable(http2.stream(id)).map(stream -> {
            flush();
            return attach(stream, head);
        });
    }

    /** How long a request may be: what the peer said, and never more than we would read ourselves. */
    public long headerListBytesMax() {
        return Math.min(
                HboneCodec.HEADER_LIST_BYTES_MAX,
                codec.encoder().configuration().headersConfiguration().maxHeaderListSize());
    }

    /** Whether the peer would take one more stream. */
    public boolean hasRoom() {
        return isOpen() && !isGoneAway() && http2.local().canOpenStream();
    }

    public boolean isOpen() {
        return ctx.channel().isActive() && !http2.goAwaySent();
    }

    /** No new stream may be opened here any more: the peer said so. */
    public boolean isGoneAway() {
        return goAways > 0;
    }

    public int streams() {
        return http2.numActiveStreams();
    }

    /** When the peer last said anything, whatever it was; awake time of this loop. */
    public long heardNanos() {
        return burst.heardNanos();
    }

    /** Smoothed round trip of our PINGs; empty before the first answer. */
    public Optional<Duration> roundTrip() {
        return keepAlive.roundTrip();
    }

    /**
     * Asks the peer whether it is there, with a PING of its own.
     *
     * @param onAnswer gets the round trip in nanoseconds, on this event loop; never called if no answer comes
     * @return false, with nothing sent, if the peer owes eight answers already
     */
    public boolean ping(LongConsumer onAnswer) {
        Optional<Long> content = pings.ask(onAnswer);
        content.ifPresent(this::writePing);
        return content.isPresent();
    }

    /** GOAWAY(NO_ERROR), then the end of the connection as soon as its streams have ended, at most a second later. */
    public void close() {
        ctx.close();
    }

    /** The peer is gone: every stream is lost now, and nothing more is written. */
    void abandon() {
        ctx.channel().unsafe().close(ctx.channel().unsafe().voidPromise());
    }

    /** Streams that are open go on, the peer opens no more, and none that is on its way is lost. */
    public void goAway() {
        goodbye.begin();
    }

    /**
     * Says goodbye after so long, unless that was said before: without it a client that always has something open would
     * stay for ever with whom it first came to, and by what it first showed.
     *
     * @param retired called, on this event loop, when it is said
     */
    public void retireAfter(Duration age, Runnable retired) {
        goodbye.beginAfter(age, retired);
    }

    /** The first of its goodbyes was sent: a second or so later, the peer opens no stream here any more. */
    public boolean isSayingGoodbye() {
        return goodbye.isBegun();
    }

    /** The peer was told goodbye at last: it opens no stream here any more. */
    public boolean hasSaidGoodbye() {
        return goodbye.isOver();
    }

    int lastStreamTaken() {
        return http2.remote().lastStreamCreated();
    }

    void writeGoAway(int lastStream) {
        codec.goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        flush();
    }

    public EventLoop eventLoop() {
        return ctx.channel().eventLoop();
    }

    public Channel channel() {
        return ctx.channel();
    }

    boolean inEventLoop() {
        return ctx.executor().inEventLoop();
    }

    boolean isServer() {
        return http2.isServer();
    }

    private HboneStream attach(Http2Stream stream, HboneStream.Head head) {
        HboneStream attached = new HboneStream(this, stream, head, awakeNanos.getAsLong());
        stream.setProperty(streamKey, attached);
        return attached;
    }

    Optional<HboneStream> find(int streamId) {
        return Optional.ofNullable(http2.stream(streamId)).flatMap(this::find);
    }

    private Optional<HboneStream> find(Http2Stream stream) {
        HboneStream found = stream.getProperty(streamKey);
        return Optional.ofNullable(found);
    }

    Http2Connection http2() {
        return http2;
    }

    void onPingAnswer(long content) {
        keepAlive.onAnswer(content);
        pings.onAnswer(content);
    }

    void touched(HboneStream stream) {
        burst.add(stream);
    }

    void writeHeaders(int streamId, Http2Headers headers, boolean ended) {
        codec.encoder().writeHeaders(ctx, streamId, headers, 0, ended, ctx.newPromise());
        flush();
    }

    ChannelFuture writeData(int streamId, ByteBuf bytes, boolean ended) {
        limits.onDataSent(bytes.readableBytes());
        return codec.encoder().writeData(ctx, streamId, bytes, 0, ended, ctx.newPromise());
    }

    /** Something of that stream waits to be flushed. */
    void unflushed(HboneStream stream) {
        unflushed.add(stream);
    }

    private void onFlush() {
        if (!unflushed.isEmpty()) {
            long nowNanos = awakeNanos.getAsLong();
            for (int i = 0; i < unflushed.size(); i++) {
                unflushed.get(i).flushed(smallFrames, nowNanos);
            }
            unflushed.clear();
        }
    }

    void taken(int weight) {
        smallFrames.taken(weight);
    }

    /** What is small waits for more of its stream while small frames weigh too much on the peer. */
    void flushSmall() {
        if (smallFrames.isFull(awakeNanos.getAsLong())) {
            codec.flushWithin(ctx, JOIN_WITHIN);
        } else {
            flush();
        }
    }

    void writeReset(int streamId, Reset why) {
        codec.reset(ctx, streamId, why.code());
        flush();
    }

    void writePing(long content) {
        codec.encoder().writePing(ctx, false, content, ctx.newPromise());
        flush();
    }

    void flush() {
        codec.flushSoon(ctx);
    }

    void consume(Http2Stream stream, int bytes) {
        try {
            if (codec.decoder().flowController().consumeBytes(stream, bytes)) {
                flush();
            }
        } catch (Http2Exception fault) {
            codec.onError(ctx, true, fault);
        }
    }

    /** Bytes by which the window of a stream changes, all of which was taken. */
    int resizeWindow(Http2Stream stream, int window) {
        int by = windows.next(window);
        if (by != 0) {
            try {
                codec.decoder().flowController().incrementWindowSize(stream, by);
                flush();
            } catch (Http2Exception fault) {
                codec.onError(ctx, true, fault);
            }
        }
        return by;
    }

    ByteBudget budget() {
        return budget;
    }

    void giveBackWindow(int window) {
        windows.giveBack(window);
    }

    void endSoon(HboneStream refused) {
        ctx.executor().schedule(refused::endRefused, REFUSED_LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
