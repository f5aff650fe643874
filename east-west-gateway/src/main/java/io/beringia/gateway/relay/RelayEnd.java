package io.beringia.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;

/**
 * One side of a tunnel, a socket or a stream: its reads, its credit, its close. It knows nothing of the other side.
 * Every method is called on its event loop, and so are its {@link Events}.
 */
public interface RelayEnd {
    /** Begins to deliver; what arrived earlier comes at once. Called once. */
    void start(Events events);

    /** Takes over the buffer. The future is done when the bytes have left for the kernel. */
    ChannelFuture write(ByteBuf bytes);

    void flush();

    /** No more bytes will be written: FIN or END_STREAM. */
    void finish();

    /** Both directions end now; what was written and not yet sent is dropped. No event follows. */
    void reset(Reset why);

    /** The other side has taken this many of the delivered bytes; as many more may come. */
    void credit(int bytes);

    /** Delivers no more until the next credit; false if this end cannot be held back. */
    boolean pause();

    /** What one side tells. After {@link #onReset} nothing follows. */
    interface Events {
        /** The buffer now belongs to the receiver; never empty. */
        void onBytes(ByteBuf bytes);

        /** A burst of {@link #onBytes} is over: a good moment to flush. */
        void onReadComplete();

        /** The peer writes no more: FIN or END_STREAM. */
        void onFinished();

        /** The side is gone, both ways. */
        void onReset(Reset why);
    }
}
