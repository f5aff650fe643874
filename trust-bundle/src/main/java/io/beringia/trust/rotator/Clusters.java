package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotator.LeadRules.Role;
import io.beringia.trust.rotator.LeadRules.Seat;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All clusters of a trust domain as one of them finds them: who leads, what the others say, and what is said to them. Owned
 * by the loop.
 */
final class Clusters {
    private final String own;
    private final List<String> names;
    private final Peers peers;
    private Lead confirmed = Lead.NONE;

    /** {@code names} are all, in the order in which they change. */
    Clusters(String own, List<String> names, Peers peers) {
        this.own = own;
        this.names = names.isEmpty() ? List.of(own) : List.copyOf(names);
        this.peers = peers;
        if (!this.names.contains(own)) {
            throw new IllegalArgumentException(
                    "rotation.clusters: " + names + " (expected: " + own + ", which is ours, among them)");
        }
    }

    String own() {
        return own;
    }

    Seat seat(RotationState state) {
        long epochMax = heard().values().stream()
                .mapToLong(peer -> peer.lead().epoch())
                .max()
                .orElse(0);
        return new Seat(own, LeadRules.role(state, own, !peers.isNobody(), confirmed), epochMax);
    }

    /** All that is known of the trust domain. */
    RotationEvidence join(Sight sight, RotationState state, Instant now) {
        Map<String, Sight> sights = new HashMap<>();
        heard().forEach((name, peer) -> peer.last().ifPresent(last -> sights.put(name, last.sight())));
        sights.put(own, sight);
        return new JoinedEvidence(names, Map.copyOf(sights)).of(own, state, now);
    }

    /** From where we go on, once every other cluster has promised itself to us; empty where we lead already or do not try. */
    Optional<RotationState> confirmed(RotationState state) {
        if (seat(state).role() != Role.CLAIMS) {
            return Optional.empty();
        }
        Map<String, RotationState> promised = new HashMap<>();
        heard().forEach((name, peer) -> peer.last()
                .map(PeerState.Heard::state)
                .filter(theirs -> theirs.lead().equals(state.lead()))
                .ifPresent(theirs -> promised.put(name, theirs)));
        List<String> others = names.stream().filter(name -> !name.equals(own)).toList();
        return LeadRules.isConfirmed(others, promised)
                ? Optional.of(LeadRules.newest(state, promised.values()))
                : Optional.empty();
    }

    /** From here on orders are given. */
    void lead(Lead lead) {
        confirmed = lead;
    }

    /** What {@code state} has the others hear of us. */
    void tell(RotationState state) {
        peers.say(
                switch (seat(state).role()) {
                    case ALONE, FOLLOWS -> Optional.empty();
                    case CLAIMS -> Optional.of(new PeerCall.Claim(state.lead()));
                    case LEADS -> Optional.of(new PeerCall.Order(state));
                });
    }

    void hurry() {
        peers.hurry();
    }

    Map<String, PeerState> heard() {
        return peers.heard();
    }
}
