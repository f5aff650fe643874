package io.beringia.trust.ledger;

import java.util.Set;

/** What a {@link Policy} says of a checkpoint. */
public sealed interface PolicyVerdict {
    /** It is of a known log, and enough known witnesses saw it; these are their names in the policy. */
    record Accepted(Checkpoint checkpoint, Set<String> witnesses) implements PolicyVerdict {
        public Accepted {
            witnesses = Set.copyOf(witnesses);
        }
    }

    record Refused(String why) implements PolicyVerdict {}
}
