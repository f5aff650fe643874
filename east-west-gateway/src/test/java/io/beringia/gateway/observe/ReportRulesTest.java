package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Outcome;
import io.beringia.discovery.catalog.OutcomeCounts;
import io.beringia.discovery.catalog.OutcomeReport;
import io.beringia.discovery.catalog.PathRules.Standing;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionEvidence.GatewayTrouble;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.SiblingReport;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RoundTrip;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportRulesTest {
    private static final List<TunnelReport> TUNNELS = List.of(new TunnelReport(new RegionId("us-west"), 1, 3));
    private static final List<OutcomeReport> OUTCOMES = List.of(
            new OutcomeReport("cart.shop", new RegionId("us-west"), "west/gw", 1, OutcomeCounts.of(Outcome.ANSWERED)));
    private static final Own OWN = new Own(() -> TUNNELS, () -> Duration.ofHours(3), () -> OUTCOMES);
    private static final RegionId WEST = new RegionId("us-west");
    private static final long NOW = Duration.ofHours(-5).toNanos();

    @Test
    void the_best_gateway_of_a_region_speaks_for_it() {
        ObserverReport report = report(
                other("us-west", PathState.DOWN, 9_000, 40, false),
                other("us-west", PathState.PROBATION, 90, 30, false),
                other("us-west", PathState.SUSPECT, 700, 20, true));
        assertThat(report.paths())
                .containsExactly(new PathReport(WEST, PathState.PROBATION, millis(90), millis(30), false));
    }

    @Test
    void silence_is_that_of_whoever_was_heard_last_whatever_its_state() {
        ObserverReport report = report(
                other("us-west", PathState.UP, 500, 40, false), other("us-west", PathState.DOWN, 100, 70, false));
        assertThat(report.paths()).containsExactly(new PathReport(WEST, PathState.UP, millis(100), millis(40), false));
    }

    @Test
    void a_region_refuses_when_each_of_its_gateways_does() {
        assertThat(report(
                                other("us-west", PathState.DOWN, 2_000, 0, true),
                                other("us-west", PathState.DOWN, 2_000, 0, true))
                        .paths()
                        .getFirst()
                        .isRefusedEverywhere())
                .isTrue();
        assertThat(report(
                                other("us-west", PathState.DOWN, 2_000, 0, true),
                                other("us-west", PathState.DOWN, 2_000, 0, false))
                        .paths()
                        .getFirst()
                        .isRefusedEverywhere())
                .isFalse();
    }

    @Test
    void troubles_are_named_with_their_gateway_and_only_a_few_of_them() {
        List<PathTrouble> mtu = List.of(PathTrouble.MTU);
        ReportRules.Seen one = other("us-west", PathState.UP, 100, 40, false);
        ReportRules.Seen troubled = new ReportRules.Seen(one.look(), one.standing(), false, mtu);
        assertThat(report(one, troubled).paths().getFirst().troubles())
                .containsExactly(new GatewayTrouble("us-west-1/gateway-us-west", PathTrouble.MTU));
        assertThat(report(troubled, troubled, troubled, troubled, troubled)
                        .paths()
                        .getFirst()
                        .troubles())
                .hasSize(ReportRules.TROUBLES_MAX);
    }

    @Test
    void siblings_are_reported_by_name_and_are_no_region() {
        ObserverReport report = report(sibling(PathState.SUSPECT, 800));
        assertThat(report.paths()).isEmpty();
        assertThat(report.siblings()).containsExactly(new SiblingReport("gateway-us-east", PathState.SUSPECT));
    }

    @Test
    void a_sibling_whose_certificate_ends_is_left_by_whoever_has_a_better_one() {
        ReportRules.Seen one = sibling(PathState.UP, 80);
        ReportRules.Seen expiring =
                new ReportRules.Seen(one.look(), one.standing(), false, List.of(PathTrouble.EXPIRING));
        assertThat(report(expiring).siblings()).containsExactly(new SiblingReport("gateway-us-east", PathState.DOWN));
        for (Duration left : List.of(Duration.ZERO, Symptoms.CERTIFICATE_LEFT_MIN)) {
            Own own = new Own(() -> TUNNELS, () -> left, () -> OUTCOMES);
            assertThat(ReportRules.report("east-1/gateway-0", 2, List.of(expiring), own, NOW)
                            .siblings())
                    .as("ours ends in %s", left)
                    .containsExactly(new SiblingReport("gateway-us-east", PathState.UP));
        }
    }

    /** Milliseconds since each was heard; empty where there is none. */
    @ParameterizedTest
    @CsvSource({
        ",,,true",
        "90,,,true",
        "90,90,,true",
        "9000,90,,true",
        "9000,9000,,false",
        "9000,9000,90,false",
        "9000,,90,true",
        "9000,,9000,false",
        "9000,,,true",
    })
    void an_observer_that_hears_nobody_says_so(Long west, Long eu, Long sibling, boolean ok) {
        List<ReportRules.Seen> all = Stream.of(
                        Optional.ofNullable(west).map(ms -> other("us-west", PathState.SUSPECT, ms, 50, false)),
                        Optional.ofNullable(eu).map(ms -> other("eu-north", PathState.SUSPECT, ms, 50, false)),
                        Optional.ofNullable(sibling).map(ms -> sibling(PathState.UP, ms)))
                .flatMap(Optional::stream)
                .toList();
        assertThat(ReportRules.report("east-1/gateway-0", 0, all, OWN, NOW).isControlProbeOk())
                .isEqualTo(ok);
    }

    @ParameterizedTest
    @CsvSource({
        "UP,90,,true",
        "UP,9000,90,false",
        "DOWN,9000,90,true",
        "DOWN,9000,9000,false",
        "DOWN,9000,,true",
    })
    void silence_is_believed_while_a_third_target_answers(PathState state, long eu, Long sibling, boolean controlled) {
        List<ReportRules.Seen> all = Stream.of(
                        Optional.of(other("us-west", PathState.SUSPECT, 9_000, 50, false)),
                        Optional.of(other("eu-north", state, eu, 50, false)),
                        Optional.ofNullable(sibling).map(ms -> sibling(PathState.UP, ms)))
                .flatMap(Optional::stream)
                .toList();
        assertThat(ReportRules.isControlled(WEST, all, NOW)).isEqualTo(controlled);
    }

    private static ObserverReport report(ReportRules.Seen... seen) {
        ObserverReport report = ReportRules.report("east-1/gateway-0", 2, List.of(seen), OWN, NOW);
        assertThat(report.observer()).isEqualTo("east-1/gateway-0");
        assertThat(report.localHealth()).isEqualTo(2);
        assertThat(report.tunnels()).isEqualTo(TUNNELS);
        assertThat(report.outcomes()).isEqualTo(OUTCOMES);
        assertThat(report.credentialsLeft()).isEqualTo(Duration.ofHours(3));
        return report;
    }

    private static ReportRules.Seen other(String region, PathState state, long silence, long srtt, boolean refusing) {
        return seen(region, false, state, silence, srtt, refusing);
    }

    private static ReportRules.Seen sibling(PathState state, long silence) {
        return seen("us-east", true, state, silence, 1, false);
    }

    private static ReportRules.Seen seen(
            String region, boolean sibling, PathState state, long silence, long srtt, boolean refusing) {
        GatewayAddress gateway = new GatewayAddress(
                new ClusterId(region + "-1"),
                new RegionId(region),
                new Network("net-" + region),
                "gateway-" + region,
                SocketAddress.parse("10.0.0.1:15008"),
                SpiffeId.ofWorkload(new TrustDomain("cluster.local"), "beringia-system", "gateway"),
                Health.HEALTHY,
                1);
        Standing standing = new Standing(
                state,
                NOW,
                NOW - millis(silence).toNanos(),
                new RoundTrip(millis(srtt).toNanos(), 0),
                List.of());
        return new ReportRules.Seen(new Look(gateway, sibling, Optional.empty()), standing, refusing, List.of());
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
