package io.beringia.failover.zookeeper;

import io.beringia.failover.zookeeper.Ensemble.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;

/**
 * The one plan of the mesh. It is replaced only together with a check that the writer's epoch is still the newest, in
 * one transaction; so a leader that slept through its end cannot write, whatever it believes.
 *
 * <p>Any thread; calls block for at most a few sessions.
 */
public final class PlanStore {
    /** ZooKeeper refuses packets of 1 MiB; half of it leaves room for everything around. */
    public static final int PLAN_BYTES_MAX = 512 * 1024;

    /** The version of a plan that was never written. */
    public static final int NO_PLAN = -1;

    /** After a lost reply: more could only find the connection still lost. */
    private static final int LOOKS = 3;

    private final Ensemble ensemble;

    public PlanStore(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** What became of a write. */
    public sealed interface Outcome {
        /** @param version of the node from now on */
        record Written(int version) implements Outcome {}

        /** Nothing was written: somebody else leads, or has written. */
        record Refused(String why) implements Outcome {}

        /** The reply is lost and nobody could be asked. Read before the next write. */
        record Unclear(String why) implements Outcome {}
    }

    /** The bytes of a plan as somebody signed them, read only, and the version of its node. */
    public record Stored(ByteBuffer plan, int version) {
        @Override
        public String toString() {
            return "Stored[" + plan.remaining() + " bytes, version " + version + "]";
        }
    }

    /** The newest plan; empty if there never was one. Throws if ZooKeeper cannot be asked. */
    public Optional<Stored> read() throws IOException, InterruptedException {
        try {
            ensemble.sync(ensemble.paths().plan());
            return ensemble.read(ensemble.paths().plan()).map(node -> new Stored(node.data(), node.version()));
        } catch (KeeperException failed) {
            throw new IOException("plan cannot be read: " + failed.code(), failed);
        }
    }

    /**
     * Replaces the plan of that version. Sent once.
     *
     * @param plan signed bytes, at most {@value #PLAN_BYTES_MAX}
     * @param version of the plan that it replaces, or {@link #NO_PLAN}
     */
    public Outcome write(Term term, byte[] plan, int version) throws InterruptedException {
        if (plan.length > PLAN_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "plan: " + plan.length + " bytes (expected: at most " + PLAN_BYTES_MAX + ")");
        }
        try {
            List<OpResult> results =
                    ensemble.commit(Op.check(ensemble.paths().epoch(), term.epochVersion()), replacing(plan, version));
            return new Outcome.Written(version(results.get(1)));
        } catch (KeeperException failed) {
            return switch (failed.code()) {
                case BADVERSION, NONODE, NODEEXISTS -> new Outcome.Refused(refusal(failed));
                default -> lookUp(term, plan, failed);
            };
        }
    }

    private Op replacing(byte[] plan, int version) {
        String path = ensemble.paths().plan();
        return version == NO_PLAN
                ? Op.create(path, plan, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
                : Op.setData(path, plan, version);
    }

    private static int version(OpResult result) {
        return result instanceof OpResult.SetDataResult replaced
                ? replaced.getStat().getVersion()
                : 0;
    }

    private static String refusal(KeeperException failed) {
        List<OpResult> results = failed.getResults();
        boolean isFence = results != null
                && results.getFirst() instanceof OpResult.ErrorResult first
                && first.getErr() != KeeperException.Code.OK.intValue();
        return isFence ? "a newer epoch exists" : "the plan is another one";
    }

    /** The reply is lost: what stands there tells whether it was ours. */
    private Outcome lookUp(Term term, byte[] plan, KeeperException lost) throws InterruptedException {
        KeeperException.Code code = lost.code();
        for (int look = 0; look < LOOKS; look++) {
            try {
                if (ensemble.awaitConnected()) {
                    return found(term, plan);
                }
            } catch (KeeperException again) {
                code = again.code();
            }
        }
        return new Outcome.Unclear("reply lost: " + code);
    }

    private Outcome found(Term term, byte[] plan) throws KeeperException, InterruptedException {
        ensemble.sync(ensemble.paths().plan());
        Optional<Node> epoch = ensemble.read(ensemble.paths().epoch());
        Optional<Node> stored = ensemble.read(ensemble.paths().plan());
        if (stored.isPresent() && stored.get().data().equals(ByteBuffer.wrap(plan))) {
            return new Outcome.Written(stored.get().version());
        }
        boolean isNewest = epoch.isPresent() && epoch.get().version() == term.epochVersion();
        return new Outcome.Refused(isNewest ? "it never arrived" : "a newer epoch exists");
    }
}
