package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one event loop carries, the oldest first: judged again on every new catalog, and let go of when the process ends.
 * Lives on that loop, except for {@link #onCatalog}.
 */
final class LiveConnections {
    private final EventLoop loop;
    /** Bounded by {@link OpenConnections}. */
    private final Set<LiveConnection> open = new LinkedHashSet<>();
    /** Those of peers that may open streams here. */
    private final Set<HboneConnection> connections = new LinkedHashSet<>();
    /** At most one judgement waits for the loop; it reads the newest catalog. */
    private final AtomicBoolean posted = new AtomicBoolean();

    private boolean leaving;

    LiveConnections(EventLoop loop) {
        this.loop = loop;
    }

    /** Any thread. A later catalog may be read. */
    void onCatalog(HostWorld world) {
        if (posted.compareAndSet(false, true)) {
            loop.execute(() -> {
                posted.set(false);
                Catalog catalog = world.catalog();
                List.copyOf(open).forEach(connection -> connection.onCatalog(catalog));
            });
        }
    }

    void add(LiveConnection connection) {
        assert loop.inEventLoop();
        open.add(connection);
    }

    void remove(LiveConnection connection) {
        open.remove(connection);
    }

    void add(HboneConnection connection) {
        assert loop.inEventLoop();
        connections.add(connection);
        connection.channel().closeFuture().addListener(_ -> connections.remove(connection));
    }

    /** Peers open nothing new, and are told so within {@code spread}; what is open goes on. */
    void leave(Duration spread, HostLoop host) {
        assert loop.inEventLoop();
        leaving = true;
        for (HboneConnection connection : List.copyOf(connections)) {
            Duration delay = Duration.ofNanos(host.random().nextLong(spread.toNanos() + 1));
            AwakeTimer.start(loop, host.clock(), delay, connection::goAway);
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    int goodbyesDue() {
        return (int) connections.stream().filter(one -> !one.hasSaidGoodbye()).count();
    }

    int size() {
        return open.size();
    }

    Residue residue(long nowNanos) {
        return Residue.of(
                open.stream().map(connection -> connection.shown(nowNanos)).toList());
    }

    void cut(int count) {
        assert loop.inEventLoop();
        open.stream().limit(count).toList().forEach(LiveConnection::cut);
    }
}
