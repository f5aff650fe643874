package io.beringia.discovery.plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.data.Stat;

/** The node of the plan in ZooKeeper, read only. Calls block for at most a session. Owned by the plan's thread. */
final class PlanNode implements AutoCloseable {
    private final CuratorFramework client;
    private final String path;
    private final Duration session;

    private PlanNode(CuratorFramework client, String path, Duration session) {
        this.client = client;
        this.path = path;
        this.session = session;
    }

    /** Which writing of the node: a node that was made anew is another, whatever its version. */
    record Stamp(long created, int version) {}

    /** The node as it was read, read only. */
    record Content(Stamp stamp, ByteBuffer data) {}

    /** Begins to connect and returns at once. We ask again every second, so Curator need not. */
    static PlanNode connect(String connectString, Duration session, String mesh) {
        int millis = Math.toIntExact(session.toMillis());
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(connectString)
                .sessionTimeoutMs(millis)
                .connectionTimeoutMs(millis)
                .retryPolicy(new RetryNTimes(0, 0))
                .ensembleTracker(false)
                .build();
        client.start();
        return new PlanNode(client, "/beringia/" + mesh + "/failover/plan", session);
    }

    /** Which writing stands there now; empty if there is no node. {@code onChange} is called once, after the next change. */
    Optional<Stamp> stamp(Runnable onChange) throws IOException, InterruptedException {
        return ask(() -> Optional.ofNullable(client.checkExists()
                        .usingWatcher((CuratorWatcher) event -> onChange.run())
                        .forPath(path))
                .map(PlanNode::stamp));
    }

    /** What stands there; empty if there is no node. */
    Optional<Content> read() throws IOException, InterruptedException {
        return ask(() -> {
            Stat stat = new Stat();
            byte[] data = client.getData().storingStatIn(stat).forPath(path);
            return Optional.of(new Content(
                    stamp(stat),
                    ByteBuffer.wrap(data == null ? new byte[0] : data).asReadOnlyBuffer()));
        });
    }

    /** Returns once our server knows all that a quorum had committed before the call. */
    void sync() throws IOException, InterruptedException {
        ask(() -> {
            CountDownLatch answered = new CountDownLatch(1);
            client.sync()
                    .inBackground((asked, event) -> {
                        if (event.getResultCode() == 0) {
                            answered.countDown();
                        }
                    })
                    .forPath(path);
            if (!answered.await(session.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("no quorum answered for " + session);
            }
            return Optional.empty();
        });
    }

    private interface Question<T> {
        Optional<T> ask() throws Exception;
    }

    private static <T> Optional<T> ask(Question<T> question) throws IOException, InterruptedException {
        try {
            return question.ask();
        } catch (NoNodeException absent) {
            return Optional.empty();
        } catch (InterruptedException | IOException | RuntimeException known) {
            throw known;
        } catch (Exception failed) {
            throw new IOException(String.valueOf(failed.getMessage()), failed);
        }
    }

    private static Stamp stamp(Stat stat) {
        return new Stamp(stat.getCzxid(), stat.getVersion());
    }

    @Override
    public void close() {
        client.close();
    }
}
