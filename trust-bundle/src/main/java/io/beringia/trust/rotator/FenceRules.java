package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Publishing;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.RotationPhase.Withdrawing;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whether a cluster does what the trust role of another one wants. It obeys one lead at a time and never goes back: not
 * to an earlier epoch, not to an earlier order, and not to roots that do not follow from its own. Pure.
 */
final class FenceRules {
    /** Orders in the order in which they are given, whoever gives them: a lead goes on from the newest there is. */
    static final Comparator<RotationPhase> NEWEST_LAST = Comparator.comparingLong(RotationPhase::generation)
            .thenComparing(Stable.class::isInstance)
            .thenComparing(phase -> phase instanceof Changing at ? at.since() : Instant.MAX);

    private FenceRules() {}

    /** When the order after that one is given at the earliest, even by a lead whose clock is behind that of the one before. */
    static Instant after(RotationPhase phase, Instant now) {
        return phase instanceof Changing at && !now.isAfter(at.since())
                ? at.since().plusMillis(1)
                : now;
    }

    sealed interface Verdict {}

    /** It is so already. */
    record Agreed() implements Verdict {}

    /** May be stored; what is left follows when it is asked again. */
    record Follow(RotationState next) implements Verdict {}

    record Refused(PeerRefusal why, String detail) implements Verdict {}

    /** {@code candidate} is what is to sign here next, {@code caller} the cluster that its certificate proves. */
    static Verdict judge(RotationState mine, Optional<Candidate> candidate, PeerCall call, String caller) {
        if (!call.lead().isOf(caller)) {
            return new Refused(PeerRefusal.NOT_ITS_OWN, "lead " + call.lead() + " (expected: of " + caller + ")");
        }
        return switch (call) {
            case PeerCall.Claim(Lead lead) -> claimed(mine, lead);
            case PeerCall.Order(RotationState state) -> ordered(mine, candidate, state);
        };
    }

    private static Verdict claimed(RotationState mine, Lead lead) {
        if (mine.lead().equals(lead)) {
            return new Agreed();
        }
        return lead.epoch() > mine.lead().epoch()
                ? new Follow(mine.under(lead))
                : new Refused(
                        PeerRefusal.OLD_EPOCH,
                        "epoch " + lead.epoch() + " (expected: more than "
                                + mine.lead().epoch() + ", which " + mine.lead().cluster() + " has)");
    }

    private static Verdict ordered(RotationState mine, Optional<Candidate> candidate, RotationState order) {
        if (order.lead().epoch() < mine.lead().epoch()) {
            return new Refused(PeerRefusal.OLD_EPOCH, "lead " + order.lead() + " (expected: " + mine.lead() + ")");
        }
        if (!order.lead().equals(mine.lead())) {
            return new Refused(PeerRefusal.NOT_PROMISED, "lead " + order.lead() + " (expected: one that asked before)");
        }
        if (order.equals(mine)) {
            return new Agreed();
        }
        return NEWEST_LAST.compare(order.phase(), mine.phase()) < 0
                ? new Refused(
                        PeerRefusal.OLD_ORDER,
                        order.phase().word() + " of generation " + order.phase().generation()
                                + " (expected: not before " + mine.phase().word() + " of "
                                + mine.phase().generation() + ")")
                : followed(mine, candidate, order);
    }

    private static Verdict followed(RotationState mine, Optional<Candidate> candidate, RotationState order) {
        boolean isNext = switch (mine.phase()) {
            case Stable at -> follows(at, order.phase());
            case Changing at -> follows(at, order.phase());
        };
        if (isNext) {
            return isReady(mine.phase(), candidate, order.phase())
                    ? new Follow(order)
                    : new Refused(
                            PeerRefusal.NOT_READY,
                            "no fit intermediate is laid out under the next root (expected: one in rotation.next)");
        }
        Optional<RotationState> settled = settled(mine).filter(then -> startsFrom(order.phase(), then.phase()));
        return settled.<Verdict>map(Follow::new)
                .orElseGet(() -> new Refused(
                        PeerRefusal.OTHER_CHANGE,
                        order.phase().word() + " does not follow from "
                                + mine.phase().word() + " here (expected: the same roots, from their beginning)"));
    }

    /** Who has heard of nothing yet begins where nothing is lost by it. */
    private static boolean follows(Stable mine, RotationPhase order) {
        return switch (order) {
            case Stable at -> at.root().equals(mine.root());
            case Prepared at -> at.change().from().equals(mine.root());
            case Publishing at -> at.change().from().equals(mine.root());
            case Withdrawing at -> at.change().from().equals(mine.root());
            case Changing _ -> false;
        };
    }

    private static boolean follows(Changing mine, RotationPhase order) {
        return switch (order) {
            case Changing at ->
                at.change().from().equals(mine.change().from())
                        && at.change().to().equals(mine.change().to());
            case Stable at -> settles(mine).filter(at.root()::equals).isPresent();
        };
    }

    /** Both intermediates must be kept then: nobody needs the next one on the way back. */
    static boolean isBeginning(RotationPhase mine, RotationPhase order) {
        return mine instanceof Stable && order instanceof Changing && !(order instanceof Withdrawing);
    }

    private static boolean isReady(RotationPhase mine, Optional<Candidate> candidate, RotationPhase order) {
        return !isBeginning(mine, order)
                || order instanceof Changing at
                        && candidate
                                .filter(it -> it.root().equals(at.change().to()))
                                .filter(it -> it.faults().isEmpty())
                                .isPresent();
    }

    /** Where a phase ends without anybody's order. */
    private static Optional<RootId> settles(Changing phase) {
        return switch (phase) {
            case Prepared at -> Optional.of(at.change().from());
            case Withdrawing at -> Optional.of(at.change().from());
            case Retired at -> Optional.of(at.change().to());
            case Changing _ -> Optional.empty();
        };
    }

    private static Optional<RotationState> settled(RotationState mine) {
        return mine.phase() instanceof Changing at
                ? settles(at).map(root -> mine.on(new Stable(root, at.generation())))
                : Optional.empty();
    }

    private static boolean startsFrom(RotationPhase order, RotationPhase settled) {
        return settled instanceof Stable at && order instanceof Changing && follows(at, order);
    }
}
