package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.http2.HboneConnection;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The tunnels that one event loop has accepted: judged again on every new catalog. Lives on that loop, except for
 * {@link #onCatalog}.
 */
final class LiveInbound {
    private final EventLoop loop;
    /** Bounded by the streams that HTTP/2 admits. */
    private final Set<InboundStream> streams = new HashSet<>();

    private final Set<HboneConnection> connections = new HashSet<>();
    /** At most one judgement waits for the loop; it reads the newest catalog. */
    private final AtomicBoolean posted = new AtomicBoolean();

    LiveInbound(EventLoop loop) {
        this.loop = loop;
    }

    /** Any thread. A later catalog may be read. */
    void onCatalog(HostWorld world) {
        if (posted.compareAndSet(false, true)) {
            loop.execute(() -> {
                posted.set(false);
                judge(world.catalog());
            });
        }
    }

    private void judge(Catalog catalog) {
        List.copyOf(streams).forEach(stream -> stream.judge(catalog));
    }

    void add(InboundStream stream) {
        assert loop.inEventLoop();
        streams.add(stream);
    }

    void remove(InboundStream stream) {
        streams.remove(stream);
    }

    void add(HboneConnection connection) {
        assert loop.inEventLoop();
        connections.add(connection);
        connection.channel().closeFuture().addListener(_ -> connections.remove(connection));
    }

    /** Peers open nothing new; what is open goes on. */
    void goAway() {
        assert loop.inEventLoop();
        connections.forEach(HboneConnection::goAway);
    }
}
