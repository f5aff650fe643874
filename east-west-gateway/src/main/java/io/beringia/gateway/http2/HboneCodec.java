package io.beringia.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Netty's HTTP/2 codec with the settings of HBONE. Lives on its connection's event loop.
 *
 * <p>Netty's two limits on RST_STREAM are off: they count an application that aborts short connections over a pooled
 * tunnel, and a backend that refuses them, and would end all other tunnels of the connection. Instead a peer's resets are
 * judged by its identity ({@link io.beringia.gateway.limits.RapidResets}), and ours only where it provoked them by an
 * error.
 */
final class HboneCodec extends Http2ConnectionHandler {
    /** Streams that a peer may have open at once; ztunnel assumes 100 before it has seen our SETTINGS. */
    static final long STREAMS_MAX = 200;
    /** What a new stream may send before anything was taken; grows with what is taken, see {@link StreamWindows}. */
    static final int STREAM_WINDOW_BYTES = 256 * 1024;

    static final int CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
    private static final int FRAME_BYTES_MAX = 65_536;
    /** Enough for baggage; a longer list is answered with 431 by the codec. */
    static final int HEADER_LIST_BYTES_MAX = 16_384;
    /** What one stream may send before the next one may: a TLS record. Netty's own 1 KiB costs a frame for each. */
    private static final int TURN_BYTES = 16 * 1024;
    /** Control frames waiting for a peer that does not read. */
    private static final int CONTROL_FRAMES_QUEUED_MAX = 1_000;

    private static final int EMPTY_DATA_FRAMES_MAX = 2;
    private static final int SMALL_CONTINUATIONS_MAX = 16;
    /** How long a close waits for streams that are already reset or finishing. */
    private static final long CLOSE_MILLIS = 1_000;

    private final ReadBurst burst;
    private final SkippedStreams skipped = new SkippedStreams();
    private final RecentResets resets;
    private BooleanSupplier tolerated = () -> true;
    private BooleanSupplier toleratedExcess = () -> true;
    private boolean unflushed;
    /** A flush waits for the end of this turn. */
    private boolean flushing;
    /** A flush waits for somewhat longer. */
    private boolean joining;

    private Runnable flushes = () -> {};

    private Consumer<String> faults = word -> {};
    /** The connection is about to be closed for what its peer did. */
    private boolean ended;

