package io.beringia.failover.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegionRulesTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final RegionId NORTH = new RegionId("us-north");
    private static final RegionId WITNESS = new RegionId("witness");
    private static final Sites TWO_AND_A_WITNESS = new Sites(List.of(EAST, WEST), List.of(WITNESS));

    @ParameterizedTest(name = "silent for {0} ms and {1} ms, round trip {2} ms: {3}")
    @CsvSource({
        "100, 100, 70, Healthy",
        "700, 100, 70, Reached",
        "700, 700, 70, Suspected",
        "3000, 3001, 70, Suspected",
        "3001, 3001, 70, Failing",
        "3001, 100, 70, Reached",
        "4799, 4800, 400, Suspected",
        "4801, 4801, 400, Failing"
    })
    void two_sites_must_both_have_heard_nothing_for_long_enough(
            long west, long witness, long roundTrip, String expected) {
        RegionVerdict verdict = RegionRules.judge(
                EAST,
                TWO_AND_A_WITNESS,
                List.of(
                        site(WEST, observer(0, path(west, roundTrip, false))),
                        site(WITNESS, observer(0, path(witness, roundTrip, false)))));

        assertThat(verdict.getClass().getSimpleName()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "refused for {0} ms to the one, silent for {1} ms to the other: {2}")
    @CsvSource({"1001, true, Failing", "1000, true, Suspected", "1001, false, Suspected"})
    void refusals_at_every_site_shorten_it_to_a_second(long silence, boolean isRefusedToo, String expected) {
        RegionVerdict verdict = RegionRules.judge(
                EAST,
                TWO_AND_A_WITNESS,
                List.of(
                        site(WEST, observer(0, path(silence, 70, true))),
                        site(WITNESS, observer(0, path(silence, 70, isRefusedToo)))));

        assertThat(verdict.getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    void one_success_of_one_observer_speaks_for_its_site() {
        SiteEvidence west = site(WEST, observer(0, path(9_000, 70, false)), observer(0, path(100, 70, false)));

        assertThat(RegionRules.judge(EAST, TWO_AND_A_WITNESS, List.of(west, silent(WITNESS))))
                .isInstanceOf(RegionVerdict.Reached.class);
    }

    @Test
    void an_unwell_a_stale_and_a_cut_off_observer_have_no_vote() {
        PathReport silent = path(9_000, 70, false);
        List<ObserverReport> voiceless = List.of(
                observer(3, silent),
                new ObserverReport("old", Duration.ofMillis(1_950), 0, true, List.of(silent)),
                new ObserverReport("cut", Duration.ofMillis(100), 0, false, List.of(silent)));

        for (ObserverReport one : voiceless) {
            assertThat(RegionRules.judge(EAST, TWO_AND_A_WITNESS, List.of(site(WEST, one), silent(WITNESS))))
                    .as(one.toString())
                    .isEqualTo(new RegionVerdict.Unknown(1, 2));
        }
        assertThat(RegionRules.judge(
                        EAST, TWO_AND_A_WITNESS, List.of(site(WEST, observer(2, silent)), silent(WITNESS))))
                .as("a little unwell may vote")
                .isInstanceOf(RegionVerdict.Failing.class);
    }

    @Test
    void the_region_itself_and_strangers_do_not_vote() {
        List<SiteEvidence> evidence = List.of(
                site(EAST, Duration.ofSeconds(9), List.of(), observer(0, path(9_000, 70, false))),
                silent(WEST),
                silent(new RegionId("stranger")));

        assertThat(RegionRules.judge(EAST, TWO_AND_A_WITNESS, evidence)).isEqualTo(new RegionVerdict.Unknown(1, 2));
    }

    @Test
    void with_one_site_outside_nothing_is_ever_judged() {
        assertThat(RegionRules.judge(EAST, new Sites(List.of(EAST, WEST), List.of()), List.of(silent(WEST))))
                .isEqualTo(new RegionVerdict.Unknown(1, 1));
    }

    @Test
    void of_four_sites_outside_two_are_no_majority() {
        Sites sites = new Sites(List.of(EAST, WEST, NORTH), List.of(WITNESS, new RegionId("witness-2")));
        List<SiteEvidence> evidence = new ArrayList<>(List.of(
                silent(WEST),
                silent(NORTH),
                site(WITNESS, observer(0, path(100, 70, false))),
                site(new RegionId("witness-2"), observer(0, path(100, 70, false)))));

        assertThat(RegionRules.judge(EAST, sites, evidence)).isInstanceOf(RegionVerdict.Reached.class);
        evidence.set(2, silent(WITNESS));
        assertThat(RegionRules.judge(EAST, sites, evidence))
                .isEqualTo(new RegionVerdict.Failing(List.of(NORTH, WEST, WITNESS), false));
    }

    @Test
    void one_fresh_heartbeat_from_inside_is_a_veto() {
        Heartbeat heard = new Heartbeat(EAST, Duration.ofMillis(1_800));
        SiteEvidence west = site(WEST, Duration.ofMillis(100), List.of(heard), observer(0, path(9_000, 70, false)));
        SiteEvidence late = site(WEST, Duration.ofMillis(200), List.of(heard), observer(0, path(9_000, 70, false)));

        assertThat(RegionRules.judge(EAST, TWO_AND_A_WITNESS, List.of(west, silent(WITNESS))))
                .isEqualTo(new RegionVerdict.Vetoed(List.of(WEST, WITNESS)));
        assertThat(RegionRules.judge(EAST, TWO_AND_A_WITNESS, List.of(late, silent(WITNESS))))
                .as("2.0 s old")
                .isInstanceOf(RegionVerdict.Failing.class);
    }

    @Test
    void evidence_from_the_region_itself_is_a_heartbeat_while_it_is_fresh() {
        List<SiteEvidence> evidence =
                List.of(silent(WEST), silent(WITNESS), site(EAST, Duration.ofMillis(1_999), List.of(), observer(0)));

        assertThat(RegionRules.judge(EAST, TWO_AND_A_WITNESS, evidence)).isInstanceOf(RegionVerdict.Vetoed.class);
    }

    @Test
    void a_site_stands_for_one_domain_only() {
        assertThatThrownBy(() -> new Sites(List.of(EAST), List.of(EAST)))
                .hasMessage("sites: [us-east] and witnesses [us-east] (expected: each site once)");
    }

    private static SiteEvidence silent(RegionId site) {
        return site(site, observer(0, path(9_000, 70, false)));
    }

    private static SiteEvidence site(RegionId site, ObserverReport... observers) {
        return site(site, Duration.ofMillis(100), List.of(), observers);
    }

    private static SiteEvidence site(RegionId site, Duration held, List<Heartbeat> beats, ObserverReport... observers) {
        return new SiteEvidence(new RegionEvidence(site, List.of(observers), beats, List.of(), Proxies.NONE), held);
    }

    private static ObserverReport observer(int localHealth, PathReport... paths) {
        return new ObserverReport("gateway-0", Duration.ofMillis(100), localHealth, true, List.of(paths));
    }

    private static PathReport path(long silence, long roundTrip, boolean isRefused) {
        PathState state = silence > 1_500 ? PathState.DOWN : silence > 600 ? PathState.SUSPECT : PathState.UP;
        return new PathReport(EAST, state, Duration.ofMillis(silence), Duration.ofMillis(roundTrip), isRefused);
    }
}
