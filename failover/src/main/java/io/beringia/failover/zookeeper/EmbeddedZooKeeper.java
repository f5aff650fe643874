package io.beringia.failover.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;

/**
 * One ZooKeeper server inside this process, for runs on one computer: loopback only, no ensemble and so no quorum.
 *
 * <p>Any thread.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    /** Sessions last 2 to 20 ticks: 1 to 10 s. */
    private static final Duration TICK = Duration.ofMillis(500);

    /** From an empty directory it takes a second on a slow machine. */
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final ZooKeeperServerEmbedded server;
    private final String connectString;

    private EmbeddedZooKeeper(ZooKeeperServerEmbedded server, String connectString) {
        this.server = server;
        this.connectString = connectString;
    }

    /** Returns once it answers. */
    public static EmbeddedZooKeeper start(ZooKeeperConfig config) throws IOException {
        return start(
                config.data(), config.listen().ip().toString(), config.listen().port());
    }

    /**
     * Returns once it answers.
     *
     * @param directory its own, made if it is missing: logs of transactions and snapshots
     * @param host a loopback address
     * @param port 1 to 65,535
     */
    public static EmbeddedZooKeeper start(Path directory, String host, int port) throws IOException {
        if (!InetAddress.getByName(host).isLoopbackAddress()) {
            throw new IllegalArgumentException("zookeeper address: " + host + " (expected: a loopback address)");
        }
        Files.createDirectories(directory);
        try {
            ZooKeeperServerEmbedded server = ZooKeeperServerEmbedded.builder()
                    .baseDir(directory)
                    .configuration(configuration(host, port))
                    .exitHandler(ExitHandler.LOG_ONLY)
                    .build();
            server.start(START_MAX.toMillis());
            return new EmbeddedZooKeeper(server, host + ":" + port);
        } catch (IOException | RuntimeException known) {
            throw known;
        } catch (Exception other) {
            throw new IOException("zookeeper at " + host + ":" + port + " does not start", other);
        }
    }

    private static Properties configuration(String host, int port) {
        Properties properties = new Properties();
        properties.setProperty("tickTime", Long.toString(TICK.toMillis()));
        properties.setProperty("clientPort", Integer.toString(port));
        properties.setProperty("clientPortAddress", host);
        properties.setProperty("admin.enableServer", "false");
        properties.setProperty("4lw.commands.whitelist", "srvr");
        return properties;
    }

    /** How a client of this computer finds it. */
    public String connectString() {
        return connectString;
    }

    @Override
    public void close() {
        server.close();
    }
}
