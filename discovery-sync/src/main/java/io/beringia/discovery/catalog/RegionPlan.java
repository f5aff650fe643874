package io.beringia.discovery.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the leader decided about one region.
 *
 * @param ramp how far a {@link RegionPhase#RAMPING} region has come, 1 to 10,000; 0 in every other phase
 * @param overlays each at most once, in their order
 * @param since when the phase began; the leader's clock
 * @param reason one word or short sentence for people
 * @param penalty for falling lately, 0 to {@value #PENALTY_MAX}, as it stood at {@code penaltyAt}
 */
public record RegionPlan(
        RegionId region,
        RegionPhase phase,
        int ramp,
        List<Overlay> overlays,
        Instant since,
        String reason,
        int penalty,
        Instant penaltyAt) {
    /** More would only lengthen a suppression that is long already. */
    public static final int PENALTY_MAX = 12_000;

    static final int REASON_CHARACTERS_MAX = 512;

    public RegionPlan {
        boolean isRampRight = phase == RegionPhase.RAMPING ? ramp > 0 && ramp <= Shares.WHOLE : ramp == 0;
        if (!isRampRight) {
            throw new IllegalArgumentException("region " + region + ": ramp " + ramp + " while " + phase
                    + " (expected: 1 to " + Shares.WHOLE + " while RAMPING, else 0)");
        }
        if (penalty < 0 || penalty > PENALTY_MAX) {
            throw new IllegalArgumentException(
                    "region " + region + ": penalty " + penalty + " (expected: 0 to " + PENALTY_MAX + ")");
        }
        if (reason.length() > REASON_CHARACTERS_MAX) {
            throw new IllegalArgumentException("region " + region + ": a reason of " + reason.length()
                    + " characters (expected: at most " + REASON_CHARACTERS_MAX + ")");
        }
        overlays = List.copyOf(new TreeSet<>(overlays));
    }

    /** A region of which nothing bad is known. */
    public static RegionPlan active(RegionId region, Instant since) {
        return new RegionPlan(region, RegionPhase.ACTIVE, 0, List.of(), since, "start", 0, since);
    }

    /** The same region under these overlays. */
    public RegionPlan withOverlays(Set<Overlay> now) {
        return new RegionPlan(region, phase, ramp, List.copyOf(now), since, reason, penalty, penaltyAt);
    }
}
