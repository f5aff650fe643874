package io.beringia.discovery.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.explain.CheckRules.Finding;
import io.beringia.discovery.explain.CheckRules.Severity;
import io.beringia.discovery.explain.CheckRules.Topic;
import io.beringia.discovery.explain.CheckRules.Visit;
import io.beringia.discovery.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is found wrong with clusters that want to be one federation. */
final class CheckRulesTest {
    private static final Instant T0 = Pictures.T0;

    @Test
    void one_healthy_discovery_has_a_good_word_for_every_topic() {
        List<Finding> findings = CheckRules.check(List.of(visit(new Pictures().snapshot())));

        assertThat(findings).extracting(Finding::topic).containsExactly(Topic.values());
        assertThat(findings).extracting(Finding::severity).containsOnly(Severity.GOOD);
    }

    @Test
    void who_does_not_answer_is_named_with_the_reason() {
        assertThat(wrong(new Visit("east:15035", T0, T0, Optional.empty(), "east:15035: UNAVAILABLE")))
                .containsExactly(new Finding(Severity.WRONG, Topic.REACH, "east:15035: UNAVAILABLE"));
    }

    @Test
    void a_link_that_is_silent_is_named_from_where_it_is_seen() {
        assertThat(wrong(visit(new Pictures().lost(Duration.ofSeconds(34)).snapshot())))
                .extracting(Finding::detail)
                .containsExactly("east does not hear west: silent for 34 s");
        assertThat(wrong(visit(new Pictures().unheard(Pictures.WEST).snapshot())))
                .extracting(Finding::detail)
                .containsExactly("east does not hear west: never heard since its start");
    }

    @Test
    void whoever_is_no_peer_of_the_others_is_named() {
        Snapshot north = north(new Pictures(), "net-north");

        assertThat(wrong(visit(new Pictures().snapshot()), visit(north)))
                .extracting(Finding::detail)
                .contains("east does not have north in discovery.peers");
    }

    @Test
    void a_clock_is_judged_by_what_no_delay_explains() {
        Snapshot picture = new Pictures().snapshot();
        assertThat(CheckRules.check(
                        List.of(new Visit("a", T0.minusSeconds(40), T0.plusSeconds(40), Optional.of(picture), ""))))
                .extracting(Finding::severity)
                .containsOnly(Severity.GOOD);
        assertThat(clock(new Visit("a", T0.plusSeconds(2), T0.plusSeconds(3), Optional.of(picture), "")))
                .isEqualTo(new Finding(Severity.NOTE, Topic.CLOCK, "east at a is off by 2000 ms"));
        assertThat(clock(new Visit("a", T0.minusSeconds(40), T0.minusSeconds(31), Optional.of(picture), "")))
                .isEqualTo(new Finding(
                        Severity.WRONG, Topic.CLOCK, "east at a is off by 31000 ms (expected: at most 30 s)"));
    }

    @Test
    void one_name_for_two_clusters_is_wrong_and_two_replicas_of_one_are_not() {
        assertThat(wrong(visit(new Pictures().snapshot()), visit(new Pictures().snapshot())))
                .isEmpty();
        assertThat(wrong(
                        visit(new Pictures().snapshot()),
                        visit(new Pictures()
                                .of(Pictures.EAST, Pictures.US_EAST, "net-other")
                                .snapshot())))
                .extracting(Finding::detail)
                .contains("east is in us-east, net-east and in us-east, net-other (expected: each name once)");
    }

    @Test
    void one_address_of_two_clusters_in_one_network_is_wrong() {
        Snapshot north = north(new Pictures(), "net-east");

        assertThat(wrong(visit(new Pictures().snapshot()), visit(north)))
                .filteredOn(it -> it.topic() == Topic.ADDRESSES)
                .extracting(Finding::detail)
                .contains("1 more such addresses")
                .anyMatch(it -> it.startsWith("10.1.0.1 in net-east is of east//Pod/shop/front-1 and of "));
    }

    @Test
    void what_others_hold_of_a_cluster_must_be_what_it_says() {
        Snapshot west =
                new Pictures().of(Pictures.WEST, Pictures.US_WEST, "net-moved").snapshot();

        assertThat(wrong(visit(new Pictures().snapshot()), visit(west)))
                .filteredOn(it -> it.topic() == Topic.TRUST)
                .extracting(Finding::detail)
                .contains("west's network: east holds net-west (expected: net-moved, as it says itself)");
    }

    @Test
    void plans_that_differ_are_noted() {
        Snapshot planned = north(new Pictures().planned(Shares.all(Pictures.US_EAST)), "net-north");

        assertThat(CheckRules.check(List.of(visit(new Pictures().snapshot()), visit(planned))))
                .contains(new Finding(Severity.NOTE, Topic.VERSIONS, "plans differ: {0.0=[east], 3.7=[north]}"));
    }

    private static Visit visit(Snapshot picture) {
        return new Visit("somewhere", T0, T0, Optional.of(picture), "");
    }

    private static List<Finding> wrong(Visit... visits) {
        return CheckRules.check(List.of(visits)).stream()
                .filter(it -> it.severity() == Severity.WRONG)
                .toList();
    }

    private static Finding clock(Visit visit) {
        return CheckRules.check(List.of(visit)).stream()
                .filter(it -> it.topic() == Topic.CLOCK)
                .findFirst()
                .orElseThrow();
    }

    private static Snapshot north(Pictures pictures, String network) {
        return pictures.of(new ClusterId("north"), new RegionId("eu-north"), network)
                .snapshot();
    }
}
