package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is looked at before two clusters are joined. */
final class JoinRulesTest {
    private static final JoinSide EAST = side("east", "mesh.example", Optional.of("10.0.0.1:15035"));
    private static final JoinSide WEST = side("west", "mesh.example", Optional.of("10.0.0.2:15035"));

    private static JoinSide side(String name, String domain, Optional<String> address) {
        TrustDomain trustDomain = new TrustDomain(domain);
        return new JoinSide(
                new ClusterId(name),
                new RegionId("region-" + name),
                Optional.of(new Network("net-" + name)),
                trustDomain,
                Optional.of(SpiffeId.ofWorkload(trustDomain, "beringia-system", "discovery")),
                address,
                Set.of("root"),
                Set.of(trustDomain),
                Optional.empty(),
                List.of());
    }

    private static JoinSide with(JoinSide it, Optional<SpiffeId> identity, Set<String> roots) {
        return new JoinSide(
                it.cluster(),
                it.region(),
                it.network(),
                it.trustDomain(),
                identity,
                it.address(),
                roots,
                it.believed(),
                it.bundle(),
                it.peers());
    }

    private static JoinSide serving(JoinSide it, String url) {
        return new JoinSide(
                it.cluster(),
                it.region(),
                it.network(),
                it.trustDomain(),
                it.identity(),
                it.address(),
                it.roots(),
                it.believed(),
                Optional.of(new JoinSide.Bundle(
                        url,
                        Optional.of(SpiffeId.parse("spiffe://" + it.trustDomain() + "/beringia/bundle-endpoint")))),
                it.peers());
    }

    @Test
    void two_of_one_trust_domain_are_told_of_each_other() {
        JoinRules.Plan plan = JoinRules.plan(EAST, WEST);

        assertThat(JoinText.findings(plan)).isEqualTo("""
                names     ok     east of region-east, west of region-west
                reach     ok     east dials west at 10.0.0.2:15035
                reach     ok     west dials east at 10.0.0.1:15035
                identity  ok     spiffe://mesh.example/ns/beringia-system/sa/discovery speaks for east
                identity  ok     spiffe://mesh.example/ns/beringia-system/sa/discovery speaks for west
                trust     ok     both believe the same roots of mesh.example
                """);
        assertThat(JoinText.handover(plan.handovers().getFirst())).isEqualTo("""
                # in the configuration of east, below roles.discovery.peers; then its discovery is started again
                - cluster: west
                  region: region-west
                  trust-domain: mesh.example
                  identities: ["spiffe://mesh.example/ns/beringia-system/sa/discovery"]
                  addresses: ["10.0.0.2:15035"]
                  networks: ["net-west"]
                # in the API of east, whose labels an ExportPolicy may ask for: kubectl apply -f
                apiVersion: beringia.io/v1alpha1
                kind: PeerCluster
                metadata: {name: "west"}
                """);
    }

    @Test
    void one_that_only_dials_out_is_awaited_and_a_witness_claims_no_network() {
        JoinSide witness = new JoinSide(
                new ClusterId("witness"),
                new RegionId("witness"),
                Optional.empty(),
                EAST.trustDomain(),
                EAST.identity(),
                Optional.empty(),
                Set.of("root"),
                EAST.believed(),
                Optional.empty(),
                List.of());

        JoinRules.Plan plan = JoinRules.plan(EAST, witness);

        assertThat(plan.isWrong()).isFalse();
        assertThat(JoinText.findings(plan)).contains("east is dialled by witness, which says no address");
        assertThat(JoinText.handover(plan.handovers().getFirst())).contains("addresses: []", "networks: []");
    }

    @Test
    void what_cannot_work_is_named_with_what_was_expected_and_nothing_is_handed_over() {
        assertWrong(JoinRules.plan(EAST, EAST), "both are cluster east (expected: a name of its own each)");
        assertWrong(
                JoinRules.plan(
                        side("east", "mesh.example", Optional.empty()), side("west", "mesh.example", Optional.empty())),
                "neither says where it is reached (expected: --address west=HOST:PORT)");
        assertWrong(
                JoinRules.plan(EAST, with(WEST, Optional.empty(), WEST.roots())),
                "nobody says who speaks for west (expected: --identity"
                        + " west=spiffe://mesh.example/ns/beringia-system/sa/discovery)");
        assertWrong(
                JoinRules.plan(EAST, with(WEST, Optional.of(SpiffeId.parse("spiffe://other/x")), WEST.roots())),
                "spiffe://other/x speaks for west (expected: of trust domain mesh.example)");
        assertWrong(
                JoinRules.plan(EAST, with(WEST, WEST.identity(), Set.of("another"))),
                "they believe different roots of mesh.example (expected: those of both in both files of roots)");
        assertWrong(
                JoinRules.plan(EAST, side("west", "west.example", Optional.empty())),
                "east has no roots of west.example, and west serves none"
                        + " (expected: trust.bundle-endpoint of west)");
    }

    private static void assertWrong(JoinRules.Plan plan, String detail) {
        assertThat(plan.isWrong()).isTrue();
        assertThat(plan.findings())
                .contains(new JoinRules.Finding(topic(plan, detail), JoinRules.Severity.WRONG, detail));
        assertThat(plan.handovers()).isEmpty();
    }

    private static String topic(JoinRules.Plan plan, String detail) {
        return plan.findings().stream()
                .filter(it -> it.detail().equals(detail))
                .map(JoinRules.Finding::topic)
                .findFirst()
                .orElse("nothing");
    }

    @Test
    void roots_of_another_trust_domain_are_handed_over_from_where_they_are_served() {
        JoinSide east = serving(EAST, "https://10.0.0.1:8443/");
        JoinSide west = serving(side("west", "west.example", Optional.of("10.0.0.2:15035")), "https://10.0.0.2:8443/");

        JoinRules.Plan plan = JoinRules.plan(east, west);

        assertThat(plan.isWrong()).isFalse();
        assertThat(JoinText.handover(plan.handovers().getFirst())).contains("""
                # in the configuration of east, below roles.trust.federation.domains
                - trust-domain: west.example
                  url: https://10.0.0.2:8443/
                  https-spiffe: {id: spiffe://west.example/beringia/bundle-endpoint, bootstrap: west.json}\
                   # made there, once: beringia trust bundle export
                """);
    }

    @Test
    void what_is_unusual_and_works_is_noted() {
        JoinSide near = new JoinSide(
                WEST.cluster(),
                EAST.region(),
                EAST.network(),
                WEST.trustDomain(),
                WEST.identity(),
                WEST.address(),
                Set.of("root", "next"),
                WEST.believed(),
                WEST.bundle(),
                List.of(side("east", "mesh.example", Optional.of("10.9.9.9:15035"))
                        .asPeer(true)));

        JoinRules.Plan plan = JoinRules.plan(EAST, near);

        assertThat(plan.isWrong()).isFalse();
        assertThat(JoinText.findings(plan))
                .contains(
                        "note   both are in region region-east",
                        "note   both are in network net-east",
                        "note   they believe some different roots of mesh.example",
                        "note   west knows east otherwise, look at both: ",
                        "10.9.9.9:15035");
    }
}
