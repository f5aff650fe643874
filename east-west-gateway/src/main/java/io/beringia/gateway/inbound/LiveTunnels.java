package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.time.AwakeTimer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams of one event loop that wait for an answer or carry bytes, judged again on every new catalog and path
 * table. Lives on that loop.
 */
public final class LiveTunnels {
    /** As many as the connections of this loop have streams. */
    private final Set<ConnectStream> streams = new LinkedHashSet<>();

    /** Those that are served. */
    private final Set<HboneConnection> connections = new LinkedHashSet<>();

    private boolean leaving;

    void add(HboneConnection connection) {
        connections.add(connection);
        connection.channel().closeFuture().addListener(_ -> connections.remove(connection));
    }

    /**
     * Connections that come from now on are not served, and peers are told to open nothing new on those that came before;
     * what is open goes on.
     *
     * @param spread over this, so that not all of them shake hands elsewhere at once
     */
    public void leave(Duration spread, TunnelLoop here) {
        leaving = true;
        for (HboneConnection connection : List.copyOf(connections)) {
            Duration delay = Duration.ofNanos(here.random().nextLong(spread.toNanos() + 1));
            AwakeTimer.start(here.loop(), here.awakeNanos(), delay, connection::goAway);
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Connections on which peers may still open something. */
    public int goodbyesDue() {
        return (int) connections.stream().filter(one -> !one.hasSaidGoodbye()).count();
    }

    /**
     * Peers open nothing new on a hundredth of the connections of now, one at least, the youngest first: who came first has
     * most to lose. How many heard so that had not before.
     */
    public int goAwayYoungest() {
        List<HboneConnection> youngest = List.copyOf(connections).reversed().stream()
                .filter(connection -> !connection.isSayingGoodbye())
                .limit(1 + connections.size() / 100)
                .toList();
        youngest.forEach(HboneConnection::goAway);
        return youngest.size();
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

    /** Streams that are stalled are reset, if what they hold is needed. */
    public void look() {
        List.copyOf(streams).forEach(ConnectStream::look);
    }

    /** Streams whose client may no longer call their service are reset. */
    public void onCatalog(Catalog catalog) {
        List.copyOf(streams).forEach(stream -> stream.onCatalog(catalog));
    }

    /** Who is there. */
    public Residue residue(long nowNanos) {
        return Residue.of(streams.stream()
                .flatMap(stream -> stream.shown(nowNanos).stream())
                .toList());
    }

    /** Ends so many of them, the oldest first. */
    public void reset(int count, Reset why) {
        streams.stream().limit(count).toList().forEach(stream -> stream.cut(why));
    }

    /** Ends them all. */
    public void resetAll(Reset why) {
        reset(streams.size(), why);
    }
}
