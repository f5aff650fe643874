package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationPhase;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a rotation survives a restart.
 *
 * @param isByHand each step waits for an operator, beside its gates
 * @param destroyed roots whose keys are gone, by an operator's word
 * @param waived data planes that are not waited for, each with the end of that
 * @param by who gave the last order: an operator's ID, or the loop
 * @param reason one line
 * @param lead whose orders are obeyed, where there are several clusters
 */
record RotationState(
        RotationPhase phase,
        boolean isByHand,
        Set<RootId> destroyed,
        Map<String, Instant> waived,
        String by,
        String reason,
        Lead lead) {
    static final String LOOP = "loop";
    static final int REASON_CHARS_MAX = 400;

    RotationState {
        destroyed = Set.copyOf(destroyed);
        waived = Map.copyOf(waived);
        if (!isLine(reason) || reason.length() > REASON_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "reason: " + reason.length() + " characters (expected: one line of 1 to " + REASON_CHARS_MAX + ")");
        }
        if (!isLine(by)) {
            throw new IllegalArgumentException("by: no name (expected: one)");
        }
    }

    /** Of a cluster that nobody led. */
    RotationState(
            RotationPhase phase,
            boolean isByHand,
            Set<RootId> destroyed,
            Map<String, Instant> waived,
            String by,
            String reason) {
        this(phase, isByHand, destroyed, waived, by, reason, Lead.NONE);
    }

    private static boolean isLine(String text) {
        return !text.isBlank() && text.strip().equals(text) && text.chars().noneMatch(Character::isISOControl);
    }

    /** Before anybody ever started a rotation. */
    static RotationState first(RootId root) {
        return new RotationState(
                new RotationPhase.Stable(root, 0), false, Set.of(), Map.of(), LOOP, "no rotation was ever started");
    }

    /** The next phase, by the gates alone. What was for one rotation ends with it. */
    RotationState on(RotationPhase next) {
        return on(next, LOOP, "gates are open");
    }

    RotationState on(RotationPhase next, String author, String why) {
        boolean isOver = next instanceof RotationPhase.Stable;
        return new RotationState(next, isByHand && !isOver, destroyed, isOver ? Map.of() : waived, author, why, lead);
    }

    RotationState byHand(boolean only) {
        return new RotationState(phase, only, destroyed, waived, by, reason, lead);
    }

    /** The same, promised to another lead. */
    RotationState under(Lead another) {
        return new RotationState(phase, isByHand, destroyed, waived, by, reason, another);
    }

    RotationState because(String author, String why) {
        return new RotationState(phase, isByHand, destroyed, waived, author, why, lead);
    }

    RotationState without(RootId key, String author, String why) {
        Set<RootId> more = new HashSet<>(destroyed);
        more.add(key);
        return new RotationState(phase, isByHand, more, waived, author, why, lead);
    }

    RotationState waiving(String plane, Instant until, String author, String why) {
        Map<String, Instant> more = new HashMap<>(waived);
        more.put(plane, until);
        return new RotationState(phase, isByHand, destroyed, more, author, why, lead);
    }

    /** Data planes that nobody waits for at this moment. */
    Set<String> waivedAt(Instant now) {
        return waived.entrySet().stream()
                .filter(one -> one.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
