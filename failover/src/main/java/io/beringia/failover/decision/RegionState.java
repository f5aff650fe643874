package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;

/**
 * Where a region stands. A state's methods are its only ways on.
 *
 * <pre>
 * ACTIVE --suspected--> SUSPECT --failed--> EVACUATING --emptied--> EVACUATED
 *   ^ ^                    |                    | aborted -> ACTIVE     |
 *   | +------refuted-------+                                            | restored
 *   +-----RAMPING <--trusted-- PROBATION <------------------------------+
 *            | failed: EVACUATED
 * ACTIVE --draining--> DRAINING --emptied--> DRAINED --restored--> PROBATION
 * </pre>
 */
public sealed interface RegionState {
    RegionPhase phase();

    /** How far a ramp has come, in ten-thousandths; 0 in every other state. */
    default int ramp() {
        return 0;
    }

    /** What part of its capacity it may be given, 0 to 10,000. */
    default int open() {
        return switch (this) {
            case Active _, Suspect _ -> 10_000;
            case Ramping ramping -> ramping.step().tenThousandths();
            case Evacuating _, Evacuated _, Draining _, Drained _, Probation _ -> 0;
        };
    }

    static RegionState of(RegionPlan plan) {
        return switch (plan.phase()) {
            case ACTIVE -> new Active();
            case SUSPECT -> new Suspect();
            case EVACUATING -> new Evacuating();
            case EVACUATED -> new Evacuated();
            case DRAINING -> new Draining();
            case DRAINED -> new Drained();
            case PROBATION -> new Probation();
            case RAMPING -> new Ramping(RampStep.at(plan.ramp()));
        };
    }

    /** Serves. */
    record Active() implements RegionState {
        public Suspect suspected() {
            return new Suspect();
        }

        /** An operator wants it away at once. */
        public Evacuating evacuated() {
            return new Evacuating();
        }

        /** An operator wants it away in peace. */
        public Draining draining() {
            return new Draining();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.ACTIVE;
        }
    }

    /** Serves, while a quorum hears nothing of it. */
    record Suspect() implements RegionState {
        public Active refuted() {
            return new Active();
        }

        public Evacuating failed() {
            return new Evacuating();
        }

        /** An operator wants it away in peace. */
        public Draining draining() {
            return new Draining();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.SUSPECT;
        }
    }

    /** Gets nothing new; old tunnels end. */
    record Evacuating() implements RegionState {
        public Evacuated emptied() {
            return new Evacuated();
        }

        public Active aborted() {
            return new Active();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.EVACUATING;
        }
    }

    /** Away, and stays away until it has been well for long. */
    record Evacuated() implements RegionState {
        public Probation restored() {
            return new Probation();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.EVACUATED;
        }
    }

    /** Gets nothing new; old tunnels live to their deadline. */
    record Draining() implements RegionState {
        public Drained emptied() {
            return new Drained();
        }

        public Active aborted() {
            return new Active();
        }

        /** An operator does not want to wait any longer. */
        public Evacuating evacuated() {
            return new Evacuating();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.DRAINING;
        }
    }

    /** Away by an operator's wish, and stays away until an operator brings it back. */
    record Drained() implements RegionState {
        public Probation restored() {
            return new Probation();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.DRAINED;
        }
    }

    /** Looked at by probes only. */
    record Probation() implements RegionState {
        public Ramping trusted() {
            return new Ramping(RampStep.CANARY);
        }

        public Evacuated failed() {
            return new Evacuated();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.PROBATION;
        }
    }

    /** Comes back, a step at a time. */
    record Ramping(RampStep step) implements RegionState {
        /** The next step, or active after the last. */
        public RegionState advanced() {
            return step.next().<RegionState>map(Ramping::new).orElseGet(Active::new);
        }

        public Evacuated failed() {
            return new Evacuated();
        }

        @Override
        public RegionPhase phase() {
            return RegionPhase.RAMPING;
        }

        @Override
        public int ramp() {
            return step.tenThousandths();
        }
    }
}
