package io.beringia.gateway.http2;

import io.beringia.gateway.limits.Limit;
import io.beringia.gateway.limits.PeerConnection;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the peer sends, one call a frame. Lives on its connection's event loop. */
final class HboneFrames extends Http2EventAdapter {
    private static final Optional<Limit> FLOOD = Optional.of(Limit.FLOOD);

    private final HboneConnection connection;
    private final HboneConnection.Requests requests;
    private final Optional<PeerConnection> peer;
    private final LongSupplier awakeNanos;
    private boolean seenSettings;

    HboneFrames(
            HboneConnection connection,
            HboneConnection.Requests requests,
            Optional<PeerConnection> peer,
            LongSupplier awakeNanos) {
        this.connection = connection;
        this.requests = requests;
        this.peer = peer;
        this.awakeNanos = awakeNanos;
    }

    boolean seenSettings() {
        return seenSettings;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        Optional<HboneStream> known = connection.find(streamId);
        if (known.isPresent()) {
            if (connection.isServer() || !isInformational(headers)) {
                known.get().onHeaders(headers, endOfStream);
            }
            return;
        }
        Http2Stream opened = connection.http2().stream(streamId);
        if (opened != null && connection.isServer()) {
            requireWhole(streamId, headers);
            HboneConnection.OpenedStream stream = connection.opened(opened, peer);
            if (stream.reached().equals(FLOOD)) {
                throw Http2Exception.connectionError(
                        Http2Error.ENHANCE_YOUR_CALM, "streams: a flood of new ones (expected: fewer a second)");
            }
            guarded(ctx, streamId, () -> requests.onRequest(stream, headers, endOfStream));
        }
    }

    /** RFC 9113, 8.3.1. What is wrong with a CONNECT is said by a status, later. */
    private static void requireWhole(int streamId, Http2Headers headers) throws Http2Exception {
        boolean whole = headers.method() != null && headers.scheme() != null && headers.path() != null;
        if (!whole && !AsciiString.contentEquals(HttpMethod.CONNECT.asciiName(), headers.method())) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.PROTOCOL_ERROR, "request: without a pseudo-header (expected: all of them)");
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    private static boolean isInformational(Http2Headers headers) {
        CharSequence status = headers.status();
        return status != null && HttpStatusClass.valueOf(status) == HttpStatusClass.INFORMATIONAL;
    }

    /** Credit is given later, when the other side has taken the bytes; only padding is ours. */
    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        Optional<HboneStream> known = connection.find(streamId);
        if (known.isEmpty()) {
            return data.readableBytes() + padding;
        }
        guarded(ctx, streamId, () -> known.get().onData(data, endOfStream));
        return padding;
    }

    /** A fault of ours costs the stream that met it, and none of its neighbours; the end of the pipeline logs it. */
    private static void guarded(ChannelHandlerContext ctx, int streamId, Runnable act) throws Http2Exception {
        try {
            act.run();
        } catch (RuntimeException fault) {
            ctx.fireExceptionCaught(fault);
            throw Http2Exception.streamError(streamId, Http2Error.INTERNAL_ERROR, fault, "stream: a fault of ours");
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        Optional<HboneStream> known = connection.find(streamId);
        if (known.isEmpty()) {
            return;
        }
        boolean untouched = known.get().isUntouched();
        known.get().lost(new Reset(errorCode));
        if (untouched
                && peer.isPresent()
                && !peer.get()
                        .toleratesReset(awakeNanos.getAsLong() - known.get().openedNanos())) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "streams: taken back at once (expected: used)");
        }
    }

    /** Room for more is given for what was taken. */
    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement) {
        connection.find(streamId).ifPresent(HboneStream::taken);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        seenSettings = true;
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.onPingAnswer(data);
    }
}
