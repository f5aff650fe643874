package io.beringia.discovery.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.hosts.HostRules.Step;
import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.EntryChange;
import io.beringia.discovery.kube.HostEntry;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.xds.HostClaim;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostRulesTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Instant BEFORE = NOW.minusSeconds(60);
    private static final HostRules RULES = new HostRules(new TrustDomain("mesh"), "discovery-0");
    private static final HostClaim HOST =
            new HostClaim("shop", "vm-1", SpiffeId.parse("spiffe://mesh/ns/shop/sa/ledger"), "192.0.2.1");
    private static final Stay HERE = Stay.begun(HOST).claimed(BEFORE).said(HostReport.HEALTHY);
    private static final Stay LEFT = HERE.is(new Stay.Presence.Left(NOW));
    private static final Stay GONE = HERE.is(new Stay.Presence.Gone(NOW));

    private static HostEntry entry(Map<String, String> annotations) {
        Map<String, String> all = new HashMap<>(annotations);
        all.put(HostEntry.CHECKED, "true");
        return new HostEntry(
                new ObjectName("shop", "vm-1"), "7", "192.0.2.1", "ledger", all, Optional.empty(), List.of());
    }

    private static HostEntry ours() {
        return entry(Map.of(HostEntry.CONTROLLER, "discovery-0", HostEntry.CONNECTED_AT, BEFORE.toString()));
    }

    private static HostEntry of(String replica, String annotation, Instant at) {
        return entry(Map.of(HostEntry.CONTROLLER, replica, annotation, at.toString()));
    }

    private static HostEntry with(HostEntry it, Condition.Status status, String message) {
        return new HostEntry(
                it.name(),
                it.resourceVersion(),
                it.address(),
                it.account(),
                it.annotations(),
                Optional.of(new Condition("Healthy", status, "", message, 0, BEFORE)),
                it.otherConditions());
    }

    @Test
    void a_host_that_comes_has_its_entry_claimed() {
        assertThat(RULES.next(entry(Map.of()), Stay.begun(HOST), NOW)).isEqualTo(claim(NOW));
    }

    @Test
    void a_claim_is_later_than_any_before_whatever_the_clocks_say() {
        Instant ahead = NOW.plusSeconds(3);
        Step expected = claim(ahead.plusMillis(1));

        assertThat(RULES.next(of("discovery-1", HostEntry.CONNECTED_AT, ahead), Stay.begun(HOST), NOW))
                .isEqualTo(expected);
        assertThat(RULES.next(of("discovery-1", HostEntry.DISCONNECTED_AT, ahead), Stay.begun(HOST), NOW))
                .isEqualTo(expected);
    }

    private static Step claim(Instant at) {
        return new Step.Claim(
                at,
                new EntryChange.Annotate(
                        Map.of(HostEntry.CONTROLLER, "discovery-0", HostEntry.CONNECTED_AT, at.toString()),
                        Set.of(HostEntry.DISCONNECTED_AT)));
    }

    @Test
    void what_it_says_is_told_once() {
        assertThat(RULES.next(ours(), HERE, NOW)).isEqualTo(tell(HostReport.HEALTHY, "ApplicationReady", NOW));
        assertThat(RULES.next(with(ours(), Condition.Status.TRUE, ""), HERE, NOW))
                .isEqualTo(new Step.Rest());

        HostReport ill = HostReport.unhealthy("503");
        assertThat(RULES.next(with(ours(), Condition.Status.TRUE, ""), HERE.said(ill), NOW))
                .isEqualTo(tell(ill, "ApplicationNotReady", NOW));
        assertThat(RULES.next(with(ours(), Condition.Status.FALSE, "404"), HERE.said(ill), NOW))
                .as("for another reason, since the same time")
                .isEqualTo(tell(ill, "ApplicationNotReady", BEFORE));
        assertThat(RULES.next(with(ours(), Condition.Status.UNKNOWN, ""), HERE, NOW))
                .as("somebody else wrote it")
                .isEqualTo(tell(HostReport.HEALTHY, "ApplicationReady", NOW));
    }

    private static Step tell(HostReport report, String reason, Instant since) {
        Condition.Status status = report.equals(HostReport.HEALTHY) ? Condition.Status.TRUE : Condition.Status.FALSE;
        return new Step.Tell(
                report, new EntryChange.Say(new Condition("Healthy", status, reason, report.why(), 0, since), NOW));
    }

    @Test
    void a_host_that_has_said_nothing_is_claimed_and_nothing_is_told() {
        assertThat(RULES.next(ours(), Stay.begun(HOST).claimed(BEFORE), NOW)).isEqualTo(new Step.Rest());
    }

    @Test
    void whoever_was_there_before_a_younger_stream_is_silent() {
        assertThat(RULES.next(of("discovery-1", HostEntry.CONNECTED_AT, BEFORE.plusMillis(1)), HERE, NOW))
                .isEqualTo(new Step.Rest());
        assertThat(RULES.next(of("discovery-1", HostEntry.CONNECTED_AT, BEFORE), HERE, NOW))
                .as("at the very same time, by another")
                .isEqualTo(new Step.Rest());
    }

    @Test
    void a_stream_that_lives_takes_over_when_the_younger_one_is_gone() {
        assertThat(RULES.next(of("discovery-1", HostEntry.DISCONNECTED_AT, BEFORE.plusMillis(1)), HERE, NOW))
                .isEqualTo(claim(NOW));
        assertThat(RULES.next(of("discovery-1", HostEntry.CONNECTED_AT, BEFORE.minusMillis(1)), HERE, NOW))
                .as("an older one that wrote late")
                .isEqualTo(claim(NOW));
    }

    @Test
    void an_entry_is_let_go_when_its_host_leaves() {
        Step release = new Step.Release(new EntryChange.Annotate(
                Map.of(HostEntry.DISCONNECTED_AT, NOW.toString()), Set.of(HostEntry.CONNECTED_AT)));

        assertThat(RULES.next(ours(), LEFT, NOW)).isEqualTo(release);
        assertThat(RULES.next(ours(), GONE, NOW))
                .as("which could not be written before")
                .isEqualTo(release);
        assertThat(RULES.next(of("discovery-0", HostEntry.DISCONNECTED_AT, NOW), LEFT, NOW))
                .as("its grace is not over")
                .isEqualTo(new Step.Rest());
    }

    @Test
    void a_host_that_does_not_come_again_is_unhealthy() {
        HostEntry released = of("discovery-0", HostEntry.DISCONNECTED_AT, NOW);

        assertThat(RULES.next(with(released, Condition.Status.TRUE, ""), GONE, NOW))
                .isEqualTo(tell(HostReport.unhealthy("its host is gone since " + NOW), "HostGone", NOW));
        assertThat(RULES.next(released, GONE, NOW)).as("nothing was said yet").isInstanceOf(Step.Tell.class);
        assertThat(RULES.next(with(released, Condition.Status.FALSE, "503"), GONE, NOW))
                .as("it was that already")
                .isEqualTo(new Step.Over());
    }

    @ParameterizedTest
    @CsvSource({
        // controller, annotation, milliseconds after it left here
        "discovery-1, istio.io/connectedAt, 5",
        "discovery-0, istio.io/connectedAt, 5",
        "discovery-1, istio.io/connectedAt, -5",
        "discovery-1, istio.io/disconnectedAt, 0",
        "discovery-0, istio.io/disconnectedAt, 5"
    })
    void who_has_lost_a_host_does_not_overrule_whoever_has_it(String controller, String annotation, long millis) {
        HostEntry elsewhere =
                with(of(controller, annotation, NOW.plus(Duration.ofMillis(millis))), Condition.Status.TRUE, "");

        assertThat(RULES.next(elsewhere, LEFT, NOW)).isEqualTo(new Step.Over());
        assertThat(RULES.next(elsewhere, GONE, NOW)).isEqualTo(new Step.Over());
    }

    @ParameterizedTest
    @CsvSource({
        // account and address of the entry, identity and address of the host
        "ledger, 192.0.2.1, spiffe://mesh/ns/shop/sa/cart, 192.0.2.1, OTHER_ACCOUNT",
        "ledger, 192.0.2.1, spiffe://mesh/ns/shop/sa/ledger2, 192.0.2.1, OTHER_ACCOUNT",
        "ledger, 192.0.2.1, spiffe://other/ns/shop/sa/ledger, 192.0.2.1, OTHER_ACCOUNT",
        "ledger, 192.0.2.1, spiffe://mesh/ns/till/sa/ledger, 192.0.2.1, OTHER_ACCOUNT",
        "'', 192.0.2.1, spiffe://mesh/ns/shop/sa/ledger, 192.0.2.1, OTHER_ACCOUNT",
        "ledger, 192.0.2.1, spiffe://mesh/ns/shop/sa/ledger, 192.0.2.11, OTHER_ADDRESS",
        "ledger, 192.0.2.1, spiffe://mesh/ns/shop/sa/ledger, '', OTHER_ADDRESS",
        "ledger, vm.example.org, spiffe://mesh/ns/shop/sa/ledger, vm.example.org, OTHER_ADDRESS",
        "ledger, '', spiffe://mesh/ns/shop/sa/ledger, '', OTHER_ADDRESS",
        "ledger, 2001:db8::1, spiffe://mesh/ns/shop/sa/ledger, 2001:db8:0:0:0:0:0:1, ''"
    })
    void a_host_speaks_for_its_own_entry_only(String account, String address, String id, String said, String refusal) {
        HostEntry entry = new HostEntry(
                new ObjectName("shop", "vm-1"),
                "7",
                address,
                account,
                Map.of(HostEntry.CHECKED, "true"),
                Optional.empty(),
                List.of());
        Step step = RULES.next(entry, Stay.begun(new HostClaim("shop", "vm-1", SpiffeId.parse(id), said)), NOW);

        assertThat(step instanceof Step.Refused(HostRefusal why, String _) ? why.name() : "")
                .isEqualTo(refusal);
    }

    @Test
    void an_entry_that_asks_for_nothing_is_left_alone() {
        HostEntry unasked = new HostEntry(
                new ObjectName("shop", "vm-1"), "7", "192.0.2.1", "ledger", Map.of(), Optional.empty(), List.of());

        assertThat(RULES.next(unasked, Stay.begun(HOST), NOW))
                .isInstanceOfSatisfying(
                        Step.Refused.class, it -> assertThat(it.why()).isEqualTo(HostRefusal.NOT_CHECKED));
    }

    @Test
    void an_annotation_that_nobody_can_read_says_nothing() {
        HostEntry odd = entry(Map.of(HostEntry.CONTROLLER, "discovery-1", HostEntry.CONNECTED_AT, "yesterday"));

        assertThat(RULES.next(odd, Stay.begun(HOST), NOW)).isEqualTo(claim(NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "'', b, PT10S, replica",
        "Discovery_0, b, PT10S, replica",
        "a, '', PT10S, namespace",
        "a, b, PT0.5S, grace",
        "a, b, PT11M, grace"
    })
    void what_cannot_be_meant_is_refused(String replica, String namespace, Duration grace, String key) {
        assertThatThrownBy(() -> new HostsConfig(replica, namespace, grace))
                .hasMessageContaining("discovery.hosts." + key);
    }
}
