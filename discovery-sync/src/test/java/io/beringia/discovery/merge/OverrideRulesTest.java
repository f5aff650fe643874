package io.beringia.discovery.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Shares.Share;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OverrideRulesTest {
    private static final int SEEDS = 2_000;

    /** Our own region is a; takers are the regions that may be raised. */
    @ParameterizedTest
    @CsvSource({
        "a=10000,          b=0,             a b c, a=10000",
        "a=6000 b=4000,    b=0,             a b c, a=10000",
        "a=6000 b=4000,    b=5000,          a b c, a=8000 b=2000",
        "a=6000 b=4000,    b=0,             b c,   a=6000 c=4000",
        "b=10000,          b=0,             b c,   c=10000",
        "b=10000,          b=0,             a c,   a=10000",
        "b=10000,          b=0 c=5000,      b c d, c=3334 d=6666",
        "a=2000 b=8000,    b=0 c=0,         b c,   panic",
        "b=10000,          b=0 c=0,         b c,   panic",
        "b=10000,          b=0,             b,     panic",
    })
    void what_is_lost_goes_home_first_then_to_who_may_take_it(
            String planned, String grades, String takers, String expected) {
        OverrideRules.Composed composed = OverrideRules.compose(
                shares(planned),
                LocalOverrides.of(parts(grades)),
                Stream.of(takers.split(" ", -1)).map(RegionId::new).collect(Collectors.toSet()),
                new RegionId("a"));

        if (expected.equals("panic")) {
            assertThat(composed).isEqualTo(new OverrideRules.Composed(shares(planned), true));
        } else {
            assertThat(composed).isEqualTo(new OverrideRules.Composed(shares(expected), false));
        }
    }

    @Test
    void nobody_is_raised_who_may_not_be_and_nobody_without_a_way_gets_anything() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Case it = new Case(new Random(seed));
            OverrideRules.Composed composed = it.composed();
            for (RegionId region : it.regions) {
                int before = it.planned.of(region);
                int after = composed.row().of(region);
                if (!it.takers.contains(region)) {
                    assertThat(after).as("seed %s: %s", seed, region).isLessThanOrEqualTo(before);
                }
                if (it.overrides.grade(region) == 0 && !composed.isPanic()) {
                    assertThat(after).as("seed %s: %s", seed, region).isZero();
                }
            }
        }
    }

    @Test
    void without_overrides_the_plan_stands() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Case it = new Case(new Random(seed));
            assertThat(OverrideRules.compose(it.planned, LocalOverrides.NONE, it.takers, it.regions[0]))
                    .isEqualTo(new OverrideRules.Composed(it.planned, false));
        }
    }

    private static Shares shares(String text) {
        return new Shares(parts(text).entrySet().stream()
                .map(it -> new Share(it.getKey(), it.getValue()))
                .toList());
    }

    private static Map<RegionId, Integer> parts(String text) {
        return Stream.of(text.split(" ", -1))
                .map(part -> part.split("=", -1))
                .collect(Collectors.toMap(part -> new RegionId(part[0]), part -> Integer.parseInt(part[1])));
    }

    private static final class Case {
        private final RegionId[] regions =
                Stream.of("a", "b", "c", "d").map(RegionId::new).toArray(RegionId[]::new);
        private final Shares planned;
        private final LocalOverrides overrides;
        private final Set<RegionId> takers;

        Case(Random random) {
            int first = random.nextInt(Shares.WHOLE + 1);
            int second = random.nextInt(Shares.WHOLE - first + 1);
            planned = Shares.of(
                    new Share(regions[0], first),
                    new Share(regions[1], second),
                    new Share(regions[2], Shares.WHOLE - first - second));
            Map<RegionId, Integer> grades = new HashMap<>();
            for (RegionId region : regions) {
                if (random.nextBoolean()) {
                    grades.put(region, random.nextBoolean() ? 0 : random.nextInt(Shares.WHOLE));
                }
            }
            overrides = LocalOverrides.of(grades);
            takers = new HashSet<>(Arrays.asList(regions));
            takers.removeIf(region -> random.nextBoolean());
        }

        OverrideRules.Composed composed() {
            return OverrideRules.compose(planned, overrides, takers, regions[0]);
        }
    }
}
