package io.beringia.gateway.host;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * An application within this process, for those who look whether a path carries: it says who it is, one byte of length
 * and the name of its cluster in UTF-8, and then says again what it hears (RFC 862). What it has said and nobody has
 * taken yet counts as not heard, so a peer that does not read cannot fill our memory. Lives on its tunnel's event loop.
 */
final class ProbeEnd implements RelayEnd {
    /** Where gateways look for it. */
    static final int PORT = 7;

    private static final int NAME_BYTES_MAX = 0xff;

    private final Channel channel;
    private final Queue<Heard> heard = new ArrayDeque<>();
    private final Queue<ByteBuf> unsaid = new ArrayDeque<>();
    private Optional<Events> events = Optional.empty();
    /** Said on our own, and taken before anything that was heard. */
    private int greetingBytes;

    private boolean finished;
    private boolean over;

    /** Taken from a peer, and given back when so many bytes were taken from us. */
    private record Heard(int bytes, ChannelPromise taken) {}

    /** @param channel of the tunnel, for promises only */
    ProbeEnd(Channel channel, ClusterId cluster) {
        this.channel = channel;
        byte[] name = cluster.name().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(name.length, NAME_BYTES_MAX);
        this.greetingBytes = 1 + length;
        unsaid.add(Unpooled.buffer(greetingBytes).writeByte(length).writeBytes(name, 0, length));
    }

    @Override
    public void start(Events them) {
        events = Optional.of(them);
        while (!unsaid.isEmpty()) {
            them.onBytes(unsaid.remove());
        }
        them.onReadComplete();
        if (finished) {
            them.onFinished();
        }
    }

    @Override
    public ChannelFuture write(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return channel.newFailedFuture(new IllegalStateException("probe: over (expected: open)"));
        }
        ChannelPromise taken = channel.newPromise();
        heard.add(new Heard(bytes.readableBytes(), taken));
        events.ifPresentOrElse(them -> them.onBytes(bytes), () -> unsaid.add(bytes));
        return taken;
    }

    @Override
    public void flush() {
        events.ifPresent(Events::onReadComplete);
    }

    @Override
    public void finish() {
        finished = true;
        events.ifPresent(Events::onFinished);
    }

    @Override
    public void reset(Reset why) {
        over = true;
        while (!unsaid.isEmpty()) {
            unsaid.remove().release();
        }
        heard.clear();
    }

    /** It has said already whatever it heard. */
    @Override
    public boolean pause() {
        return false;
    }

    /** Each buffer is taken whole, in the order in which it was said. */
    @Override
    public void credit(int bytes) {
        if (greetingBytes > 0) {
            greetingBytes = 0;
        } else if (!heard.isEmpty()) {
            heard.remove().taken().setSuccess();
        }
    }
}
