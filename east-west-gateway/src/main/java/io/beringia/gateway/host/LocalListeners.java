package io.beringia.gateway.host;

import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sockets on which applications of this host ask for connections. Any thread. */
final class LocalListeners {
    private final List<Channel> bound = new CopyOnWriteArrayList<>();

    void add(Channel listener) {
        bound.add(listener);
    }

    /** Whoever comes from now on is refused; more than once is the same as once. */
    void close() {
        bound.forEach(Channel::close);
    }
}
