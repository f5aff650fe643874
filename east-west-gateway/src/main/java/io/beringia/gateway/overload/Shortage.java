package io.beringia.gateway.overload;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

/**
 * One look at what this process has and uses.
 *
 * @param heapUsed after the last collection, bytes
 * @param loopLag how late the event loops do what they are asked, at least, for some looks now
 */
public record Shortage(
        long directUsed,
        long directMax,
        long heapUsed,
        long heapMax,
        long descriptorsUsed,
        long descriptorsMax,
        Duration loopLag) {
    /** A loop that is so late is taken for one that hangs, and the process ends. */
    static final Duration LAG_MAX = Duration.ofSeconds(1);

    public Shortage {
        if (directMax <= 0 || heapMax <= 0 || descriptorsMax <= 0) {
            throw new IllegalArgumentException("shortage: of " + directMax + " direct, " + heapMax + " heap bytes and "
                    + descriptorsMax + " descriptors (expected: more than 0 of each)");
        }
    }

    /** How much of what is shortest is used; 1 is all of it. */
    public double pressure() {
        return parts().values().stream().max(Comparator.naturalOrder()).orElse(0.0);
    }

    /** What is shortest, as it stands in logs and metrics. */
    public String shortest() {
        return parts().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("none");
    }

    private Map<String, Double> parts() {
        return Map.of(
                "direct", (double) directUsed / directMax,
                "heap", (double) heapUsed / heapMax,
                "descriptors", (double) descriptorsUsed / Math.max(1, descriptorsMax - Descriptors.RESERVED),
                "loop-lag", (double) loopLag.toNanos() / LAG_MAX.toNanos());
    }
}
