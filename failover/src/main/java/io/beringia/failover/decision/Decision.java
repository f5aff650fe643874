package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import java.util.List;

/** What to do now: at most one region makes one step, or one service in one region. */
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

    /** More or less of one service's share goes to one region. */
    record Steer(ServiceName service, RegionId region, ServicePlan.Phase from, ServicePlan.Phase to, String reason)
            implements Decision {
        /** As scripts and logs say it. */
        public String text() {
            return service + " in " + region + " " + from + " -> " + to;
        }

        /** Whether the region is given less than before. */
        boolean isExit() {
            return to.grade() < from.grade();
        }
    }

    private static String word(RegionState state) {
        return state.ramp() == 0 ? state.phase().name() : state.phase() + "(" + state.ramp() + ")";
    }
}
