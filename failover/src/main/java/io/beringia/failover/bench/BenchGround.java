package io.beringia.failover.bench;

import io.beringia.failover.SvidSeal;
import io.beringia.failover.zookeeper.EmbeddedZooKeeper;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** A real ZooKeeper server on the disk that is measured, and who signs. Any thread. */
final class BenchGround implements AutoCloseable {
    private final Path directory;
    private final EmbeddedZooKeeper server;
    private final int port;
    private final Duration session;
    private final Credentials leader;

    private BenchGround(Path directory, EmbeddedZooKeeper server, int port, Duration session, Credentials leader) {
        this.directory = directory;
        this.server = server;
        this.port = port;
        this.session = session;
        this.leader = leader;
    }

    static BenchGround start(Path directory, Duration session, Credentials leader) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path data = directory.resolve("zookeeper");
        return new BenchGround(directory, EmbeddedZooKeeper.start(data, "127.0.0.1", port), port, session, leader);
    }

    String connectString() {
        return server.connectString();
    }

    /** Of 127.0.0.1. */
    int port() {
        return port;
    }

    /** Of every candidate. */
    Duration session() {
        return session;
    }

    Credentials leader() {
        return leader;
    }

    SvidSeal seal() {
        return new SvidSeal(leader, new SpiffeVerifier(), Set.of(leader.svid().id()), InstantSource.system());
    }

    /** A fresh directory on the same disk. */
    Path below(String prefix) throws IOException {
        return Files.createTempDirectory(directory, prefix + "-");
    }

    @Override
    public void close() {
        server.close();
    }
}
