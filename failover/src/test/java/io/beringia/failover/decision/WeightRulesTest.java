package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Shares.Share;
import io.beringia.failover.decision.WeightRules.Capacity;
import io.beringia.failover.decision.WeightRules.Demand;
import io.beringia.failover.decision.WeightRules.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightRulesTest {
    private static final int WORLDS = 500;

    /** Envoy's own examples of priority load, healthy percent of each level to percent of load. */
    @ParameterizedTest(name = "{0} healthy -> {1}")
    @CsvSource({
        "100 100, 100 0",
        "72 72, 100 0",
        "71 71, 99 1",
        "50 100, 70 30",
        "50 50, 70 30",
        "25 100, 35 65",
        "25 25, 50 50",
        "25 25 100, 35 35 30",
        "5 65, 7 93",
        "0 100, 0 100",
        "0 0, 100 0"
    })
    void envoys_vectors_are_reproduced(String healthy, String load) {
        long[] percents = numbers(healthy);
        List<Capacity> capacities = IntStream.range(0, percents.length)
                .mapToObj(i -> undeclared(region(i), WeightRules.effective(percents[i], 100)))
                .toList();
        List<List<RegionId>> tiers = IntStream.range(0, percents.length)
                .mapToObj(i -> List.of(region(i)))
                .toList();

        Shares shares =
                one(new Demand(region(0), Shares.WHOLE, tiers), capacities).shares();

        assertThat(IntStream.range(0, percents.length).mapToLong(i -> percent(shares.of(region(i)))))
                .containsExactly(IntStream.range(0, percents.length)
                        .mapToLong(i -> numbers(load)[i])
                        .boxed()
                        .toArray(Long[]::new));
    }

    @Test
    void a_tier_is_filled_in_proportion_before_the_next_is_asked() {
        Demand demand = new Demand(
                region(0), 10_000, List.of(List.of(region(0)), List.of(region(1), region(2)), List.of(region(3))));

        Shares shares = one(
                        demand,
                        List.of(
                                undeclared(region(0), 2_000),
                                undeclared(region(1), 4_000),
                                undeclared(region(2), 2_000),
                                undeclared(region(3), 10_000)))
                .shares();

        assertThat(shares.toString()).isEqualTo("region-0=2000 region-1=4000 region-2=2000 region-3=2000");
    }

    @Test
    void what_is_short_everywhere_is_shared_by_capacity_and_shed_alike() {
        List<Demand> demands = List.of(
                new Demand(region(0), 600, List.of(List.of(region(0)), List.of(region(1)))),
                new Demand(region(1), 600, List.of(List.of(region(1)), List.of(region(0)))));
        List<Capacity> capacities = List.of(undeclared(region(0), 200), undeclared(region(1), 700));

        List<Row> rows = WeightRules.rows(demands, capacities);

        assertThat(rows).extracting(Row::admission).as("900 of 1,200").containsExactly(7_500, 7_500);
        assertThat(rows).extracting(Row::shares).allMatch(shares -> shares.of(region(0)) == 2_222);
    }

    @Test
    void two_sources_share_what_both_need() {
        List<Demand> demands = List.of(
                new Demand(region(0), 300, List.of(List.of(region(0)), List.of(region(2)))),
                new Demand(region(1), 300, List.of(List.of(region(1)), List.of(region(2)), List.of(region(3)))));
        List<Capacity> capacities = List.of(
                undeclared(region(0), 100),
                undeclared(region(1), 100),
                undeclared(region(2), 300),
                undeclared(region(3), 1_000));

        List<Row> rows = WeightRules.rows(demands, capacities);

        assertThat(rows.get(0).shares().of(region(2)))
                .as("150 of the 250 placed")
                .isEqualTo(6_000);
        assertThat(rows.get(0).admission()).as("it may go nowhere else").isEqualTo(8_333);
        assertThat(rows.get(1).shares().of(region(3))).as("the rest of 50").isEqualTo(1_667);
        assertThat(rows.get(1).admission()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rows_conserve_and_nothing_goes_where_nothing_is(long seed) {
        Random random = new Random(seed);
        for (int world = 0; world < WORLDS; world++) {
            World made = World.of(random);
            boolean isAnythingUsable = made.capacities().stream().anyMatch(one -> one.usable() > 0);
            for (Row row : WeightRules.rows(made.demands(), made.capacities())) {
                assertThat(row.shares().parts().stream()
                                .mapToInt(Share::tenThousandths)
                                .sum())
                        .as("world %d of seed %d", world, seed)
                        .isEqualTo(Shares.WHOLE);
                if (isAnythingUsable) {
                    assertThat(made.capacities())
                            .as("world %d of seed %d: %s", world, seed, row)
                            .allMatch(one -> one.usable() > 0 || row.shares().of(one.region()) == 0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void the_order_of_the_arguments_does_not_matter(long seed) {
        Random random = new Random(seed);
        for (int world = 0; world < WORLDS; world++) {
            World made = World.of(random);
            List<Demand> demands = new ArrayList<>(made.demands());
            List<Capacity> capacities = new ArrayList<>(made.capacities());
            Collections.shuffle(demands, random);
            Collections.shuffle(capacities, random);

            assertThat(WeightRules.rows(demands, capacities))
                    .as("world %d of seed %d", world, seed)
                    .isEqualTo(WeightRules.rows(made.demands(), made.capacities()));
        }
    }

    /** One ten-thousandth may be lost to rounding, never more. */
    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void a_healthier_region_never_gets_less(long seed) {
        Random random = new Random(seed);
        for (int world = 0; world < WORLDS; world++) {
            World made = World.of(random);
            Demand demand = made.demands().getFirst();
            int which = random.nextInt(made.capacities().size());
            Capacity worse = made.capacities().get(which);
            List<Capacity> better = new ArrayList<>(made.capacities());
            better.set(which, undeclared(worse.region(), worse.usable() + random.nextInt(5_000)));

            int before = one(demand, made.capacities()).shares().of(worse.region());
            int after = one(demand, better).shares().of(worse.region());

            if (made.capacities().stream().anyMatch(one -> one.usable() > 0)) {
                assertThat(after)
                        .as("world %d of seed %d: %s", world, seed, worse.region())
                        .isGreaterThanOrEqualTo(before - 1);
            }
        }
    }

    @Test
    void panic_needs_two_regions_at_once_or_that_nobody_reaches_anything() {
        List<Capacity> bad = List.of(new Capacity(region(0), 0, 100), new Capacity(region(1), 90, 100));
        assertThat(WeightRules.isPanic(bad, 2, true))
                .as("less than half is left")
                .isTrue();
        assertThat(WeightRules.isPanic(bad, 1, true)).as("one region only").isFalse();
        assertThat(WeightRules.isPanic(bad, 0, false)).as("nothing is reached").isTrue();
        assertThat(WeightRules.isPanic(List.of(new Capacity(region(0), 50, 100)), 2, true))
                .as("exactly half")
                .isFalse();

        Demand demand = new Demand(region(0), 100, List.of(List.of(region(0)), List.of(region(1))));
        assertThat(one(demand, WeightRules.inPanic(bad)).shares()).isEqualTo(Shares.all(region(0)));
    }

    @Test
    void small_changes_are_not_published_and_large_gains_come_in_steps() {
        Shares before = Shares.of(new Share(region(0), 5_000), new Share(region(1), 5_000));
        Shares near = Shares.of(new Share(region(0), 5_199), new Share(region(1), 4_801));
        Shares far = Shares.of(new Share(region(0), 5_200), new Share(region(1), 4_800));

        assertThat(WeightRules.isWorthPublishing(before, near)).isFalse();
        assertThat(WeightRules.isWorthPublishing(before, far)).isTrue();
        assertThat(WeightRules.paced(before, Shares.all(region(1)), 2_500))
                .isEqualTo(Shares.of(new Share(region(0), 2_500), new Share(region(1), 7_500)));
        assertThat(WeightRules.paced(before, far, 2_500)).isEqualTo(far);
    }

    @Test
    void capacities_and_demands_have_bounds() {
        assertThatThrownBy(() -> new Capacity(region(0), 2, 1))
                .hasMessage("capacity of region-0: 2 of 1 (expected: 0 <= usable <= known <= 1000000000)");
        assertThatThrownBy(() -> new Demand(region(0), 0, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private record World(List<Demand> demands, List<Capacity> capacities) {
        static World of(Random random) {
            int regions = 1 + random.nextInt(6);
            List<Capacity> capacities = IntStream.range(0, regions)
                    .mapToObj(i -> undeclared(region(i), random.nextInt(4) == 0 ? 0 : random.nextInt(20_000)))
                    .toList();
            List<Demand> demands = IntStream.range(0, regions)
                    .mapToObj(i -> new Demand(region(i), 1 + random.nextInt(20_000), tiers(i, regions, random)))
                    .toList();
            return new World(demands, capacities);
        }

        /** Itself, then the others in one tier or in two; every region is in one of them. */
        private static List<List<RegionId>> tiers(int self, int regions, Random random) {
            List<RegionId> near = new ArrayList<>();
            List<RegionId> far = new ArrayList<>();
            for (int i = 0; i < regions; i++) {
                if (i != self) {
                    (random.nextBoolean() ? near : far).add(region(i));
                }
            }
            return List.of(List.of(region(self)), near, far);
        }
    }

    private static Row one(Demand demand, List<Capacity> capacities) {
        return WeightRules.rows(List.of(demand), capacities).getFirst();
    }

    private static Capacity undeclared(RegionId region, long usable) {
        return new Capacity(region, usable, usable);
    }

    private static RegionId region(int i) {
        return new RegionId("region-" + i);
    }

    private static long percent(int tenThousandths) {
        return Math.round(tenThousandths / 100.0);
    }

    private static long[] numbers(String text) {
        return List.of(text.split(" ", -1)).stream().mapToLong(Long::parseLong).toArray();
    }
}
