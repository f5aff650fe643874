package io.beringia.trust.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.rotation.RotationPhase.Stable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two thousand rotations in which an operator hears in the middle that the old root's key is lost, of the same mesh in which
 * as much goes wrong: whatever breaks, it is no more than the operator said, and nobody goes back to the lost root.
 */
final class EmergencySimulatorTest {
    private static final int SCHEDULES = Integer.getInteger("rotation.emergencies", 2_000);
    private static final int STEPS_MAX = 1_000;

    /** Behind it there soon is a schedule for a gate; for the inventory two troubles must meet, which is rare. */
    private static final Map<Gate, Long> FROM = Map.of(Gate.INVENTORY, 5_500L, Gate.LEAVES, 1_000L);

    private static final Gates ALL = new RotationGates(SimulatedBoard.TIMING);

    private record End(RotationPhase phase, Optional<String> broken, List<String> story) {}

    @Test
    void no_more_breaks_than_the_operator_said_and_the_lost_root_never_comes_back(TestReporter reporter) {
        int replaced = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            End end = run(seed, ALL);
            assertThat(end.broken()).as("schedule " + seed + ": " + end.story()).isEmpty();
            replaced += end.phase() instanceof Stable(RootId root, long _) && root.equals(SeenMesh.NEW) ? 1 : 0;
        }
        reporter.publishEntry("schedules", SCHEDULES + ", replaced " + replaced);
        assertThat(replaced).as("schedules that end on the new root").isGreaterThan(SCHEDULES * 3 / 4);
    }

    static Stream<Gate> never_dropped() {
        return RotationRules.neverDropped().stream();
    }

    @ParameterizedTest
    @MethodSource("never_dropped")
    void without_any_one_of_the_gates_that_are_never_dropped_more_does(Gate open, TestReporter reporter) {
        Gates others = (gate, phase, seen, now) -> gate == open ? List.of() : ALL.missing(gate, phase, seen, now);
        long first = FROM.getOrDefault(open, 0L);
        long seed = first;
        End end = run(seed, others);
        while (end.broken().isEmpty() && seed < first + SCHEDULES) {
            seed++;
            end = run(seed, others);
        }
        assertThat(end.broken()).as("without " + open).isPresent();
        reporter.publishEntry(
                "without " + open, "schedule " + seed + ": " + end.broken().orElse(""));
    }

    private static End run(long seed, Gates gates) {
        Troubles troubles = new Troubles(seed);
        SplittableRandom random = new SplittableRandom(seed);
        int percent = 40 + random.nextInt(61);
        SimulatedMesh mesh = new SimulatedMesh(troubles);
        SimulatedLoop loop = new SimulatedLoop(
                mesh, troubles, gates, Optional.of(new SimulatedLoop.Lost(random.nextInt(1_500), percent)));
        EmergencyWatch watch = new EmergencyWatch(mesh, percent);
        for (int step = 0; step < STEPS_MAX && watch.broken().isEmpty() && !loop.hasEnded(); step++) {
            RotationPhase before = loop.stored();
            mesh.step();
            loop.step();
            watch.look(before, loop.stored());
        }
        return new End(loop.stored(), watch.broken(), loop.story());
    }
}
