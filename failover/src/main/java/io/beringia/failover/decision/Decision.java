package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import java.util.List;
import java.util.Optional;

/** What to do now: at most one region makes one step, or one service does. */
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

    /** The home of a service with a single writer makes one step. */
    sealed interface Settle extends Decision {
        ServiceName service();

        /** As scripts and logs say it. */
        default String text() {
            return service() + " home "
                    + switch (this) {
                        case Appoint appoint ->
                            appoint.from().map(RegionId::name).orElse("none") + " -> " + appoint.to();
                        case Open open -> open.home() + " opened";
                        case Release release -> release.home() + " -> none";
                    };
        }
    }

    /**
     * It is to be there, and nobody is sent anywhere until all have left where it was.
     *
     * @param standing whom that waits for
     */
    record Appoint(
            ServiceName service, Optional<RegionId> from, RegionId to, ServiceHome.Standing standing, String reason)
            implements Settle {}

    /** All have left: its new home is open. */
    record Open(ServiceName service, RegionId home, String reason) implements Settle {}

    /** It may be served anywhere again. */
    record Release(ServiceName service, RegionId home, String reason) implements Settle {}

    private static String word(RegionState state) {
        return state.ramp() == 0 ? state.phase().name() : state.phase() + "(" + state.ramp() + ")";
    }
}