    private HboneCodec(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            ReadBurst burst,
            RecentResets resets) {
        super(decoder, encoder, settings);
        this.burst = burst;
        this.resets = resets;
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamAdded(Http2Stream stream) {
                if (connection().remote().isValidStreamId(stream.id())) {
                    skipped.opened(stream.id());
                }
            }
        });
    }

    static HboneCodec server(ReadBurst burst, LongSupplier awakeNanos) {
        Http2Settings settings = settings().maxConcurrentStreams(STREAMS_MAX);
        return new Builder(true, settings, burst, new RecentResets(awakeNanos)).build();
    }

    static HboneCodec client(ReadBurst burst, LongSupplier awakeNanos) {
        Http2Settings settings = settings().pushEnabled(false);
        return new Builder(false, settings, burst, new RecentResets(awakeNanos)).build();
    }

    private static Http2Settings settings() {
        return new Http2Settings()
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .maxFrameSize(FRAME_BYTES_MAX)
                .maxHeaderListSize(HEADER_LIST_BYTES_MAX);
    }

    /** Asked at each error of the peer that costs only its stream; a no ends the connection. */
    void tolerateFaults(BooleanSupplier tolerates) {
        tolerated = tolerates;
    }

    /** Asked at each stream beyond those that we announced, which alone is refused; a no ends the connection. */
    void tolerateExcess(BooleanSupplier tolerates) {
        toleratedExcess = tolerates;
    }

    /** Hears the word for each thing that the peer did and HTTP/2 forbids. */
    void tellFaults(Consumer<String> listener) {
        faults = listener;
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException fault) {
        if (!outbound && fault.error() == Http2Error.STREAM_CLOSED && resets.excuses(fault.streamId())) {
            return;
        }
        if (!outbound && fault.error() == Http2Error.REFUSED_STREAM && !toleratedExcess.getAsBoolean()) {
            end(ctx, Http2Error.ENHANCE_YOUR_CALM, "streams: a flood beyond those announced (expected: none)");
            return;
        }
        boolean provoked = !outbound
                && switch (fault.error()) {
                    case REFUSED_STREAM, INTERNAL_ERROR -> false;
                    default -> true;
                };
        if (!outbound && isIdle(fault.streamId())) {
            end(ctx, Http2Error.PROTOCOL_ERROR, "stream: idle (expected: one that was opened)");
            return;
        }
        if (provoked) {
            faults.accept(fault instanceof Http2Exception.HeaderListSizeException ? "headers-too-large" : word(fault));
            use(fault.streamId());
        }
        if (provoked && !tolerated.getAsBoolean()) {
            end(ctx, Http2Error.ENHANCE_YOUR_CALM, "errors: too many (expected: none)");
        } else {
            super.onStreamError(ctx, outbound, cause, fault);
        }
    }

    /** A stream that was left out, or is ours to open and was not: a reset of it is forbidden (RFC 9113, 6.4). */
    private boolean isIdle(int streamId) {
        return skipped.contains(streamId)
                || connection().local().isValidStreamId(streamId)
                        && !connection().streamMayHaveExisted(streamId);
    }

    /** A number that we answer with a reset is never a new stream's again (RFC 9113, 5.1.1). */
    private void use(int streamId) {
        if (!connection().streamMayHaveExisted(streamId)) {
            try {
                connection().remote().createStream(streamId, false);
            } catch (Http2Exception full) {
                faults.accept(word(full));
            }
        }
    }

    /** Of our own accord. */
    void reset(ChannelHandlerContext ctx, int streamId, long code) {
        resets.add(streamId);
        resetStream(ctx, streamId, code, ctx.newPromise());
    }

    /** The connection, for that. */
    void end(ChannelHandlerContext ctx, Http2Error code, String why) {
        onError(ctx, false, Http2Exception.connectionError(code, why));
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception fault) {
        if (!outbound && fault != null) {
            faults.accept(word(fault));
        }
        if (!ended) {
            ended = true;
            ctx.executor().schedule(() -> abandon(ctx), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            super.onConnectionError(ctx, outbound, cause, fault);
        }
    }

    /** Whoever does not read is not told why, and is closed all the same. */
    private static void abandon(ChannelHandlerContext ctx) {
        ctx.channel().unsafe().close(ctx.channel().unsafe().voidPromise());
    }

    /** Of whoever went too far, what else is here is not read any more. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (ended) {
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(ctx, in, out);
        }
    }

    private static String word(Http2Exception fault) {
        return fault.error().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Flushes at the end of this turn of the loop, so that what many backends said in it leaves as one write: a system
     * call for each small message costs more than all else that is done to it.
     */
    void flushSoon(ChannelHandlerContext ctx) {
        unflushed = true;
        if (!flushing) {
            flushing = true;
            ctx.executor().execute(() -> {
                flushing = false;
                if (unflushed) {
                    flush(ctx);
                }
            });
        }
    }

    /** Flushes after so long, unless somebody else does before. */
    void flushWithin(ChannelHandlerContext ctx, Duration most) {
        unflushed = true;
        if (!flushing && !joining) {
            joining = true;
            ctx.executor()
                    .schedule(
                            () -> {
                                joining = false;
                                if (unflushed) {
                                    flush(ctx);
                                }
                            },
                            most.toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    /** Hears that what was written leaves now. */
    void tellFlushes(Runnable listener) {
        flushes = listener;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        unflushed = false;
        flushes.run();
        super.flush(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        burst.end();
        super.channelReadComplete(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
        } else {
            abandon(ctx);
        }
    }

    /** A peer that ends TLS has ended every stream. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        }
        super.userEventTriggered(ctx, event);
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<HboneCodec, Builder> {
        private final ReadBurst burst;
        private final RecentResets resets;

        private Builder(boolean server, Http2Settings settings, ReadBurst burst, RecentResets resets) {
            this.burst = burst;
            this.resets = resets;
            DefaultHttp2Connection connection = new DefaultHttp2Connection(server);
            // The connection's credit comes back at once: one stalled stream must not stop its neighbours.
            connection
                    .local()
                    .flowController(new DefaultHttp2LocalFlowController(
                            connection, DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, true));
            connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, turns(connection)));
            connection(connection);
            initialSettings(settings);
            frameListener(new Http2EventAdapter() {});
            gracefulShutdownTimeoutMillis(CLOSE_MILLIS);
            encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_QUEUED_MAX);
            encoderEnforceMaxRstFramesPerWindow(0, 0);
            decoderEnforceMaxRstFramesPerWindow(0, 0);
            decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_DATA_FRAMES_MAX);
            decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX);
            validateRequiredPseudoHeaders(false);
            if (server) {
                encoderIgnoreMaxHeaderListSize(true);
            }
        }

        /** Streams take turns of equal size; the weights of RFC 7540 are gone since RFC 9113, 5.3.1. */
        private static StreamByteDistributor turns(DefaultHttp2Connection connection) {
            UniformStreamByteDistributor turns = new UniformStreamByteDistributor(connection);
            turns.minAllocationChunk(TURN_BYTES);
            return turns;
        }

        @Override
        public HboneCodec build() {
            return super.build();
        }

        @Override
        protected HboneCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new HboneCodec(decoder, encoder, settings, burst, resets);
        }
    }
}
