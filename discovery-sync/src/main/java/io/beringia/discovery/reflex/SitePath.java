package io.beringia.discovery.reflex;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.Shares;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the way from our site to one region stands, by the best of our observers. Leaving is immediate; coming back takes
 * ten clean seconds and then thirty, a little at a time. Time in which nobody saw anything counts for nothing.
 *
 * <pre>
 *  OPEN -- DOWN --> SHUT -- UP, PROBATION --> CLEAN -- 10 s of it, now UP --> RAMPING -- 30 s of UP --> OPEN
 *    |               ^ ^ -- SUSPECT, DOWN ------+ ^                            |  |
 *    |               +------------- DOWN ---------|----------------------------+  |
 *    +------------ PROBATION ---------------------+-------- PROBATION ------------+
 * </pre>
 */
sealed interface SitePath {
    /** Of its share, 0 to 10,000. */
    int grade();

    /** As logs and meters name it. */
    String word();

    /** After so much more time, of which {@code best} tells; empty while no observer may be believed: then it is held. */
    SitePath next(Optional<PathState> best, Duration elapsed);

    /** Nothing is known against it. */
    record Open() implements SitePath {
        @Override
        public int grade() {
            return Shares.WHOLE;
        }

        @Override
        public String word() {
            return "open";
        }

        @Override
        public SitePath next(Optional<PathState> best, Duration elapsed) {
            return best.<SitePath>map(state -> switch (state) {
                        case UP, SUSPECT -> this;
                        case DOWN -> new Shut();
                        case PROBATION -> new Clean(Duration.ZERO);
                    })
                    .orElse(this);
        }
    }

    /** No observer gets through. */
    record Shut() implements SitePath {
        @Override
        public int grade() {
            return 0;
        }

        @Override
        public String word() {
            return "shut";
        }

        @Override
        public SitePath next(Optional<PathState> best, Duration elapsed) {
            return best.<SitePath>map(state -> switch (state) {
                        case UP, PROBATION -> new Clean(Duration.ZERO);
                        case SUSPECT, DOWN -> this;
                    })
                    .orElse(this);
        }
    }

    /** Somebody gets through again, for so long. An observer that has just begun says UP before it knows. */
    record Clean(Duration sofar) implements SitePath {
        private static final Duration ENOUGH = Duration.ofSeconds(10);

        @Override
        public int grade() {
            return 0;
        }

        @Override
        public String word() {
            return "clean";
        }

        @Override
        public SitePath next(Optional<PathState> best, Duration elapsed) {
            return best.<SitePath>map(state -> switch (state) {
                        case UP -> cleaner(elapsed, new Ramping(Duration.ZERO));
                        case PROBATION -> cleaner(elapsed, new Clean(ENOUGH));
                        case SUSPECT, DOWN -> new Shut();
                    })
                    .orElseGet(() -> new Clean(Duration.ZERO));
        }

        private SitePath cleaner(Duration elapsed, SitePath after) {
            Duration now = sofar.plus(elapsed);
            return now.compareTo(ENOUGH) < 0 ? new Clean(now) : after;
        }
    }

    /** Given back a little at a time, so far. */
    record Ramping(Duration sofar) implements SitePath {
        private static final Duration WHOLE = Duration.ofSeconds(30);

        /** Smaller steps are not worth a message to every proxy. */
        private static final int STEP = 200;

        @Override
        public int grade() {
            int exact = (int) (Shares.WHOLE * sofar.toMillis() / WHOLE.toMillis());
            return exact - exact % STEP;
        }

        @Override
        public String word() {
            return "ramping";
        }

        @Override
        public SitePath next(Optional<PathState> best, Duration elapsed) {
            return best.<SitePath>map(state -> switch (state) {
                        case UP -> further(elapsed);
                        case SUSPECT -> this;
                        case DOWN -> new Shut();
                        case PROBATION -> new Clean(Duration.ZERO);
                    })
                    .orElse(this);
        }

        private SitePath further(Duration elapsed) {
            Duration now = sofar.plus(elapsed);
            return now.compareTo(WHOLE) < 0 ? new Ramping(now) : new Open();
        }
    }
}
