package io.beringia.gateway.journal;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Where a gateway writes down what becomes of every CONNECT. Any event loop; nothing here waits. */
public interface TunnelJournal {
    /**
     * Somebody has answered.
     *
     * @param awakeNanos the loop's own awake clock
     * @param then told once, on the loop, at once or later: only then the client may hear of it
     */
    void allowed(TunnelFacts tunnel, EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then);

    /** It was refused, or its client left before anybody had answered. */
    void denied(TunnelFacts tunnel, String reason);

    /**
     * It is over.
     *
     * @param bytesUp from the client, bytes
     * @param bytesDown to the client, bytes
     */
    void closed(TunnelFacts tunnel, long bytesUp, long bytesDown, String ending);

    /** Nothing is written down. */
    TunnelJournal NONE = new TunnelJournal() {
        @Override
        public void allowed(TunnelFacts tunnel, EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then) {
            then.accept(Recorded.ENOUGH);
        }

        @Override
        public void denied(TunnelFacts tunnel, String reason) {}

        @Override
        public void closed(TunnelFacts tunnel, long bytesUp, long bytesDown, String ending) {}
    };
}
