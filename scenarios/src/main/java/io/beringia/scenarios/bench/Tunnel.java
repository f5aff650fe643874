package io.beringia.scenarios.bench;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;

/** One end of a tunnel, the client's or the backend's. Whoever receives only looks at bytes. Lives on its event loop. */
final class Tunnel implements RelayEnd.Events {
    private final RelayEnd end;
    private Receiver receiver;

    private Tunnel(RelayEnd end, Receiver receiver) {
        this.end = end;
        this.receiver = receiver;
    }

    /** Begins to deliver. */
    static Tunnel start(RelayEnd end, Receiver receiver) {
        Tunnel tunnel = new Tunnel(end, receiver);
        end.start(tunnel);
        return tunnel;
    }

    /** What is done with what comes. */
    interface Receiver {
        /** The bytes stay the tunnel's own. */
        void onBytes(Tunnel from, ByteBuf bytes);

        default void onReadComplete(Tunnel from) {}

        /** The other side writes no more. */
        default void onFinished(Tunnel from) {}

        default void onReset(Tunnel from, Reset why) {}
    }

    void receive(Receiver next) {
        receiver = next;
    }

    ChannelFuture write(ByteBuf bytes) {
        return end.write(bytes);
    }

    void flush() {
        end.flush();
    }

    void finish() {
        end.finish();
    }

    void close() {
        end.reset(Reset.CANCEL);
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        int size = bytes.readableBytes();
        try {
            receiver.onBytes(this, bytes);
        } finally {
            bytes.release();
        }
        end.credit(size);
    }

    @Override
    public void onReadComplete() {
        receiver.onReadComplete(this);
    }

    @Override
    public void onFinished() {
        receiver.onFinished(this);
    }

    @Override
    public void onReset(Reset why) {
        receiver.onReset(this, why);
    }
}
