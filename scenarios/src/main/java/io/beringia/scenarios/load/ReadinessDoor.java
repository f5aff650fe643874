package io.beringia.scenarios.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;

/**
 * A port that accepts connections while an application is ready and refuses them while it is not: what a kubelet's TCP
 * probe asks. The application itself goes on serving whoever comes. Owned by one thread.
 */
public final class ReadinessDoor implements AutoCloseable {
    /** A probe comes a few times a second and is let in at once. */
    private static final int BACKLOG_CONNECTIONS = 128;

    /** The port is free once the thread that accepted there has left it, which takes a moment. */
    private static final Duration FREE_WITHIN = Duration.ofSeconds(5);

    private final InetSocketAddress address;
    private Optional<Opened> opened = Optional.empty();

    private record Opened(ServerSocket socket, Thread greeter) {}

    /** Closed at first. */
    public ReadinessDoor(InetSocketAddress address) {
        this.address = address;
    }

    /** Opens it if it is closed; port 0 takes a free one each time. */
    public InetSocketAddress open() throws IOException {
        Opened now = opened.isPresent() ? opened.get() : listen();
        opened = Optional.of(now);
        return (InetSocketAddress) now.socket().getLocalSocketAddress();
    }

    private Opened listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(address, BACKLOG_CONNECTIONS);
        return new Opened(socket, Thread.ofVirtual().name("ready/accept").start(() -> greet(socket)));
    }

    private static void greet(ServerSocket socket) {
        try {
            while (true) {
                socket.accept().close();
            }
        } catch (IOException closed) {
            // not ready any more
        }
    }

    @Override
    public void close() throws IOException {
        if (opened.isPresent()) {
            Opened last = opened.get();
            opened = Optional.empty();
            last.socket().close();
            try {
                last.greeter().join(FREE_WITHIN);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
