package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Policy;
import java.util.List;

/** What an AuthorizationPolicy of Istio means at layer 4. */
public sealed interface PolicyReading {
    /**
     * Data planes enforce it at layer 4.
     *
     * @param remarks what of it layer 4 cannot tell apart, so that this is stricter than it asks for
     */
    record Enforced(Policy.Action action, List<Policy.Rule> rules, boolean dryRun, List<String> remarks)
            implements PolicyReading {
        public Enforced {
            rules = List.copyOf(rules);
            remarks = List.copyOf(remarks);
        }
    }

    /** It names what it is for, and waypoints enforce it there. */
    record ForWaypoints() implements PolicyReading {}

    /** It restricts nobody. */
    record NotEnforced(String remark) implements PolicyReading {}
}
