package io.beringia.gateway.http2;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * One CONNECT stream as one end of a tunnel. Bytes that come before {@link #start} are kept, bounded by the stream's
 * window, and dropped if it never starts. Lives on its connection's event loop.
 */
public final class HboneStream implements RelayEnd {
    private final HboneConnection connection;
    private final Http2Stream stream;
    private final Head head;
    private final long openedNanos;
    private final SmallPieces pieces;
    private final Queue<ByteBuf> kept = new ArrayDeque<>();
    private Optional<Events> events = Optional.empty();
    private int window = HboneCodec.STREAM_WINDOW_BYTES;
    private int takenBytes;
    private int keptBytes;
    /** Written and not flushed yet. */
    private int unflushedBytes;
    /** Of small frames that the peer may not have taken yet. */
    private int weight;

    private boolean inBurst;
    private boolean remoteEnded;
    private boolean localEnded;
    private boolean refused;
    private boolean carried;
    private boolean over;

    HboneStream(HboneConnection connection, Http2Stream stream, Head head, long openedNanos) {
        this.connection = connection;
        this.stream = stream;
        this.head = head;
        this.openedNanos = openedNanos;
        this.pieces = new SmallPieces(connection.channel().alloc());
    }

    /** What happens to a stream before it carries bytes. */
    public interface Head {
        /** The answer to our CONNECT; never called on a stream that the peer opened. */
        void onHeaders(Http2Headers headers, boolean ended);

        /** The stream ended before {@link RelayEnd#start}. */
        void onLost(Reset why);
    }

    public HboneConnection connection() {
        return connection;
    }

    /** Answers the peer's CONNECT; the stream goes on. */
    public void accept(Http2Headers headers) {
        connection.writeHeaders(stream.id(), headers, false);
    }

    /** Answers the peer's CONNECT and ends the stream; whatever else the peer sends on it is dropped. */
    public void refuse(Http2Headers headers) {
        if (over) {
            return;
        }
        refused = true;
        localEnded = true;
        passOnPieces();
        dropKept();
        connection.writeHeaders(stream.id(), headers, true);
        connection.endSoon(this);
    }

    /** The peer's headers had END_STREAM. */
    public void endedByPeer() {
        remoteEnded = true;
    }

    /** RFC 9113, section 8.1: the answer is complete, the rest of the request is not wanted. */
    void endRefused() {
        if (!over) {
            reset(Reset.NO_ERROR);
        }
    }

    @Override
    public void start(Events them) {
        assert connection.inEventLoop();
        events = Optional.of(them);
        if (over) {
            them.onReset(Reset.CONNECT_ERROR);
            return;
        }
        boolean any = !kept.isEmpty();
        while (!kept.isEmpty()) {
            ByteBuf bytes = kept.remove();
            unkeep(bytes.readableBytes());
            them.onBytes(bytes);
        }
        if (any) {
            them.onReadComplete();
        }
        if (remoteEnded && !over) {
            them.onFinished();
        }
    }

    @Override
    public ChannelFuture write(ByteBuf bytes) {
        int more = bytes.readableBytes();
        if (unflushedBytes == 0 && more > 0) {
            connection.unflushed(this);
        }
        unflushedBytes += more;
        return connection.writeData(stream.id(), bytes, false);
    }

    @Override
    public void flush() {
        if (unflushedBytes < SmallFrames.JOINED_BYTES) {
            connection.flushSmall();
        } else {
            connection.flush();
        }
    }

    /** What was written leaves as one frame, or as more that are not small. */
    void flushed(SmallFrames frames, long nowNanos) {
        weight += frames.sent(unflushedBytes, nowNanos);
        unflushedBytes = 0;
    }

    /** The peer has most likely taken what we sent it. */
    void taken() {
        if (weight > 0) {
            connection.taken(weight);
            weight = 0;
        }
    }

    @Override
    public void finish() {
        localEnded = true;
        connection.writeData(stream.id(), Unpooled.EMPTY_BUFFER, true);
        connection.flush();
    }

    @Override
    public void reset(Reset why) {
        if (!over) {
            end();
            connection.writeReset(stream.id(), why);
        }
    }

    @Override
    public void credit(int bytes) {
        if (over) {
            return;
        }
        connection.consume(stream, bytes);
        takenBytes += bytes;
        if (takenBytes >= window) {
            takenBytes = 0;
            window += connection.resizeWindow(stream, window);
        }
    }

    /** The peer may fill its window, whatever we want. */
    @Override
    public boolean pause() {
        return false;
    }

    void onHeaders(Http2Headers headers, boolean ended) throws Http2Exception {
        if (over || refused) {
            return;
        }
        if (ended) {
            remoteEnded = true;
        }
        if (connection.isServer() || events.isPresent()) {
            violated();
        } else {
            head.onHeaders(headers, ended);
        }
    }

    /** RFC 9113, section 8.5: only DATA may follow on the stream of a CONNECT. */
    private void violated() throws Http2Exception {
        lost(Reset.PROTOCOL_ERROR);
        throw Http2Exception.streamError(
                stream.id(), Http2Error.PROTOCOL_ERROR, "fields: on an open tunnel (expected: DATA alone)");
    }

    void onData(ByteBuf bytes, boolean ended) {
        if (over) {
            return;
        }
        if (bytes.isReadable()) {
            carried = true;
            taken();
            take(bytes);
        }
        if (ended && !over) {
            passOnPieces();
            remoteEnded = true;
            events.ifPresent(Events::onFinished);
        }
    }

    private void take(ByteBuf bytes) {
        if (refused) {
            connection.consume(stream, bytes.readableBytes());
            return;
        }
        connection.touched(this);
        if (!SmallPieces.isSmall(bytes)) {
            passOnPieces();
            passOn(bytes.retain());
            return;
        }
        if (!pieces.hasRoomFor(bytes)) {
            passOnPieces();
        }
        pieces.add(bytes);
    }

    private void passOnPieces() {
        if (!pieces.isEmpty()) {
            passOn(pieces.take());
        }
    }

    private void passOn(ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else if (events.isPresent()) {
            events.get().onBytes(bytes);
        } else {
            keep(bytes);
        }
    }

    private void keep(ByteBuf bytes) {
        kept.add(bytes);
        keptBytes += bytes.readableBytes();
        connection.budget().hold(bytes.readableBytes());
        if (!connection.budget().admits(keptBytes)) {
            connection.budget().cut();
            cut();
        }
    }

    private void unkeep(int bytes) {
        keptBytes -= bytes;
        connection.budget().release(bytes);
    }

    /** The peer, the codec or the connection ended the stream. */
    void lost(Reset why) {
        passOnPieces();
        if (over) {
            return;
        }
        end();
        if (refused) {
            return;
        }
        events.ifPresentOrElse(them -> them.onReset(why), () -> head.onLost(why));
    }

    /** We end it, and nobody asked us to. */
    void cut() {
        if (!over) {
            connection.writeReset(stream.id(), Reset.CANCEL);
            lost(Reset.CANCEL);
        }
    }

    /** The codec has closed the stream: both ways ended, or it was lost. */
    void onClosed() {
        if (localEnded && remoteEnded) {
            if (!over) {
                end();
            }
        } else {
            lost(Reset.CONNECT_ERROR);
        }
    }

    private void end() {
        over = true;
        taken();
        pieces.take().release();
        dropKept();
        connection.giveBackWindow(window);
    }

    private void dropKept() {
        while (!kept.isEmpty()) {
            ByteBuf bytes = kept.remove();
            unkeep(bytes.readableBytes());
            if (!over) {
                connection.consume(stream, bytes.readableBytes());
            }
            bytes.release();
        }
    }

    /** Nothing came on it, and we did not end it. */
    boolean isUntouched() {
        return !carried && !refused && !over;
    }

    /** In awake time of its loop. */
    public long openedNanos() {
        return openedNanos;
    }

    boolean touch() {
        boolean first = !inBurst;
        inBurst = true;
        return first;
    }

    void readComplete() {
        inBurst = false;
        passOnPieces();
        if (!over) {
            events.ifPresent(Events::onReadComplete);
        }
    }
}
