package io.beringia.discovery.catalog;

import java.time.Instant;

/**
 * The one region in which a service with a single writer is served.
 *
 * @param since when the standing began; the leader's clock
 * @param reason one short sentence for people
 */
public record ServiceHome(RegionId region, Standing standing, Instant since, String reason) {
    public ServiceHome {
        if (reason.length() > RegionPlan.REASON_CHARACTERS_MAX) {
            throw new IllegalArgumentException("home in " + region + ": a reason of " + reason.length()
                    + " characters (expected: at most " + RegionPlan.REASON_CHARACTERS_MAX + ")");
        }
    }

    /** Whether anybody is sent there. */
    public enum Standing {
        /** Nobody is sent there yet, nor anywhere else: not all clients have left where it was. */
        AWAITED,
        /** The same, and clients in regions of which nothing is heard are not waited for. */
        HURRIED,
        /** All new connections go there. */
        OPEN
    }

    /** Whether new connections may go to that region. */
    public boolean isOpen(RegionId one) {
        return standing == Standing.OPEN && region.equals(one);
    }
}
