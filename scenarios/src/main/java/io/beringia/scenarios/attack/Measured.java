package io.beringia.scenarios.attack;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one siege has shown. Immutable.
 *
 * @param connections of all attackers in the last round, or tunnels where those are what is opened
 * @param heapBytes that each of them holds at the end of the last round, if that could be found out
 * @param directBytes the same outside the heap
 * @param sentBytes on each of them in the last round
 * @param tolerated seconds from going too far to the close, for each attacker that was closed
 * @param left attackers that went too far and were not closed
 * @param goodbye word of the GOAWAY that they heard
 * @param recoverySeconds until descriptors and direct memory were back; empty if they were not
 */
record Measured(
        List<Round> rounds,
        double connections,
        OptionalDouble heapBytes,
        double directBytes,
        double sentBytes,
        List<Double> tolerated,
        int left,
        Optional<String> goodbye,
        OptionalDouble recoverySeconds,
        String levels) {
    Measured {
        rounds = List.copyOf(rounds);
        tolerated = List.copyOf(tolerated);
    }

    /** One window without, and the one after it with the attack. */
    record Round(Window without, Window with) {}

    /**
     * @param cpuSeconds of the gateway
     * @param waitedSeconds for which its event loops wanted a processor and had none
     * @param p99Nanos of its neighbours
     * @param failures of its neighbours
     */
    record Window(
            double seconds,
            double cpuSeconds,
            double waitedSeconds,
            double p99Nanos,
            int messages,
            List<String> failures) {
        Window {
            failures = List.copyOf(failures);
        }
    }
}
