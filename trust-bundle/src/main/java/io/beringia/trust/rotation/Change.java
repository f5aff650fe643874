package io.beringia.trust.rotation;

import java.util.Set;

/** Which root takes the place of which. */
public record Change(RootId from, RootId to, Pace pace) {
    public Change {
        if (from.equals(to)) {
            throw new IllegalArgumentException("next root: " + to + " (expected: another one than the active)");
        }
    }

    Set<RootId> both() {
        return Set.of(from, to);
    }

    Change urgent(int percent) {
        return new Change(from, to, new Pace.Urgent(percent));
    }
}
