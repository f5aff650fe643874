package io.beringia.trust.rotator;

import io.beringia.trust.rotator.RotationOrder.Author;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

/**
 * Who leads the clusters of a trust domain, as a cluster finds it. Whoever wants to takes an epoch that nobody has, asks
 * every cluster to obey no earlier one again, and goes on from the newest order that any of them was given: none can be
 * given any more that it would not know of. Pure.
 */
final class LeadRules {
    private LeadRules() {}

    /** What a cluster is in a rotation. */
    enum Role {
        /** There is nobody else. */
        ALONE,
        /** Every cluster has promised to obey it. */
        LEADS,
        /** Wants to lead, and waits for the promises of others. */
        CLAIMS,
        FOLLOWS
    }

    /**
     * Where this cluster stands among the others.
     *
     * @param epochMax the highest that was heard of
     */
    record Seat(String cluster, Role role, long epochMax) {
        static Seat alone(String cluster) {
            return new Seat(cluster, Role.ALONE, 0);
        }
    }

    static Role role(RotationState mine, String own, boolean hasPeers, Lead confirmed) {
        if (!hasPeers) {
            return Role.ALONE;
        }
        if (!mine.lead().isOf(own)) {
            return Role.FOLLOWS;
        }
        return confirmed.equals(mine.lead()) ? Role.LEADS : Role.CLAIMS;
    }

    /** May be asked of the others once it is stored. */
    static RotationState claim(RotationState mine, Seat seat, Author author) {
        long epoch = Math.max(mine.lead().epoch(), seat.epochMax()) + 1;
        return mine.under(new Lead(epoch, seat.cluster())).because(author.id(), author.reason());
    }

    /** Whether all have promised; {@code promised} are states of those who did, by cluster. */
    static boolean isConfirmed(Collection<String> others, Map<String, RotationState> promised) {
        return promised.keySet().containsAll(others);
    }

    /** From where a confirmed lead goes on: ours, unless somebody was given a newer order. */
    static RotationState newest(RotationState mine, Collection<RotationState> promised) {
        return promised.stream()
                .filter(state -> FenceRules.NEWEST_LAST.compare(state.phase(), mine.phase()) > 0)
                .max(Comparator.comparing(RotationState::phase, FenceRules.NEWEST_LAST))
                .orElse(mine);
    }
}
