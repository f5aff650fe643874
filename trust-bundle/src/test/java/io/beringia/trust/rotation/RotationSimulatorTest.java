package io.beringia.trust.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Stable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten thousand rotations of a small mesh in which much goes wrong, each from its number alone: whoever should believe
 * one another does at every moment of all of them, and without any one of the gates does not in some. One is played
 * again with {@code -Drotation.first=NUMBER -Drotation.schedules=1}.
 */
final class RotationSimulatorTest {
    private static final int SCHEDULES = Integer.getInteger("rotation.schedules", 10_000);
    private static final long FIRST = Long.getLong("rotation.first", 0);
    private static final int STEPS_MAX = 1_000;
    private static final Gates ALL = new RotationGates(SimulatedBoard.TIMING);

    /** Where a schedule ended, and what was wrong then. */
    private record End(RotationPhase phase, Optional<String> broken, List<String> story) {
        boolean isAt(RootId root) {
            return phase instanceof Stable(RootId settled, long _) && settled.equals(root);
        }
    }

    @Test
    void nobody_ever_fails_to_convince_anybody(TestReporter reporter) {
        int replaced = 0;
        int kept = 0;
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            End end = run(seed, ALL);
            assertThat(end.broken()).as("schedule " + seed + ": " + end.story()).isEmpty();
            replaced += end.isAt(SeenMesh.NEW) ? 1 : 0;
            kept += end.isAt(SeenMesh.OLD) ? 1 : 0;
        }
        reporter.publishEntry("schedules", SCHEDULES + ", replaced " + replaced + ", kept " + kept);
        if (SCHEDULES >= 1_000) {
            assertThat(replaced).as("schedules that end on the new root").isGreaterThan(SCHEDULES / 2);
            assertThat(kept).as("schedules that end on the old root").isGreaterThan(SCHEDULES / 10);
        }
    }

    @ParameterizedTest
    @EnumSource(Gate.class)
    void without_any_one_of_the_gates_somebody_does(Gate open, TestReporter reporter) {
        Gates others = (gate, phase, seen, now) -> gate == open ? List.of() : ALL.missing(gate, phase, seen, now);
        long seed = FIRST;
        End end = run(seed, others);
        while (end.broken().isEmpty() && seed < FIRST + SCHEDULES) {
            seed++;
            end = run(seed, others);
        }
        assertThat(end.broken()).as("without " + open).isPresent();
        reporter.publishEntry(
                "without " + open, "schedule " + seed + ": " + end.broken().orElse("") + ", " + end.story());
    }

    private static End run(long seed, Gates gates) {
        Troubles troubles = new Troubles(seed);
        SimulatedMesh mesh = new SimulatedMesh(troubles);
        SimulatedLoop loop = new SimulatedLoop(mesh, troubles, gates);
        for (int step = 0; step < STEPS_MAX && mesh.broken().isEmpty() && !loop.hasEnded(); step++) {
            mesh.step();
            loop.step();
            check(mesh, loop.stored());
        }
        return new End(loop.stored(), mesh.broken(), loop.story());
    }

    private static void check(SimulatedMesh mesh, RotationPhase phase) {
        boolean isSettled = phase instanceof Stable(RootId root, long _) && root.equals(SeenMesh.NEW);
        if (isSettled) {
            mesh.checkSettled();
        }
        if (isSettled || phase instanceof Retired) {
            mesh.checkRetired();
        }
    }
}
