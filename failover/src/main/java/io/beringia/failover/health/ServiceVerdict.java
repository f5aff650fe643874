package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionId;
import java.util.List;

/** What is made of one service in one region, by how clients of all sites fare with it. */
public sealed interface ServiceVerdict {
    /** For records and people. */
    String text();

    /** Nobody has asked it enough lately. Never a reason to move. */
    record Unknown() implements ServiceVerdict {
        @Override
        public String text() {
            return "not asked enough";
        }
    }

    /** Whoever asks it is answered. */
    record Well() implements ServiceVerdict {
        @Override
        public String text() {
            return "well";
        }
    }

    /**
     * It is reached, and yet fails too often, for everybody who asks it enough.
     *
     * @param by sites whose clients meet that
     * @param outcomes on which it rests
     */
    record Gray(List<RegionId> by, Attempts outcomes) implements ServiceVerdict {
        public Gray {
            by = List.copyOf(by);
        }

        @Override
        public String text() {
            return "gray: " + outcomes + " for " + names(by);
        }
    }

    /**
     * It answers, and much later than it used to, for everybody who asks it enough.
     *
     * @param by sites whose clients meet that
     * @param millis what one of twenty takes longer than
     * @param usual the same as it used to be
     */
    record Slow(List<RegionId> by, long millis, long usual) implements ServiceVerdict {
        public Slow {
            by = List.copyOf(by);
        }

        @Override
        public String text() {
            return "slow: " + millis + " ms instead of " + usual + " ms for " + names(by);
        }
    }

    /** It fails for some, and is well for others: a fault of the ways to it, not of the service. */
    record Disputed(List<RegionId> by, List<RegionId> wellFor) implements ServiceVerdict {
        public Disputed {
            by = List.copyOf(by);
            wellFor = List.copyOf(wellFor);
        }

        @Override
        public String text() {
            return "fails for " + names(by) + ", well for " + names(wellFor);
        }
    }

    /** It fails, or is slow, wherever it is asked: the fault would follow the traffic, so nothing moves. */
    record ApplicationFault(List<RegionId> regions) implements ServiceVerdict {
        public ApplicationFault {
            regions = List.copyOf(regions);
        }

        @Override
        public String text() {
            return "application fault: fails or is slow in " + names(regions) + " alike";
        }
    }

    private static String names(List<RegionId> sites) {
        return String.join(", ", sites.stream().map(RegionId::name).toList());
    }
}
