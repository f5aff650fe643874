package io.beringia.failover.decision;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Shares.Share;
import io.beringia.discovery.catalog.SourceShares;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Demand, capacity and tiers in, shares out; whole numbers only, so that a replay gives the same bytes.
 *
 * <p>A waterfall: every source fills its first tier in proportion to what is usable there, and what does not fit goes
 * on to the next. One source of demand 10,000 over capacities of {@link #effective} is exactly Envoy's priority load
 * with an overprovisioning factor of 1.4.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/priority">
 *     Envoy, priority levels</a>
 */
public final class WeightRules {
    /** A smaller change of every share is not worth a push. */
    public static final int DEADBAND = 200;

    /** Envoy's: a region keeps all its traffic until less than 1/1.4 of it is ready. */
    private static final long OVERPROVISIONING = 14_000;

    /** Below that part of everything, health is no longer believed. */
    private static final long PANIC_BELOW = 5_000;

    private static final int PANIC_REGIONS = 2;
    private static final long WHOLE = Shares.WHOLE;

    /** Products of two of them must fit into a long. */
    private static final long UNITS_MAX = 1_000_000_000;

    private WeightRules() {}

    /**
     * What a region can take.
     *
     * @param usable in the unit of demand, after path and quality; 0 gets nothing
     * @param known the same by ready endpoints alone, for the case that all measuring is broken
     */
    public record Capacity(RegionId region, long usable, long known) {
        public Capacity {
            if (usable < 0 || known < usable || known > UNITS_MAX) {
                throw new IllegalArgumentException("capacity of " + region + ": " + usable + " of " + known
                        + " (expected: 0 <= usable <= known <= " + UNITS_MAX + ")");
            }
        }
    }

    /** What a source needs, and where it may go: the regions of a tier together, then the next tier. */
    public record Demand(RegionId source, long units, List<List<RegionId>> tiers) {
        public Demand {
            if (units < 1 || units > UNITS_MAX) {
                throw new IllegalArgumentException(
                        "demand of " + source + ": " + units + " (expected: 1 to " + UNITS_MAX + ")");
            }
            tiers = tiers.stream().map(List::copyOf).toList();
        }

        boolean allows(RegionId region) {
            return tiers.stream().anyMatch(tier -> tier.contains(region));
        }
    }

    /**
     * Shares of one source.
     *
     * @param admission what is to be admitted, 1 to 10,000; less than all while capacity is short
     */
    public record Row(RegionId source, Shares shares, int admission) {
        public SourceShares asSourceShares() {
            return new SourceShares(source, shares);
        }
    }

    /** Envoy's health of a level, 0 to 10,000. No endpoints at all have none. */
    public static long effective(long ready, long total) {
        return total == 0 ? 0 : Math.min(WHOLE, OVERPROVISIONING * ready / total);
    }

    /** One row for each demand, in order of source, whatever the order of the arguments. */
    public static List<Row> rows(List<Demand> demands, List<Capacity> capacities) {
        Waterfall fall = Waterfall.of(demands, capacities);
        fall.run();
        return IntStream.range(0, fall.demands.size()).mapToObj(fall::row).toList();
    }

    /**
     * Whether health is to be ignored: less than half of everything looks usable and that came over several regions
     * at once, or nobody reaches anything.
     *
     * @param turnedBad regions that turned bad within the last 10 s
     */
    public static boolean isPanic(List<Capacity> capacities, int turnedBad, boolean isAnythingReached) {
        long known = capacities.stream().mapToLong(Capacity::known).sum();
        long usable = capacities.stream().mapToLong(Capacity::usable).sum();
        return !isAnythingReached || turnedBad >= PANIC_REGIONS && usable * WHOLE < known * PANIC_BELOW;
    }

    /** The same regions with health ignored. */
    public static List<Capacity> inPanic(List<Capacity> capacities) {
        return capacities.stream()
                .map(one -> new Capacity(one.region(), one.known(), one.known()))
                .toList();
    }

    /** Whether some share differs by the deadband or more. */
    public static boolean isWorthPublishing(Shares before, Shares after) {
        return regions(before, after).stream()
                .anyMatch(region -> Math.abs(after.of(region) - before.of(region)) >= DEADBAND);
    }

    /**
     * As far on the way from one split to another as no region gains more than so much.
     *
     * @param gainMax in ten-thousandths, at least 1
     */
    public static Shares paced(Shares before, Shares after, int gainMax) {
        List<RegionId> regions = regions(before, after);
        long gain = regions.stream()
                .mapToLong(region -> after.of(region) - before.of(region))
                .max()
                .orElse(0);
        if (gain <= gainMax) {
            return after;
        }
        return shares(
                regions,
                regions.stream()
                        .mapToLong(region ->
                                before.of(region) * gain + (after.of(region) - before.of(region)) * (long) gainMax)
                        .toArray());
    }

    private static List<RegionId> regions(Shares one, Shares other) {
        List<Share> both = new ArrayList<>(one.parts());
        both.addAll(other.parts());
        return both.stream().map(Share::region).distinct().sorted().toList();
    }

    private static Shares shares(List<RegionId> regions, long[] weights) {
        long[] parts = Apportionment.split(WHOLE, weights);
        return new Shares(IntStream.range(0, parts.length)
                .mapToObj(i -> new Share(regions.get(i), (int) parts[i]))
                .toList());
    }

    /** One computation: rows and columns in order of name, so the order of the arguments cannot matter. */
    private static final class Waterfall {
        private final List<Demand> demands;
        private final List<Capacity> capacities;
        private final List<RegionId> regions;
        private final long[] left;
        private final long[] rest;
        private final long[][] placed;

        private Waterfall(List<Demand> demands, List<Capacity> capacities) {
            this.demands = demands;
            this.capacities = capacities;
            this.regions = capacities.stream().map(Capacity::region).toList();
            this.left = capacities.stream().mapToLong(Capacity::usable).toArray();
            this.rest = demands.stream().mapToLong(Demand::units).toArray();
            this.placed = new long[demands.size()][capacities.size()];
        }

        static Waterfall of(List<Demand> demands, List<Capacity> capacities) {
            return new Waterfall(
                    demands.stream()
                            .sorted(Comparator.comparing(Demand::source))
                            .toList(),
                    capacities.stream()
                            .sorted(Comparator.comparing(Capacity::region))
                            .toList());
        }

        void run() {
            int tiers =
                    demands.stream().mapToInt(one -> one.tiers().size()).max().orElse(0);
            for (int tier = 0; tier < tiers; tier++) {
                // Each pass empties a region or satisfies a source, so there are at most so many.
                for (int pass = 0; pass <= regions.size() + demands.size(); pass++) {
                    grant(wishes(tier));
                }
            }
        }

        private long[][] wishes(int tier) {
            long[][] wishes = new long[demands.size()][];
            for (int i = 0; i < wishes.length; i++) {
                wishes[i] = wishes(i, tier);
            }
            return wishes;
        }

        private long[] wishes(int i, int tier) {
            List<List<RegionId>> tiers = demands.get(i).tiers();
            List<RegionId> members = tier < tiers.size() ? tiers.get(tier) : List.of();
            long[] usable = IntStream.range(0, left.length)
                    .mapToLong(r -> members.contains(regions.get(r)) ? left[r] : 0)
                    .toArray();
            long sum =
                    IntStream.range(0, usable.length).mapToLong(r -> usable[r]).sum();
            return Apportionment.split(Math.min(rest[i], sum), usable);
        }

        /** Where several sources wish for more than there is, each gets its part of it. */
        private void grant(long[][] wishes) {
            for (int r = 0; r < left.length; r++) {
                int column = r;
                long[] wished = IntStream.range(0, wishes.length)
                        .mapToLong(i -> wishes[i][column])
                        .toArray();
                long sum = IntStream.range(0, wished.length)
                        .mapToLong(i -> wished[i])
                        .sum();
                long[] granted = sum > left[r] ? Apportionment.split(left[r], wished) : wished;
                for (int i = 0; i < granted.length; i++) {
                    placed[i][r] += granted[i];
                    rest[i] -= granted[i];
                    left[r] -= granted[i];
                }
            }
        }

        Row row(int i) {
            Demand demand = demands.get(i);
            return new Row(demand.source(), shares(i), admission(i));
        }

        /** Short of capacity all over: by capacity. Short in this row only: as placed. */
        private Shares shares(int i) {
            if (isShort()) {
                return byCapacity(i);
            }
            return IntStream.range(0, left.length).allMatch(r -> placed[i][r] == 0)
                    ? byCapacity(i)
                    : WeightRules.shares(regions, placed[i]);
        }

        private Shares byCapacity(int i) {
            Demand demand = demands.get(i);
            return weighted(
                            demand,
                            capacities.stream().mapToLong(Capacity::usable).toArray())
                    .or(() -> weighted(
                            demand,
                            capacities.stream().mapToLong(Capacity::known).toArray()))
                    .orElseGet(() -> Shares.all(firstChoice(demand)));
        }

        private Optional<Shares> weighted(Demand demand, long[] weights) {
            long[] allowed = IntStream.range(0, weights.length)
                    .mapToLong(r -> demand.allows(regions.get(r)) ? weights[r] : 0)
                    .toArray();
            return IntStream.range(0, allowed.length).allMatch(r -> allowed[r] == 0)
                    ? Optional.empty()
                    : Optional.of(WeightRules.shares(regions, allowed));
        }

        /** All is down: Envoy sends everything to its first priority, and so do we. */
        private RegionId firstChoice(Demand demand) {
            return demand.tiers().stream().flatMap(List::stream).findFirst().orElse(demand.source());
        }

        private int admission(int i) {
            if (isShort()) {
                return part(
                        capacities.stream().mapToLong(Capacity::usable).sum(),
                        demands.stream().mapToLong(Demand::units).sum());
            }
            long units = demands.get(i).units();
            return part(units - rest[i], units);
        }

        /** Nothing usable at all is for panic to judge, so nothing is shed for it here. */
        private static int part(long have, long need) {
            return have == 0 || have >= need ? Shares.WHOLE : (int) Math.max(1, have * WHOLE / need);
        }

        private boolean isShort() {
            return capacities.stream().mapToLong(Capacity::usable).sum()
                    < demands.stream().mapToLong(Demand::units).sum();
        }
    }
}
