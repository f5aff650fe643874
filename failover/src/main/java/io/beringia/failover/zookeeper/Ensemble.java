package io.beringia.failover.zookeeper;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Our session with ZooKeeper. Any thread. Transactions go past Curator's retries: a write whose reply is lost must be
 * looked up, never sent again.
 */
public final class Ensemble implements AutoCloseable {
    /** Of Curator's own recipes, an eighth of a session apart: gives up well within one. */
    private static final int RETRIES = 3;

    private static final int EIGHTHS = 8;

    private final CuratorFramework client;
    private final FailoverPaths paths;
    private final Duration asked;
    private final AtomicBoolean wasConnected = new AtomicBoolean();

    private Ensemble(CuratorFramework client, FailoverPaths paths, Duration asked) {
        this.client = client;
        this.paths = paths;
        this.asked = asked;
        client.getConnectionStateListenable().addListener((connected, state) -> {
            if (state.isConnected()) {
                wasConnected.set(true);
            }
        });
    }

    /**
     * Begins to connect and returns at once.
     *
     * @param session asked for; ZooKeeper grants 2 to 20 of its ticks
     */
    public static Ensemble connect(String connectString, Duration session, String mesh) {
        FailoverPaths paths = new FailoverPaths(mesh);
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(connectString)
                .sessionTimeoutMs(Math.toIntExact(session.toMillis()))
                .connectionTimeoutMs(Math.toIntExact(session.toMillis()))
                .retryPolicy(new RetryNTimes(
                        RETRIES, Math.toIntExact(session.dividedBy(EIGHTHS).toMillis())))
                .ensembleTracker(false)
                .build();
        Ensemble ensemble = new Ensemble(client, paths, session);
        client.start();
        return ensemble;
    }

    CuratorFramework client() {
        return client;
    }

    FailoverPaths paths() {
        return paths;
    }

    /** As granted; as asked until it is. */
    Duration session() throws KeeperException, InterruptedException {
        int granted = handle().getSessionTimeout();
        return granted > 0 ? Duration.ofMillis(granted) : asked;
    }

    /** All of it or nothing, sent once. */
    List<OpResult> commit(Op... ops) throws KeeperException, InterruptedException {
        return handle().multi(List.of(ops));
    }

    /** A node as this server knows it; empty if there is none. */
    Optional<Node> read(String path) throws KeeperException, InterruptedException {
        Stat stat = new Stat();
        try {
            byte[] data = handle().getData(path, false, stat);
            return Optional.of(
                    new Node(ByteBuffer.wrap(data == null ? new byte[0] : data).asReadOnlyBuffer(), stat.getVersion()));
        } catch (NoNodeException absent) {
            return Optional.empty();
        }
    }

    /** Returns once this server knows all that was committed before the call. At most one session. */
    void sync(String path) throws KeeperException, InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger code = new AtomicInteger(KeeperException.Code.OPERATIONTIMEOUT.intValue());
        handle().sync(
                        path,
                        (rc, ignoredPath, ignoredContext) -> {
                            code.set(rc);
                            answered.countDown();
                        },
                        null);
        boolean isAnswered = answered.await(asked.toMillis(), TimeUnit.MILLISECONDS);
        KeeperException.Code result = KeeperException.Code.get(code.get());
        if (!isAnswered || result != KeeperException.Code.OK) {
            throw KeeperException.create(result, path);
        }
    }

    /** Whether we ever were connected. */
    public boolean wasConnected() {
        return wasConnected.get();
    }

    /** Whether we are connected, now or within one session. */
    boolean awaitConnected() throws InterruptedException {
        return client.blockUntilConnected(Math.toIntExact(asked.toMillis()), TimeUnit.MILLISECONDS);
    }

    private ZooKeeper handle() throws KeeperException, InterruptedException {
        try {
            return client.getZookeeperClient().getZooKeeper();
        } catch (KeeperException | InterruptedException | RuntimeException known) {
            throw known;
        } catch (Exception other) {
            ConnectionLossException none = new ConnectionLossException();
            none.initCause(other);
            throw none;
        }
    }

    /** Data, read only, and version of one node. */
    record Node(ByteBuffer data, int version) {}

    @Override
    public void close() {
        client.close();
    }
}
