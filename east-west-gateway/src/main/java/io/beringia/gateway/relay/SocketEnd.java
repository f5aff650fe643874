package io.beringia.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * A TCP connection as one end of a tunnel. Its channel must allow half-closure and have auto-read off until
 * {@link #start}. Lives on its channel's event loop.
 */
public final class SocketEnd extends ChannelInboundHandlerAdapter implements RelayEnd {
    /** Bytes delivered and not yet taken by the other side, beyond which reading stops. */
    static final int OPEN_BYTES_MAX = 256 * 1024;
    /** Below this, reading goes on. */
    private static final int OPEN_BYTES_RESUME = OPEN_BYTES_MAX / 2;

    private final DuplexChannel channel;
    /** What came before {@link #start}: a peer that writes and closes at once is read to its end although auto-read is off. */
    private final Queue<ByteBuf> kept = new ArrayDeque<>();

    private Optional<Events> events = Optional.empty();
    private int openBytes;
    private boolean inputOver;
    private boolean outputOver;
    private boolean gone;

    public SocketEnd(DuplexChannel channel) {
        this.channel = channel;
    }

    /** Puts itself at the end of the channel's pipeline. */
    public static SocketEnd on(DuplexChannel channel) {
        SocketEnd end = new SocketEnd(channel);
        channel.pipeline().addLast(end);
        return end;
    }

    @Override
    public void start(Events them) {
        assert channel.eventLoop().inEventLoop();
        events = Optional.of(them);
        if (gone || !channel.isActive()) {
            gone = true;
            them.onReset(Reset.CONNECT_ERROR);
            return;
        }
        deliverKept(them);
        if (inputOver && !gone) {
            them.onFinished();
        } else if (!gone) {
            channel.config().setAutoRead(true);
        }
    }

    private void deliverKept(Events them) {
        boolean any = !kept.isEmpty();
        while (!kept.isEmpty()) {
            ByteBuf bytes = kept.remove();
            openBytes += bytes.readableBytes();
            them.onBytes(bytes);
        }
        if (any) {
            them.onReadComplete();
        }
    }

    private void dropKept() {
        while (!kept.isEmpty()) {
            kept.remove().release();
        }
    }

    @Override
    public ChannelFuture write(ByteBuf bytes) {
        return channel.write(bytes);
    }

    @Override
    public void flush() {
        channel.flush();
    }

    /** Waits for what was written before: Netty drops the queue of a channel whose output it shuts down. */
    @Override
    public void finish() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput());
    }

    /** With nothing left to read, a close says the same to the peer for less: Netty's shutdown makes an exception each time. */
    private void endOutput() {
        if (inputOver) {
            onOutputOver();
        } else {
            channel.shutdownOutput().addListener(_ -> onOutputOver());
        }
    }

    private void onOutputOver() {
        outputOver = true;
        closeWhenBothOver();
    }

    @Override
    public void reset(Reset why) {
        gone = true;
        if (!why.isQuiet()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    public void credit(int bytes) {
        openBytes -= bytes;
        if (openBytes < OPEN_BYTES_RESUME && !inputOver && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public boolean pause() {
        channel.config().setAutoRead(false);
        return true;
    }

    /** Where this end is connected to. */
    public Channel channel() {
        return channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (gone || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        if (events.isEmpty()) {
            kept.add(bytes);
            return;
        }
        openBytes += bytes.readableBytes();
        if (openBytes >= OPEN_BYTES_MAX) {
            channel.config().setAutoRead(false);
        }
        events.get().onBytes(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        events.ifPresent(Events::onReadComplete);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !inputOver && !gone) {
            inputOver = true;
            // Else epoll says once more that there is something to read.
            channel.config().setAutoRead(false);
            events.ifPresent(Events::onFinished);
            closeWhenBothOver();
        }
    }

    private void closeWhenBothOver() {
        if (inputOver && outputOver) {
            gone = true;
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lost(Reset.CONNECT_ERROR);
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropKept();
        lost(Reset.CONNECT_ERROR);
    }

    private void lost(Reset why) {
        if (!gone) {
            gone = true;
            events.ifPresent(them -> them.onReset(why));
        }
    }
}
