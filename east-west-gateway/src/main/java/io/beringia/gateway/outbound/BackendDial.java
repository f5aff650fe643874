package io.beringia.gateway.outbound;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.relay.SocketEnd;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.function.LongSupplier;

/** A plain TCP dial to an endpoint of our network. Lives on the loop of its tunnel. */
final class BackendDial implements Attempt {
    private final Outcome outcome;
    private final ChannelFuture connecting;
    private boolean over;

    private BackendDial(ChannelFuture connecting, Outcome outcome) {
        this.connecting = connecting;
        this.outcome = outcome;
    }

    static Attempt begin(
            Sockets sockets, EventLoop loop, LongSupplier awakeNanos, SocketAddress address, Outcome outcome) {
        BackendDial dial = new BackendDial(sockets.toBackend(loop, awakeNanos, address), outcome);
        dial.connecting.addListener(_ -> dial.onDone());
        return dial;
    }

    private void onDone() {
        if (over) {
            connecting.channel().close();
            return;
        }
        over = true;
        if (connecting.isSuccess()) {
            SocketChannel channel = (SocketChannel) connecting.channel();
            outcome.onConnected(SocketEnd.on(channel), channel.localAddress());
        } else {
            outcome.onFailed(DialFailure.of(connecting.cause()));
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            connecting.cancel(false);
            connecting.channel().close();
        }
    }
}
