package io.beringia.discovery.lab;

/** What can be wrong with the lab on demand, to see what its clients make of it. */
public sealed interface LabFault {
    /** Nothing is wrong. */
    record None() implements LabFault {}

    /** Connections are accepted and no byte is answered, until the next fault is set. */
    record Freeze() implements LabFault {}

    /** Lists answer that there is nothing, and watches go on. */
    record EmptyLists() implements LabFault {}

    /** Resource versions are smaller than before by this much, as after a restore of etcd. */
    record VersionsBackwards(long by) implements LabFault {
        public VersionsBackwards {
            if (by < 1) {
                throw new IllegalArgumentException("fault: versions backwards by " + by + " (expected: at least 1)");
            }
        }
    }
}
