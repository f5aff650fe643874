package io.beringia.gateway.host;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;

/**
 * The application's socket as an end of a tunnel. A tunnel that ends without END_STREAM is an abort, and the
 * application sees one: a TCP RST, never a FIN that would pass for a complete answer. Once END_STREAM has come the answer
 * is complete, and a quiet end of the rest costs the application nothing that it has not read yet. Lives on its event
 * loop.
 */
final class ApplicationEnd implements RelayEnd {
    private final RelayEnd socket;
    /** What was said before its end has left for the kernel. */
    private boolean heardAll;

    ApplicationEnd(RelayEnd socket) {
        this.socket = socket;
    }

    @Override
    public void start(Events events) {
        socket.start(events);
    }

    @Override
    public ChannelFuture write(ByteBuf bytes) {
        return socket.write(bytes);
    }

    @Override
    public void flush() {
        socket.flush();
    }

    @Override
    public void finish() {
        socket.write(Unpooled.EMPTY_BUFFER).addListener(written -> heardAll = written.isSuccess());
        socket.finish();
    }

    @Override
    public void reset(Reset why) {
        socket.reset(why.isQuiet() && !heardAll ? Reset.CONNECT_ERROR : why);
    }

    @Override
    public void credit(int bytes) {
        socket.credit(bytes);
    }

    @Override
    public boolean pause() {
        return socket.pause();
    }
}
