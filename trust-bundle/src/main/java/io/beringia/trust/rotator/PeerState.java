package io.beringia.trust.rotator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a peer. Its last report stays when it falls silent, and what stands in it grows old there.
 *
 * @param last what it reported, by our clock
 * @param lead the newest that it was heard to obey
 * @param trouble why it does not report now; empty while it does
 */
record PeerState(Optional<Heard> last, Lead lead, Optional<Trouble> trouble) {
    static final PeerState SILENT = new PeerState(Optional.empty(), Lead.NONE, Optional.empty());

    record Heard(RotationState state, Sight sight, Instant at) {}

    /** @param since from when on it never reported */
    record Trouble(String why, Instant since) {}

    PeerState on(PeerReply reply, Instant sent, Instant received, Duration skew) {
        return switch (reply) {
            case PeerReply.Agreed(PeerReport report) -> {
                try {
                    Sight sight = report.byOurClock(sent, received, skew);
                    yield new PeerState(
                            Optional.of(new Heard(report.state(), sight, received)),
                            newer(report.state().lead()),
                            Optional.empty());
                } catch (IllegalArgumentException skewed) {
                    yield missed(String.valueOf(skewed.getMessage()), received);
                }
            }
            case PeerReply.Refused(PeerRefusal why, String detail, Lead other) ->
                new PeerState(last, newer(other), trouble("refuses, " + why.word() + ": " + detail, received));
            case PeerReply.Failed(String why) -> missed("fails: " + why, received);
        };
    }

    boolean isSilent() {
        return last.isEmpty() || trouble.isPresent();
    }

    PeerState missed(String why, Instant now) {
        return new PeerState(last, lead, trouble(why, now));
    }

    private Lead newer(Lead other) {
        return other.epoch() > lead.epoch() ? other : lead;
    }

    private Optional<Trouble> trouble(String why, Instant now) {
        return Optional.of(new Trouble(
                why, trouble.map(Trouble::since).orElse(last.map(Heard::at).orElse(now))));
    }
}
