package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Decision;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.RotationRules;
import io.beringia.trust.rotator.LeadRules.Role;
import io.beringia.trust.rotator.LeadRules.Seat;
import io.beringia.trust.rotator.RotationOrder.Author;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether what an operator wants of a rotation may be done where it stands. No order opens a gate. Pure. */
record OrderRules(RotationRules rules) {
    /** As long as any override binds. */
    private static final Duration WAIVE_MAX = Duration.ofDays(3);

    sealed interface Answer {}

    /** May be stored. */
    record Obeyed(RotationState next) implements Answer {}

    /** Gates are closed. */
    record Held(Decision.Hold by) implements Answer {}

    /** Makes no sense here. */
    record Refused(String why) implements Answer {}

    Answer judge(
            RotationState state, RotationOrder order, Author author, Seat seat, RotationEvidence seen, Instant now) {
        Optional<Refused> notHere =
                order instanceof RotationOrder.TakeLead ? Optional.empty() : notHere(state, order, seat);
        if (notHere.isPresent()) {
            return notHere.get();
        }
        return switch (order) {
            case RotationOrder.Start(boolean isByHand) -> start(state, author, seen, now, isByHand);
            case RotationOrder.Advance _ -> decided(state, rules.next(state.phase(), seen, now), author);
            case RotationOrder.RollBack _ -> decided(state, RotationRules.rollBack(state.phase(), now), author);
            case RotationOrder.Abort _ -> abort(state, author, now);
            case RotationOrder.KeyDestroyed _ -> keyDestroyed(state, author);
            case RotationOrder.Waive waive -> waive(state, waive, author, seen, now);
            case RotationOrder.Emergency wanted -> emergency(state, wanted, author, seen, now);
            case RotationOrder.TakeLead _ -> lead(state, seat, author);
        };
    }

    /** Orders are given where the lead is. */
    private static Optional<Refused> notHere(RotationState state, RotationOrder order, Seat seat) {
        return switch (seat.role()) {
            case ALONE, LEADS -> Optional.empty();
            case CLAIMS ->
                Optional.of(new Refused(order.verb() + ": not every cluster has promised itself to epoch "
                        + state.lead().epoch() + " yet (expected: all; status says which)"));
            case FOLLOWS ->
                Optional.of(new Refused(order.verb() + ": "
                        + (state.lead().equals(Lead.NONE)
                                ? "nobody leads"
                                : state.lead().cluster() + " leads")
                        + " (expected: an order to the cluster that does; lead makes it this one)"));
        };
    }

    private static Answer lead(RotationState state, Seat seat, Author author) {
        return seat.role() == Role.ALONE
                ? new Refused("lead: no peers are configured (expected: rotation.peers, the other clusters)")
                : new Obeyed(LeadRules.claim(state, seat, author));
    }

    private Answer start(RotationState state, Author author, RotationEvidence seen, Instant now, boolean isByHand) {
        if (!(state.phase() instanceof Stable stable)) {
            return new Refused("start: a rotation is on its way, "
                    + state.phase().word() + " (expected: none; status says where it stands)");
        }
        if (seen.candidate().isEmpty()) {
            return new Refused("start: no next intermediate is laid out (expected: one in the folder rotation.next,"
                    + " made by beringia ca intermediate under a new root)");
        }
        return switch (decided(state, rules.start(stable, seen.candidate().get().root(), seen, now), author)) {
            case Obeyed(RotationState next) -> new Obeyed(next.byHand(isByHand));
            case Held held -> held;
            case Refused refused -> refused;
        };
    }

    /** From rest as well: whoever has the key does not wait for a second order. It goes on by itself, whoever is asleep. */
    private Answer emergency(
            RotationState state, RotationOrder.Emergency wanted, Author author, RotationEvidence seen, Instant now) {
        RootId old = state.phase().old();
        if (!wanted.isAbout(old)) {
            return new Refused("emergency: another root (expected: " + old + ", the one in force; status shows it)");
        }
        if (!(state.phase() instanceof Stable)) {
            return decided(
                    state.byHand(false),
                    RotationRules.hurry(state.phase(), wanted.pace().percent(), now),
                    author);
        }
        return switch (start(state, author, seen, now, false)) {
            case Obeyed(RotationState prepared) ->
                decided(
                        prepared,
                        RotationRules.hurry(prepared.phase(), wanted.pace().percent(), now),
                        author);
            case Held held -> held;
            case Refused refused -> new Refused("emergency: " + refused.why());
        };
    }

    private static Answer abort(RotationState state, Author author, Instant now) {
        return switch (state.phase()) {
            case Prepared at -> decided(state, RotationRules.rollBack(at, now), author);
            case Stable _ -> new Refused("abort: nothing changes (expected: a prepared rotation)");
            case Changing at ->
                new Refused("abort: " + at.word() + ", others have heard of the next root (expected: prepared;"
                        + " rollback is the way back from here)");
        };
    }

    private static Answer keyDestroyed(RotationState state, Author author) {
        return state.phase() instanceof Retired retired
                ? new Obeyed(state.without(retired.leaving(), author.id(), author.reason()))
                : new Refused("key-destroyed: " + state.phase().word()
                        + " (expected: retired; until then the key may still be needed)");
    }

    private static Answer waive(
            RotationState state, RotationOrder.Waive wanted, Author author, RotationEvidence seen, Instant now) {
        if (state.phase() instanceof Stable) {
            return new Refused("waive: nothing changes (expected: a rotation on its way)");
        }
        if (seen.planes().stream().map(Plane::name).noneMatch(wanted.plane()::equals)) {
            return new Refused("waive: no such data plane (expected: one that status names)");
        }
        if (!wanted.until().isAfter(now) || wanted.until().isAfter(now.plus(WAIVE_MAX))) {
            return new Refused("waive: until " + wanted.until() + " (expected: later than now, by 72 h at most)");
        }
        return new Obeyed(state.waiving(wanted.plane(), wanted.until(), author.id(), author.reason()));
    }

    private static Answer decided(RotationState state, Decision decision, Author author) {
        return switch (decision) {
            case Decision.Advance(RotationPhase to, var _) -> new Obeyed(state.on(to, author.id(), author.reason()));
            case Decision.Hold hold -> new Held(hold);
            case Decision.Rest _ -> new Refused("advance: nothing changes (expected: a rotation on its way)");
            case Decision.Refuse(String why) -> new Refused(why);
        };
    }
}
