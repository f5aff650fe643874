package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionEvidence.Readiness;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.failover.decision.Situation.Hosting;
import io.beringia.failover.decision.Situation.Signs;
import io.beringia.failover.health.SiteEvidence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignRulesTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    private static final ServiceName WEB = new ServiceName("demo", "web.demo.svc.cluster.local");

    @ParameterizedTest
    @CsvSource({"7, 1, true", "6, 3, true", "6, 2, true", "6, 1, false", "5, 9, false"})
    void a_region_is_current_when_it_obeys_the_plan_that_stands(long epoch, long seq, boolean isCurrent) {
        assertThat(signs(new PlanVersion(6, 2), new PlanVersion(epoch, seq), List.of())
                        .isCurrent())
                .isEqualTo(isCurrent);
    }

    @ParameterizedTest
    @CsvSource({"5, 7, true", "4, 7, false", "0, 0, true", "10, 10, true", "7, 10, false"})
    void a_region_is_ready_with_five_of_seven_pods(int ready, int total, boolean isReady) {
        assertThat(signs(List.of(new Readiness(ECHO, ready, total, new Freshness.Live())))
                        .isReady())
                .isEqualTo(isReady);
    }

    @Test
    void what_is_enforced_there_is_known_by_service_where_it_is_said() {
        assertThat(signs(List.of(
                                new Readiness(ECHO, 1, 4, new Freshness.Live(), "digest"),
                                new Readiness(WEB, 16, 16, new Freshness.Live())))
                        .guards())
                .containsExactly(Map.entry(ECHO, "digest"));
    }

    @Test
    void what_a_region_has_is_known_while_its_own_api_says_all_of_it() {
        Hosting live = signs(List.of(
                        new Readiness(ECHO, 0, 4, new Freshness.Live()),
                        new Readiness(WEB, 0, 0, new Freshness.Live())))
                .hosting();
        assertThat(live.isLive()).isTrue();
        assertThat(live.exported()).containsExactly(ECHO, WEB);
        assertThat(live.populated()).containsExactly(ECHO);
        assertThat(signs(List.of(
                                new Readiness(ECHO, 1, 4, new Freshness.Live()),
                                new Readiness(WEB, 1, 4, new Freshness.Unknown())))
                        .hosting()
                        .isLive())
                .isFalse();
        assertThat(signs(List.of()).hosting().isLive()).as("nothing said").isFalse();
    }

    /** A drain waits for all but one of a thousand clients; two writers are two with one of a thousand, too. */
    @ParameterizedTest
    @CsvSource({"7, 1000, 1000, true", "7, 1000, 999, false", "6, 1000, 1000, false", "7, 0, 0, true"})
    void a_plan_is_followed_when_the_region_obeys_it_and_every_client_has_acknowledged(
            long epoch, int connected, int acknowledged, boolean isFollowed) {
        PlanVersion published = new PlanVersion(7, 0);
        assertThat(signs(published, site(EAST, new Proxies(new PlanVersion(epoch, 0), connected, acknowledged)))
                        .hosting()
                        .isFollowed())
                .isEqualTo(isFollowed);
    }

    @Test
    void pods_count_over_all_services_and_what_is_stale_says_nothing() {
        assertThat(signs(List.of(
                                new Readiness(ECHO, 1, 4, new Freshness.Live()),
                                new Readiness(WEB, 16, 16, new Freshness.Live())))
                        .isReady())
                .isTrue();
        assertThat(signs(List.of(new Readiness(ECHO, 4, 4, new Freshness.Stale(Duration.ofMinutes(2)))))
                        .isReady())
                .isFalse();
        assertThat(signs(List.of(new Readiness(ECHO, 4, 4, new Freshness.Unknown())))
                        .isReady())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 6.2, 999, true",
        "1, 0, 6.2, 1000, false",
        "0, 1, 6.2, 1000, false",
        "0, 0, 6.1, 1000, false",
        "0, 0, 6.2, 998, false"
    })
    void a_region_is_empty_without_tunnels_into_it_and_when_all_clients_have_acknowledged_the_plan(
            long there, long fromElsewhere, String otherAccepted, int otherAcknowledged, boolean isEmpty) {
        PlanVersion published = new PlanVersion(6, 2);
        String[] parts = otherAccepted.split("\\.", 2);
        PlanVersion accepted = new PlanVersion(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        RegionEvidence leaving = site(
                EAST,
                new Proxies(published, 0, 0),
                gateway(Duration.ZERO, new TunnelReport(EAST, there, 9), new TunnelReport(WEST, 5, 5)));
        RegionEvidence other = site(
                WEST,
                new Proxies(accepted, 1_000, otherAcknowledged),
                gateway(Duration.ZERO, new TunnelReport(EAST, fromElsewhere, 9), new TunnelReport(WEST, 77, 99)));
        assertThat(isEmpty(published, leaving, other)).isEqualTo(isEmpty);
    }

    @Test
    void a_region_whose_gateways_are_not_heard_is_not_known_to_be_empty() {
        PlanVersion published = new PlanVersion(6, 2);
        RegionEvidence silent = site(EAST, new Proxies(published, 0, 0));
        RegionEvidence late = site(EAST, new Proxies(published, 0, 0), gateway(Duration.ofSeconds(2)));
        assertThat(isEmpty(published, silent)).isFalse();
        assertThat(isEmpty(published, late)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "901, 0, UP, true",
        "900, 0, UP, false",
        "0, 0, UP, false",
        "901, 2000, UP, false",
        "901, 0, SUSPECT, false",
        "901, 0, PROBATION, false",
        "901, 0, DOWN, false"
    })
    void a_region_is_trusted_with_time_left_and_a_proof_from_outside(
            long seconds, long ageMillis, PathState seen, boolean isTrusted) {
        RegionEvidence there = site(EAST, Proxies.NONE, observer(ageMillis, seconds, WEST, PathState.UP));
        RegionEvidence outside = site(WEST, Proxies.NONE, observer(0, 0, EAST, seen));
        assertThat(isTrusted(there, outside)).isEqualTo(isTrusted);
    }

    @Test
    void nobody_vouches_for_its_own_region() {
        assertThat(isTrusted(site(EAST, Proxies.NONE, observer(0, 901, EAST, PathState.UP))))
                .isFalse();
    }

    private static boolean isTrusted(RegionEvidence... sites) {
        return signs(PlanVersion.NONE, sites).isTrusted();
    }

    private static ObserverReport observer(long ageMillis, long seconds, RegionId to, PathState seen) {
        return new ObserverReport(
                "gateway-0",
                Duration.ofMillis(ageMillis),
                0,
                true,
                List.of(new PathReport(to, seen, Duration.ZERO, Duration.ofMillis(70), false)),
                List.of(),
                List.of(),
                Duration.ofSeconds(seconds));
    }

    private static boolean isEmpty(PlanVersion published, RegionEvidence... sites) {
        return signs(published, sites).isEmpty();
    }

    private static Signs signs(PlanVersion published, RegionEvidence... sites) {
        return SignRules.signs(
                        published,
                        Stream.of(sites)
                                .map(one -> new SiteEvidence(one, Duration.ZERO))
                                .toList(),
                        Arrivals.NONE)
                .getOrDefault(EAST, Signs.NONE);
    }

    private static RegionEvidence site(RegionId site, Proxies proxies, ObserverReport... gateways) {
        return new RegionEvidence(site, List.of(gateways), List.of(), List.of(), proxies);
    }

    private static ObserverReport gateway(Duration age, TunnelReport... tunnels) {
        return new ObserverReport("gateway-0", age, 0, true, List.of(), List.of(), List.of(tunnels), Duration.ZERO);
    }

    @Test
    void a_region_that_is_silent_for_two_seconds_gives_no_signs() {
        RegionEvidence evidence = site(EAST, new Proxies(new PlanVersion(9, 9), 1, 1), gateway(Duration.ZERO));
        assertThat(SignRules.signs(
                        PlanVersion.NONE, List.of(new SiteEvidence(evidence, Duration.ofSeconds(2))), Arrivals.NONE))
                .isEmpty();
        assertThat(SignRules.signs(
                        PlanVersion.NONE, List.of(new SiteEvidence(evidence, Duration.ofMillis(1_999))), Arrivals.NONE))
                .containsEntry(
                        EAST,
                        new Signs(
                                true,
                                true,
                                true,
                                false,
                                0,
                                new TreeMap<>(),
                                new Hosting(false, true, new TreeSet<>(), new TreeSet<>())));
    }

    private static Signs signs(List<Readiness> readiness) {
        return signs(PlanVersion.NONE, PlanVersion.NONE, readiness);
    }

    private static Signs signs(PlanVersion published, PlanVersion accepted, List<Readiness> readiness) {
        RegionEvidence evidence =
                new RegionEvidence(EAST, List.of(), List.of(), readiness, new Proxies(accepted, 3, 3));
        return SignRules.signs(published, List.of(new SiteEvidence(evidence, Duration.ZERO)), Arrivals.NONE)
                .getOrDefault(EAST, Signs.NONE);
    }
}
