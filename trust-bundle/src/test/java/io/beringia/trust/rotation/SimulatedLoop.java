package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.SimulatedMesh.Order;
import io.beringia.trust.rotation.Troubles.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The loop that drives a rotation: it looks, asks the real rules, stores what they allow, and sends out what the
 * stored phase orders. What it has seen is lost when it crashes; what it has stored is not.
 */
final class SimulatedLoop {
    /** An operator who sees nothing move for so long, in seconds, wants the old root back. */
    private static final int PATIENCE = 1_600;

    private static final int PATIENCE_BEFORE = 300;

    private final SimulatedMesh mesh;
    private final Troubles troubles;
    private final FirstClosedGate gates;
    private final RotationRules rules;
    private final SimulatedBoard board;
    private final Optional<Lost> lost;
    private RotationPhase stored = new Stable(SeenMesh.OLD, 0);
    private int storedAt;
    private final List<String> story = new ArrayList<>();
    private int starts;
    private int downUntil;

    /** When an operator hears that the old root's key is lost, in seconds, and for which share of the mesh he waits. */
    record Lost(int at, int percent) {}

    SimulatedLoop(SimulatedMesh mesh, Troubles troubles, Gates gates) {
        this(mesh, troubles, gates, Optional.empty());
    }

    SimulatedLoop(SimulatedMesh mesh, Troubles troubles, Gates gates, Optional<Lost> lost) {
        this.lost = lost;
        this.mesh = mesh;
        this.troubles = troubles;
        this.gates = new FirstClosedGate(gates);
        rules = new RotationRules(this.gates);
        board = new SimulatedBoard(mesh, troubles);
    }

    RotationPhase stored() {
        return stored;
    }

    /** Each phase with the second at which it was stored. */
    List<String> story() {
        return story;
    }

    /** At rest: on the new root, or on the old one and twice started, or never. */
    boolean hasEnded() {
        return stored instanceof Stable(RootId root, long _)
                && (root.equals(SeenMesh.NEW) || starts > 1 || mesh.now - storedAt > PATIENCE_BEFORE);
    }

    void step() {
        if (troubles.strikes(Kind.LOOP_CRASHES)) {
            downUntil = mesh.now + troubles.lasting();
            board.forget();
        }
        if (downUntil <= mesh.now && troubles.oneIn(2)) {
            board.look(stored);
            act();
            order();
        }
    }

    private void act() {
        boolean isStored = !troubles.strikes(Kind.STORE_FAILS);
        if (decide() instanceof Decision.Advance(RotationPhase to, List<Gate> _) && isStored) {
            starts += stored instanceof Stable ? 1 : 0;
            stored = to;
            storedAt = mesh.now;
            story.add(mesh.now + " s " + to.getClass().getSimpleName());
            mesh.serve(Roots.bits(stored.published()));
        }
        if (stored instanceof Retired && troubles.oneIn(4)) {
            mesh.isOldKeyDestroyed = true;
        }
    }

    private Decision decide() {
        Instant now = board.instant(mesh.now);
        gates.isClosed = false;
        if (stored instanceof Stable stable) {
            return rules.start(stable, SeenMesh.NEW, board.evidence(), now);
        }
        Optional<Lost> heard = lost.filter(it -> it.at() <= mesh.now && !isUrgent(stored));
        if (heard.isPresent()) {
            return RotationRules.hurry(stored, heard.get().percent(), now);
        }
        int patience = stored instanceof Prepared ? PATIENCE_BEFORE : PATIENCE;
        if (mesh.now - storedAt > patience || troubles.strikes(Kind.OPERATOR_ROLLS_BACK)) {
            Decision back = RotationRules.rollBack(stored, now);
            if (back instanceof Decision.Advance) {
                return back;
            }
        }
        return rules.next(stored, board.evidence(), now);
    }

    static boolean isUrgent(RotationPhase phase) {
        return phase instanceof Changing at && at.change().pace() instanceof Pace.Urgent;
    }

    /** To every cluster that was not seen to have obeyed; a prepared rotation orders nothing. */
    private void order() {
        if (!(stored instanceof Changing) || stored instanceof Prepared) {
            return;
        }
        for (int cluster = 0; cluster < SimulatedMesh.CLUSTERS.size(); cluster++) {
            order(cluster, true);
            order(cluster, false);
        }
    }

    private void order(int cluster, boolean isOfCa) {
        boolean isDone = board.hasObeyed(cluster, isOfCa, stored.generation());
        if (!isDone && !troubles.strikes(Kind.ORDER_LOST)) {
            int late = troubles.has(Kind.ORDER_LATE) && troubles.oneIn(4) ? 800 : 40;
            mesh.orders.add(new Order(
                    cluster,
                    isOfCa,
                    stored.generation(),
                    Roots.bits(stored.published()),
                    Roots.bit(stored.signer(SimulatedMesh.CLUSTERS.get(cluster))),
                    mesh.now + troubles.upTo(late)));
        }
    }

    /** Asks nothing more of a phase once a gate of it is closed: the decision is the same, and costs half. */
    private static final class FirstClosedGate implements Gates {
        private final Gates gates;
        private boolean isClosed;

        FirstClosedGate(Gates gates) {
            this.gates = gates;
        }

        @Override
        public List<Missing> missing(Gate gate, Changing phase, RotationEvidence seen, Instant now) {
            if (isClosed) {
                return List.of();
            }
            List<Missing> missing = gates.missing(gate, phase, seen, now);
            isClosed = !missing.isEmpty();
            return missing;
        }
    }
}
