package io.beringia.gateway.outbound;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A channel inside a stream: what its pipeline writes are the stream's bytes. It carries the TLS of an inner tunnel.
 * Its closing is an END_STREAM, so that the last record arrives; a peer that does not end its side is cut off. Lives
 * on the stream's event loop.
 */
final class InnerChannel extends AbstractChannel implements RelayEnd.Events {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    /** Bytes given to the stream that have not left yet, beyond which we keep the rest back. */
    private static final int UNDER_WAY_BYTES_MAX = 256 * 1024;
    /** How long the other side may take to end the stream after we did. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final RelayEnd outer;
    private final LongSupplier awakeNanos;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private int underWayBytes;
    private boolean open = true;
    private boolean inputOver;
    private boolean lost;

    /** @param awakeNanos the loop's own awake clock */
    InnerChannel(RelayEnd outer, LongSupplier awakeNanos) {
        super(null);
        this.outer = outer;
        this.awakeNanos = awakeNanos;
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        int size = bytes.readableBytes();
        if (open) {
            pipeline().fireChannelRead(bytes);
        } else {
            bytes.release();
        }
        if (!lost) {
            // HTTP/2 inside has windows of its own, so nothing piles up behind this credit.
            outer.credit(size);
        }
    }

    @Override
    public void onReadComplete() {
        if (open) {
            pipeline().fireChannelReadComplete();
        }
    }

    @Override
    public void onFinished() {
        inputOver = true;
        unsafe().close(voidPromise());
    }

    @Override
    public void onReset(Reset why) {
        lost = true;
        unsafe().close(voidPromise());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        while (underWayBytes < UNDER_WAY_BYTES_MAX && in.current() instanceof ByteBuf bytes) {
            int size = bytes.readableBytes();
            underWayBytes += size;
            outer.write(bytes.retain()).addListener(_ -> onWritten(size));
            in.remove();
            if (underWayBytes >= UNDER_WAY_BYTES_MAX || in.current() == null) {
                outer.flush();
            }
        }
    }

    private void onWritten(int size) {
        boolean heldBack = underWayBytes >= UNDER_WAY_BYTES_MAX;
        underWayBytes -= size;
        if (heldBack && underWayBytes < UNDER_WAY_BYTES_MAX && open) {
            ((InnerUnsafe) unsafe()).resume();
        }
    }

    @Override
    protected void doClose() {
        open = false;
        if (lost) {
            return;
        }
        outer.finish();
        if (!inputOver) {
            AwakeTimer.start(eventLoop(), awakeNanos, LINGER, this::cutOff);
        }
    }

    private void cutOff() {
        if (!inputOver && !lost) {
            lost = true;
            outer.reset(Reset.CANCEL);
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new InnerUnsafe();
    }

    private final class InnerUnsafe extends AbstractUnsafe {
        /** Writes what was kept back; does nothing while a write is under way, which then goes on by itself. */
        private void resume() {
            flush0();
        }

        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("inner channel: connected from its start"));
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return Address.HERE;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return Address.HERE;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("inner channel: has no address");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    /** Everything that comes is delivered at once. */
    @Override
    protected void doBeginRead() {}

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    /** A stream has no address of its own. */
    private static final class Address extends SocketAddress {
        private static final Address HERE = new Address();

        @Override
        public String toString() {
            return "inside a stream";
        }
    }
}
