package io.beringia.discovery.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How the new connections of one source are split over regions: whole ten-thousandths that add up to 10,000. In order
 * of region, so that equal splits are equal values. A region that is not listed gets nothing.
 */
public record Shares(List<Share> parts) {
    /** All of it. */
    public static final int WHOLE = 10_000;

    public Shares {
        List<Share> sorted = new ArrayList<>(parts);
        sorted.removeIf(part -> part.tenThousandths() == 0);
        sorted.sort(Comparator.comparing(Share::region));
        parts = List.copyOf(sorted);
        int total = parts.stream().mapToInt(Share::tenThousandths).sum();
        boolean isRepeated = parts.stream().map(Share::region).distinct().count() < parts.size();
        if (total != WHOLE || isRepeated) {
            throw new IllegalArgumentException(
                    "shares: " + text(parts) + " (expected: each region once, a total of " + WHOLE + ")");
        }
    }

    public static Shares of(Share... parts) {
        return new Shares(List.of(parts));
    }

    /** Everything to one region. */
    public static Shares all(RegionId region) {
        return of(new Share(region, WHOLE));
    }

    /** What that region gets, 0 to 10,000. */
    public int of(RegionId region) {
        return parts.stream()
                .filter(part -> part.region().equals(region))
                .mapToInt(Share::tenThousandths)
                .sum();
    }

    /** One region's part, 0 to 10,000. */
    public record Share(RegionId region, int tenThousandths) {
        public Share {
            if (tenThousandths < 0 || tenThousandths > WHOLE) {
                throw new IllegalArgumentException(
                        "share of " + region + ": " + tenThousandths + " (expected: 0 to " + WHOLE + ")");
            }
        }

        @Override
        public String toString() {
            return region + "=" + tenThousandths;
        }
    }

    private static String text(Collection<Share> parts) {
        return String.join(" ", parts.stream().map(Share::toString).toList());
    }

    @Override
    public String toString() {
        return text(parts);
    }
}
