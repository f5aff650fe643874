package io.beringia.failover.zookeeper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The one plan of the mesh. It is replaced only together with a check that the writer's epoch is still the newest, in
 * one transaction; so a leader that slept through its end cannot write, whatever it believes.
 *
 * <p>Calls may block for a few sessions.
 */
public interface PlanStore {
    /** ZooKeeper refuses packets of 1 MiB; half of it leaves room for everything around. */
    int PLAN_BYTES_MAX = 512 * 1024;

    /** The version of a plan that was never written. */
    int NO_PLAN = -1;

    /** What became of a write. */
    sealed interface Outcome {
        /** @param version of the node from now on */
        record Written(int version) implements Outcome {}

        /** Nothing was written: somebody else leads, or has written. */
        record Refused(String why) implements Outcome {}

        /** The reply is lost and nobody could be asked. Read before the next write. */
        record Unclear(String why) implements Outcome {}
    }

    /** The bytes of a plan as somebody signed them, read only, and the version of its node. */
    record Stored(ByteBuffer plan, int version) {
        @Override
        public String toString() {
            return "Stored[" + plan.remaining() + " bytes, version " + version + "]";
        }
    }

    /** The newest plan; empty if there never was one. Throws if nobody can be asked. */
    Optional<Stored> read() throws IOException, InterruptedException;

    /**
     * Replaces the plan of that version. Sent once.
     *
     * @param plan signed bytes, at most {@value #PLAN_BYTES_MAX}
     * @param version of the plan that it replaces, or {@link #NO_PLAN}
     */
    Outcome write(Term term, byte[] plan, int version) throws InterruptedException;
}
