package io.beringia.gateway.journal;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where a gateway writes down what becomes of every CONNECT. Any event loop; nothing here waits. What is known of a tunnel is
 * asked for before the method returns, and by a journal only.
 */
public interface TunnelJournal {
    /**
     * Somebody has answered.
     *
     * @param awakeNanos the loop's own awake clock
     * @param then told once, on the loop, at once or later: only then the client may hear of it
     */
    void allowed(Supplier<TunnelFacts> tunnel, EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then);

    /** It was refused, or its client left before anybody had answered. */
    void denied(Supplier<TunnelFacts> tunnel, String reason);

    /**
     * It is over.
     *
     * @param bytesUp from the client, bytes
     * @param bytesDown to the client, bytes
     */
    void closed(Supplier<TunnelFacts> tunnel, long bytesUp, long bytesDown, String ending);

    /** Nothing is written down. */
    TunnelJournal NONE = new TunnelJournal() {
        @Override
        public void allowed(
                Supplier<TunnelFacts> tunnel, EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then) {
            then.accept(Recorded.ENOUGH);
        }

        @Override
        public void denied(Supplier<TunnelFacts> tunnel, String reason) {}

        @Override
        public void closed(Supplier<TunnelFacts> tunnel, long bytesUp, long bytesDown, String ending) {}
    };
}
