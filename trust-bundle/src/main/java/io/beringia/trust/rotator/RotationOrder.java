package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import java.time.Instant;

/** What an operator wants of a rotation. */
public sealed interface RotationOrder {
    /** @param isByHand each step waits for {@link Advance}, beside its gates */
    record Start(boolean isByHand) implements RotationOrder {}

    /** One step, if its gates are open. */
    record Advance() implements RotationOrder {}

    /** The key of the retired root is destroyed: the operator saw to it, for it never was in a cluster. */
    record KeyDestroyed() implements RotationOrder {}

    /** Back to the old root. */
    record RollBack() implements RotationOrder {}

    /** Drop a rotation of which nobody has heard. */
    record Abort() implements RotationOrder {}

    /** Nobody waits for this data plane until then. */
    record Waive(String plane, Instant until) implements RotationOrder {}

    /**
     * The key of the old root is in wrong hands: from here on a share of the data planes is waited for, and no cluster, probe
     * or partner.
     *
     * @param lost the old root, as the operator typed it: whole or as it is shown. Whoever means another one is refused
     */
    record Emergency(String lost, Pace.Urgent pace) implements RotationOrder {
        boolean isAbout(RootId root) {
            return lost.equals(root.toString()) || lost.equals(root.sha256());
        }
    }

    /** This cluster is to give the orders of all; from where the one that does now stands. */
    record TakeLead() implements RotationOrder {}

    /**
     * Who gave an order, and why.
     *
     * @param id a SPIFFE ID that was proved
     * @param reason one line
     */
    record Author(String id, String reason) {}

    /** As commands, logs and metrics name it. */
    default String verb() {
        return switch (this) {
            case Start _ -> "start";
            case Advance _ -> "advance";
            case KeyDestroyed _ -> "key-destroyed";
            case RollBack _ -> "rollback";
            case Abort _ -> "abort";
            case Waive _ -> "waive";
            case Emergency _ -> "emergency";
            case TakeLead _ -> "lead";
        };
    }
}
