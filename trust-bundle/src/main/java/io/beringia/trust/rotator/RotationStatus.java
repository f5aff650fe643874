package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Decision;
import io.beringia.trust.rotation.Missing;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a rotation stands and what it waits for, at one moment.
 *
 * @param awaited what the gates of its phase lack; nothing where they are open, or where another cluster asks them
 * @param trouble why nothing can go on whatever the gates say: a store, ledger or CA that cannot be written to
 * @param seat who leads
 * @param peers how the other clusters are heard, by name
 * @param due what of our own intermediate there is to do
 */
public record RotationStatus(
        RotationState state,
        RotationEvidence seen,
        Awaited awaited,
        Optional<String> trouble,
        Instant at,
        LeadRules.Seat seat,
        Map<String, PeerState> peers,
        IntermediateSwap.Due due) {
    public RotationStatus {
        peers = Map.copyOf(peers);
    }

    static List<Missing> missing(Decision decision) {
        return decision instanceof Decision.Hold(List<Missing> missing) ? missing : List.of();
    }

    public RotationPhase phase() {
        return state.phase();
    }

    /** Whether it waits for a share of the data planes only, for the old root's key is in wrong hands. */
    public boolean isEmergency() {
        return phase() instanceof RotationPhase.Changing at && at.change().pace() instanceof Pace.Urgent;
    }

    /** 0 nothing, 1 the next intermediate is to be laid out, 2 it should have been. */
    public int intermediateDue() {
        return switch (due.step()) {
            case REST, ACTIVATE -> 0;
            case PREPARE -> 1;
            case LATE -> 2;
        };
    }

    /** Of the lead that is obeyed; 0 where nobody ever led. */
    public long epoch() {
        return state.lead().epoch();
    }

    List<Missing> missing() {
        return awaited.missing();
    }

    /** Whose it is; empty for what is missing of all. */
    Optional<String> clusterOf(Missing one) {
        return JoinedEvidence.clusterOf(
                one.who(),
                seen.clusters().stream().map(RotationEvidence.Cluster::name).toList());
    }

    List<Missing> missingOf(String cluster) {
        return missing().stream()
                .filter(one -> clusterOf(one).equals(Optional.of(cluster)))
                .toList();
    }

    /** As we hear him who follows us, or is to. */
    Optional<PeerState> peer(String cluster) {
        return switch (seat.role()) {
            case LEADS, CLAIMS -> Optional.ofNullable(peers.get(cluster));
            case ALONE, FOLLOWS -> Optional.empty();
        };
    }

    /** How many are waited for. */
    public long laggards() {
        return missing().stream().map(Missing::who).distinct().count();
    }

    /** Peers that do not report to us. */
    public long silent() {
        return peers.keySet().stream()
                .flatMap(name -> peer(name).stream())
                .filter(PeerState::isSilent)
                .count();
    }
}
