package io.beringia.scenarios.connect;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** The far end of a tunnel, as a socket would be: what is written waits until it is taken. Owned by one run. */
final class FuzzedBackend implements RelayEnd {
    /** A socket is not read while so much of it was not taken. */
    private static final int UNTAKEN_BYTES_MAX = 128 * 1024;

    private final Channel channel;
    private final ByteBufAllocator memory;
    private final Queue<Written> written = new ArrayDeque<>();
    private Optional<Events> events = Optional.empty();
    private int untaken;
    private boolean paused;
    private boolean finished;
    private boolean over;

    private record Written(ByteBuf bytes, ChannelPromise promise) {}

    FuzzedBackend(Channel channel, ByteBufAllocator memory) {
        this.channel = channel;
        this.memory = memory;
    }

    void says(int bytes) {
        if (events.isPresent() && !over && !finished && !paused && untaken < UNTAKEN_BYTES_MAX) {
            untaken += bytes;
            events.get().onBytes(memory.buffer(bytes).writeZero(bytes));
            events.get().onReadComplete();
        }
    }

    void takes() {
        while (!written.isEmpty()) {
            Written first = written.remove();
            first.bytes().release();
            first.promise().setSuccess();
        }
    }

    void finishes() {
        if (events.isPresent() && !over && !finished) {
            finished = true;
            events.get().onFinished();
        }
    }

    void resets(Reset why) {
        if (events.isPresent() && !over) {
            over = true;
            fails();
            events.get().onReset(why);
        }
    }

    /** Whatever waits is never taken. */
    void fails() {
        while (!written.isEmpty()) {
            Written first = written.remove();
            first.bytes().release();
            first.promise().setFailure(new ClosedChannelException());
        }
    }

    @Override
    public void start(Events them) {
        events = Optional.of(them);
    }

    @Override
    public ChannelFuture write(ByteBuf bytes) {
        ChannelPromise promise = channel.newPromise();
        written.add(new Written(bytes, promise));
        if (over) {
            fails();
        }
        return promise;
    }

    @Override
    public void flush() {}

    @Override
    public void finish() {}

    @Override
    public void reset(Reset why) {
        over = true;
        fails();
    }

    @Override
    public void credit(int bytes) {
        untaken -= bytes;
        paused = false;
    }

    @Override
    public boolean pause() {
        paused = true;
        return true;
    }
}
