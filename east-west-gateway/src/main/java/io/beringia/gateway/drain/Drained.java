package io.beringia.gateway.drain;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What one event loop has to let go of. Lives on that loop, but for {@link #loop} and {@link #awakeNanos}. */
public interface Drained {
    /** Any thread. */
    EventLoop loop();

    /** Any thread. The loop's own awake clock. */
    LongSupplier awakeNanos();

    /** Those that wait for an answer or carry bytes. */
    int tunnels();

    /** Connections on which peers may still open something. */
    int goodbyesDue();

    /** Serves nobody new, and tells everybody so; what is open goes on. The goodbyes are spread over this. */
    void leave(Duration spread);

    /** Who is there. */
    Residue residue();

    /** Ends so many tunnels, the oldest first. */
    void cut(int tunnels);
}
