package io.beringia.discovery.lab;

import java.time.Duration;

/** What can be wrong with the lab on demand, to see what its clients make of it. */
public sealed interface LabFault {
    /** Nothing is wrong. */
    record None() implements LabFault {}

    /** Connections are accepted and no byte is answered, until the next fault is set. */
    record Freeze() implements LabFault {}

    /** Watches that are open now say nothing any more and never end, also not after the next fault; later ones work. */
    record HalfOpen() implements LabFault {}

    /** Lists take so much longer. */
    record SlowLists(Duration by) implements LabFault {
        public SlowLists {
            require(!by.isNegative(), "slow lists by " + by, "0s or more");
        }
    }

    /** Whoever asks for objects is told to come back then (429). */
    record Busy(Duration retryAfter) implements LabFault {
        public Busy {
            require(retryAfter.toSeconds() >= 1, "busy for " + retryAfter, "at least 1s");
        }
    }

    /** Lists answer that there is nothing, and watches go on. */
    record EmptyLists() implements LabFault {}

    /** Answers and lines of watches end in the middle. */
    record TruncatedAnswers() implements LabFault {}

    /** Resource versions are smaller than before by this much, as after a restore of etcd. */
    record VersionsBackwards(long by) implements LabFault {
        public VersionsBackwards {
            require(by >= 1, "versions backwards by " + by, "at least 1");
        }
    }

    /**
     * A watch from a version that was never reached is accepted and says nothing until it is, as it is after a restore of
     * etcd (kubernetes/kubernetes#107457).
     */
    record FutureWatches() implements LabFault {}

    /** Lists of that kind, named as in paths, take so much longer. */
    record SlowListsOf(String plural, Duration by) implements LabFault {
        public SlowListsOf {
            require(!by.isNegative(), "slow lists of " + plural + " by " + by, "0s or more");
        }
    }

    /** Watches leave out what happens. */
    record LostEvents() implements LabFault {}

    /** Watches say everything twice. */
    record DuplicatedEvents() implements LabFault {}

    /** Watches say every second event before the one before it. */
    record ReorderedEvents() implements LabFault {}

    /** Watches end with an internal error (500) instead of their next event. */
    record BrokenWatches() implements LabFault {}

    /** Timestamps of new objects are wrong by this much. */
    record ClockSkew(Duration by) implements LabFault {}

    private static void require(boolean fits, String what, String expected) {
        if (!fits) {
            throw new IllegalArgumentException("fault: " + what + " (expected: " + expected + ")");
        }
    }
}
