package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationPhase.Active;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Retiring;
import io.beringia.trust.rotation.RotationPhase.Stable;
import java.util.Optional;

/** Whether a simulated emergency keeps what it promises. Lives for one schedule. */
final class EmergencyWatch {
    private final SimulatedMesh mesh;
    private final int percent;
    private final boolean[] trusted;
    private final boolean[] left;
    private final boolean[] gone;
    private final int[] disobeyedAt;
    private Optional<String> broken = Optional.empty();

    EmergencyWatch(SimulatedMesh mesh, int percent) {
        this.mesh = mesh;
        this.percent = percent;
        this.trusted = new boolean[mesh.planes.length];
        this.left = new boolean[mesh.planes.length];
        this.gone = new boolean[mesh.planes.length];
        this.disobeyedAt = new int[SimulatedMesh.CLUSTERS.size()];
    }

    Optional<String> broken() {
        return broken;
    }

    /** What data planes ever did counts: whoever restarts afterwards was counted rightly before. */
    void look(RotationPhase before, RotationPhase after) {
        for (int i = 0; i < mesh.planes.length; i++) {
            SimulatedPlane plane = mesh.planes[i];
            trusted[i] |= (plane.roots & Roots.NEW) != 0;
            left[i] |= plane.issuer != Roots.OLD;
            gone[i] = before instanceof Retiring && (gone[i] || (plane.roots & Roots.OLD) == 0);
        }
        for (SimulatedIssuer issuer : mesh.issuers) {
            if (issuer.generation < before.generation()) {
                disobeyedAt[issuer.cluster] = mesh.now;
            }
        }
        if (!before.equals(after) && (SimulatedLoop.isUrgent(after) || SimulatedLoop.isUrgent(before))) {
            step(before, after);
        }
        if (mesh.hasEndedUnder) {
            breaks("somebody gets a leaf under a root that has ended");
        }
    }

    private void step(RotationPhase before, RotationPhase after) {
        if (SimulatedLoop.isUrgent(before) && signsNew(before) && !signsNew(after)) {
            breaks("the lost root signs again");
        }
        switch (after) {
            case Active _ -> limit(trusted, true, "do not know the new root that signs");
            case Retiring _ -> limit(left, false, "never had another leaf than under the old root, which goes");
            case Retired _ -> limit(gone, true, "still believe the lost root");
            case Stable at when at.root().equals(SeenMesh.OLD) -> breaks("the lost root is back");
            case Stable _ when !mesh.isOldKeyDestroyed -> breaks("nobody said that the key is gone");
            default -> {}
        }
    }

    private static boolean signsNew(RotationPhase phase) {
        return phase.signer(SimulatedMesh.CLUSTERS.getFirst()).equals(SeenMesh.NEW);
    }

    /**
     * Of those that were there from the beginning, for an emergency waits for nobody who comes; nor for an issuer that does not
     * obey, and so not for whoever is out of sight and has had a leaf of it.
     *
     * @param ofRoots whoever has his by a stream is never taken for granted there
     */
    private void limit(boolean[] fine, boolean ofRoots, String what) {
        int born = 0;
        int lacking = 0;
        for (int i = 0; i < fine.length; i++) {
            SimulatedPlane plane = mesh.planes[i];
            born += plane.bornAt <= mesh.now ? 1 : 0;
            lacking += isCounted(plane, ofRoots) && !fine[i] ? 1 : 0;
        }
        if ((born - lacking) * 100 < born * percent) {
            breaks(lacking + " of " + born + " " + what + ", and " + percent + " % were to be waited for");
        }
    }

    private boolean isCounted(SimulatedPlane plane, boolean ofRoots) {
        return plane.bornAt == 0
                && plane.isLive(mesh.now)
                && (ofRoots && plane.streams || mesh.now - disobeyedAt[plane.cluster] > SimulatedMesh.LEAF_LIFE);
    }

    private void breaks(String what) {
        broken = broken.or(() -> Optional.of("at " + mesh.now + " s " + what));
    }
}
