package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionId;
import java.util.List;

/** What the sites outside a region make of it together. */
public sealed interface RegionVerdict {
    /** For records and people. */
    String text();

    /** Every observer that may vote reaches it, and has for long enough. */
    record Healthy() implements RegionVerdict {
        @Override
        public String text() {
            return "reached by all";
        }
    }

    /** No quorum misses it. */
    record Reached() implements RegionVerdict {
        @Override
        public String text() {
            return "reached by some";
        }
    }

    /** A quorum hears nothing, not yet for long enough. */
    record Suspected(List<RegionId> by) implements RegionVerdict {
        public Suspected {
            by = List.copyOf(by);
        }

        @Override
        public String text() {
            return "silent to " + names(by);
        }
    }

    /** A quorum hears nothing for long, and yet its control plane speaks: a fault of paths, not of the region. */
    record Vetoed(List<RegionId> by) implements RegionVerdict {
        public Vetoed {
            by = List.copyOf(by);
        }

        @Override
        public String text() {
            return "veto: silent to " + names(by) + ", but its control plane is heard";
        }
    }

    /** Gone: a quorum has heard nothing for long enough, and nobody has heard its control plane. */
    record Failing(List<RegionId> by, boolean isRefused) implements RegionVerdict {
        public Failing {
            by = List.copyOf(by);
        }

        @Override
        public String text() {
            return (isRefused ? "refused to " : "down for ") + names(by);
        }
    }

    /** Too few sites can say anything. Never a reason to move. */
    record Unknown(int voting, int outside) implements RegionVerdict {
        @Override
        public String text() {
            return "seen by " + voting + " of " + outside + " sites outside";
        }
    }

    private static String names(List<RegionId> sites) {
        return String.join(", ", sites.stream().map(RegionId::name).toList());
    }
}
