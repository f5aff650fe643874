package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.relay.Reset;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The streams of one event loop that wait for an answer or carry bytes, judged again on every new catalog and path
 * table. Lives on that loop.
 */
public final class LiveTunnels {
    /** As many as the connections of this loop have streams. */
    private final Set<ConnectStream> streams = new LinkedHashSet<>();

    private final Set<HboneConnection> connections = new LinkedHashSet<>();

    void add(HboneConnection connection) {
        connections.add(connection);
        connection.channel().closeFuture().addListener(_ -> connections.remove(connection));
    }

    /**
     * Peers open nothing new on connections of now; what is open goes on.
     *
     * @param spread over this, so that not all of them shake hands elsewhere at once
     */
    public void goAway(Duration spread, RandomGenerator random) {
        for (HboneConnection connection : List.copyOf(connections)) {
            long delay = random.nextLong(spread.toMillis() + 1);
            connection.eventLoop().schedule(connection::goAway, delay, TimeUnit.MILLISECONDS);
        }
    }

    void add(ConnectStream stream) {
        streams.add(stream);
    }

    void remove(ConnectStream stream) {
        streams.remove(stream);
    }

    public int size() {
        return streams.size();
    }

    /** Streams on a path that is DOWN are reset, and dials that wait on one move on. */
    public void onPaths(PathTable paths) {
        List.copyOf(streams).forEach(stream -> stream.onPaths(paths));
    }

    /** Streams whose client may no longer call their service are reset. */
    public void onCatalog(Catalog catalog) {
        List.copyOf(streams).forEach(stream -> stream.onCatalog(catalog));
    }

    /** Ends them all. */
    public void resetAll(Reset why) {
        List.copyOf(streams).forEach(stream -> stream.cut(why));
    }
}
