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

/** The plan as one node of ZooKeeper, beside that of the epoch. Any thread; calls block for at most a few sessions. */
public final class ZooKeeperPlans implements PlanStore {
    /** Why the plan of a leader is refused whose time in office is over. */
    public static final String NEWER_EPOCH = "a newer epoch exists";

    /** After a lost reply: more could only find the connection still lost. */
    private static final int LOOKS = 3;

    private final Ensemble ensemble;

    public ZooKeeperPlans(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    @Override
    public Optional<Stored> read() throws IOException, InterruptedException {
        try {
            ensemble.sync(ensemble.paths().plan());
            return ensemble.read(ensemble.paths().plan()).map(node -> new Stored(node.data(), node.version()));
        } catch (KeeperException failed) {
            throw new IOException("plan cannot be read: " + failed.code(), failed);
        }
    }

    @Override
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
        return isFence ? NEWER_EPOCH : "the plan is another one";
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
        return new Outcome.Refused(isNewest ? "it never arrived" : NEWER_EPOCH);
    }
}
