package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Set;

/**
 * What becomes of one service that is offered to others.
 *
 * @param consumers peers that are told of it, and whose clients may call it
 * @param clients the only identities that may; none named means everybody of the consumers
 * @param by the ExportPolicies that are about it, oldest first; none means that the default decides
 */
public record ExportDecision(Verdict verdict, Set<ClusterId> consumers, Set<SpiffeId> clients, List<ObjectName> by) {
    public ExportDecision {
        consumers = Set.copyOf(consumers);
        clients = Set.copyOf(clients);
        by = List.copyOf(by);
    }

    static ExportDecision denied(Verdict why) {
        return new ExportDecision(why, Set.of(), Set.of(), List.of());
    }

    /** Whether a service may leave at all, and if not, who says so. */
    public enum Verdict {
        PERMITTED("Permitted"),
        DENIED_BY_POLICY("DeniedByPolicy"),
        DENIED_BY_DEFAULT("DeniedByDefault");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** As a condition says it. */
        public String word() {
            return word;
        }
    }
}
