package io.beringia.failover.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;

/** A real server on a free loopback port, and clients of it. */
final class TestZooKeeper implements AutoCloseable {
    static final Duration SESSION = Duration.ofSeconds(2);
    static final String MESH = "test";

    private final EmbeddedZooKeeper server;
    private final int port;

    private TestZooKeeper(EmbeddedZooKeeper server, int port) {
        this.server = server;
        this.port = port;
    }

    static TestZooKeeper start(Path directory) throws IOException {
        int port = freePort();
        return new TestZooKeeper(EmbeddedZooKeeper.start(directory, "127.0.0.1", port), port);
    }

    int port() {
        return port;
    }

    Ensemble connect() {
        return Ensemble.connect(server.connectString(), SESSION, MESH);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
