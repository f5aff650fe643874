package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.merge.ClusterExports;
import java.time.Duration;
import java.util.Optional;

/** What was last told of a peer's part, and whether there is news. Owned by the peer's thread. */
final class PartNews {
    private Optional<ClusterExports> told = Optional.empty();
    private boolean isChanged;

    /** What is held may be another now. */
    void changed() {
        isChanged = true;
    }

    /** Nothing that was told counts any more. */
    void forget() {
        told = Optional.empty();
        isChanged = false;
    }

    /**
     * The part, if it or its freshness is another than was told; it must then be told. What is held is looked at only after
     * {@link #changed()}: between, a peer may have said half of a change.
     */
    Optional<ClusterExports> next(HeldPart held, Freshness now) {
        Freshness freshness = rounded(now);
        boolean isSameFreshness = told.filter(part -> part.cluster().freshness().equals(freshness))
                .isPresent();
        if (!isChanged && isSameFreshness) {
            return Optional.empty();
        }
        Optional<ClusterExports> part = isChanged ? held.part(freshness) : told.map(it -> it.as(freshness));
        isChanged = false;
        if (part.isEmpty() || part.equals(told)) {
            return Optional.empty();
        }
        told = part;
        return part;
    }

    /** An age is told again when it has doubled: each telling is a revision for every client. */
    private Freshness rounded(Freshness now) {
        return told.map(part -> part.cluster().freshness())
                .filter(before -> before instanceof Freshness.Stale(Duration old)
                        && now instanceof Freshness.Stale(Duration age)
                        && age.compareTo(old) >= 0
                        && age.compareTo(old.multipliedBy(2)) < 0)
                .orElse(now);
    }
}
