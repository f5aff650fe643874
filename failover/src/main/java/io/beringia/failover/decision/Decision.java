package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import java.util.List;

/** What to do now: at most one region makes one step. */
public sealed interface Decision {
    /** One sentence, for the plan, the ledger and people. */
    String reason();

    /**
     * Nothing.
     *
     * @param blocked rules without which something would have moved; empty if nothing wanted to
     */
    record Hold(String reason, List<SafetyRule> blocked) implements Decision {
        public Hold {
            blocked = List.copyOf(blocked);
        }
    }

    /** One region makes one step. */
    sealed interface Move extends Decision {
        RegionId region();

        RegionState from();

        RegionState to();

        /** As scripts and logs say it. */
        default String text() {
            return region() + " " + word(from()) + " -> " + word(to());
        }
    }

    /** It stands elsewhere now, and no client is sent to another place for it. */
    record Shift(RegionId region, RegionState from, RegionState to, String reason) implements Move {}

    /** Its clients and its share go elsewhere, and it is away until it is brought back. */
    record Evacuate(RegionId region, RegionState from, RegionState to, String reason) implements Move {}

    /** It comes one step closer to serving again. */
    record Return(RegionId region, RegionState from, RegionState to, String reason) implements Move {}

    private static String word(RegionState state) {
        return state.ramp() == 0 ? state.phase().name() : state.phase() + "(" + state.ramp() + ")";
    }
}
