package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Gate;
import io.beringia.trust.rotation.Lack;
import io.beringia.trust.rotation.Missing;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationRules;
import io.beringia.trust.rotation.RotationTiming;
import io.beringia.trust.rotation.Since;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several clusters as one trust domain. */
final class JoinedEvidenceTest {
    private static final List<String> ALL = List.of("east", "west");
    private static final RotationState STATE = RotationState.first(Sights.OLD);

    private static RotationEvidence of(Map<String, Sight> sights) {
        return new JoinedEvidence(ALL, sights).of("east", STATE, Sights.AT);
    }

    private static Map<String, Sight> both() {
        return Map.of("east", Sights.of("east"), "west", Sights.of("west"));
    }

    private static Sight with(Sight sight, Optional<Candidate> candidate, Since<Set<RootId>> endpoint) {
        return new Sight(
                candidate, sight.cluster(), sight.issuer(), sight.planes(), sight.met(), sight.partners(), endpoint);
    }

    @Test
    void a_cluster_that_nobody_hears_is_known_by_its_name_alone_and_opens_no_gate() {
        RotationEvidence seen = of(Map.of("east", Sights.of("east")));

        assertThat(seen.clusters().getLast()).satisfies(west -> {
            assertThat(west.name()).isEqualTo("west");
            assertThat(west.seenAt()).isEqualTo(Instant.EPOCH);
            assertThat(west.inventoryAt()).isEqualTo(Instant.EPOCH);
            assertThat(west.roots()).isEmpty();
        });
        RotationPhase.Publishing phase = new RotationPhase.Publishing(
                new Change(Sights.OLD, Sights.NEW, new Pace.Careful()), 7, Sights.AT.minusSeconds(500));
        assertThat(RotationStatus.missing(new RotationRules(RotationTiming.DEFAULT).next(phase, seen, Sights.AT)))
                .contains(
                        new Missing(Gate.INVENTORY, "west", Lack.UNLISTED, Optional.empty()),
                        new Missing(Gate.INVENTORY, "west", Lack.NO_ISSUER, Optional.empty()),
                        new Missing(Gate.MOUNTED, "west", Lack.OTHER_MOUNTED, Optional.empty()));
    }

    @Test
    void data_planes_are_named_after_their_clusters_and_proxies_of_ours_after_none() {
        assertThat(of(both()).planes().stream().map(Plane::name))
                .containsExactly(
                        "east/spiffe://corp.example/ns/shop/sa/cart@1",
                        "east/spiffe://corp.example/ns/shop/sa/web#2",
                        "west/spiffe://corp.example/ns/shop/sa/cart@1",
                        "west/spiffe://corp.example/ns/shop/sa/web#2");
        assertThat(of(both()).planes().stream().map(Plane::proxy))
                .containsExactly("east/pod/1", "beringia", "west/pod/1", "beringia");
        assertThat(new JoinedEvidence(List.of("east"), Map.of("east", Sights.of("east")))
                        .of("east", STATE, Sights.AT).planes().stream().map(Plane::name))
                .as("of the only cluster")
                .first()
                .isEqualTo("spiffe://corp.example/ns/shop/sa/cart@1");
    }

    @Test
    void a_probe_counts_for_whoever_it_met_in_another_cluster() {
        List<Plane> planes = of(both()).planes();

        assertThat(planes.get(2).probes())
                .as("west's, by both")
                .containsExactlyInAnyOrder(
                        new Probe("west", Sights.OLD, true, Sights.AT.minusSeconds(60)),
                        new Probe("east", Sights.OLD, true, Sights.AT.minusSeconds(60)),
                        new Probe("east", Sights.NEW, false, Sights.AT.minusSeconds(60)));
        assertThat(planes.getFirst().probes()).as("east's, by its own").hasSize(1);
    }

    @Test
    void the_next_root_is_fit_where_it_is_for_every_cluster() {
        assertThat(faults(Optional.of(Sights.candidate(Sights.NEW)))).isEmpty();
        assertThat(faults(Optional.empty())).containsExactly("west: no next intermediate is laid out");
        assertThat(faults(Optional.of(Sights.candidate(Sights.NEW, "is unfit"))))
                .containsExactly("west: is unfit");
        assertThat(faults(Optional.of(Sights.candidate(new RootId("c".repeat(64))))))
                .containsExactly("west: the next intermediate is under cccccccccccc");

        Candidate shorter = new Candidate(Sights.NEW, Sights.AT, Duration.ofDays(365), List.of());
        assertThat(joined(Optional.of(shorter))).satisfies(candidate -> {
            assertThat(candidate.notAfter()).as("ends with the first").isEqualTo(Sights.AT);
            assertThat(candidate.intermediateLife()).as("outlives two of any").isEqualTo(Duration.ofDays(365));
        });
    }

    private static List<String> faults(Optional<Candidate> west) {
        return joined(west).faults();
    }

    private static Candidate joined(Optional<Candidate> west) {
        Map<String, Sight> sights = new HashMap<>(both());
        Sight sight = Sights.of("west");
        sights.put("west", with(sight, west, sight.endpoint()));
        return of(Map.copyOf(sights)).candidate().orElseThrow();
    }

    @Test
    void a_bundle_is_served_where_every_endpoint_serves_it() {
        assertThat(of(both()).endpoint())
                .isEqualTo(new Since<>(Set.of(Sights.OLD, Sights.NEW), Sights.AT.minusSeconds(70)));
        Map<String, Sight> sights = new HashMap<>(both());
        sights.put("west", with(Sights.of("west"), Optional.empty(), new Since<>(Set.of(Sights.OLD), Sights.AT)));
        assertThat(of(Map.copyOf(sights)).endpoint().value()).as("they differ").isEmpty();
    }

    @Test
    void whoever_is_waited_for_has_a_cluster_and_a_time() {
        assertThat(JoinedEvidence.clusterOf("west", ALL)).contains("west");
        assertThat(JoinedEvidence.clusterOf("ca/west", ALL)).contains("west");
        assertThat(JoinedEvidence.clusterOf("west/spiffe://corp.example/x", ALL))
                .contains("west");
        assertThat(JoinedEvidence.clusterOf("westward", ALL)).isEmpty();
        assertThat(JoinedEvidence.clusterOf("aaaaaaaaaaaa", ALL)).isEmpty();

        Missing west = new Missing(Gate.MOUNTED, "west", Lack.MOUNTING, Optional.of(Sights.AT));
        Missing later = new Missing(Gate.MOUNTED, "west", Lack.MOUNTING, Optional.of(Sights.END));
        Missing east = new Missing(Gate.MOUNTED, "east", Lack.MOUNTING, Optional.empty());
        Awaited two =
                Awaited.NOTHING.then(List.of(west), Sights.AT).then(List.of(later, east), Sights.AT.plusSeconds(1));
        assertThat(two.since(later)).as("the same lack").contains(Sights.AT);
        assertThat(two.since(east)).as("another").contains(Sights.AT.plusSeconds(1));
        assertThat(two.then(List.of(), Sights.END)
                        .then(List.of(west), Sights.END)
                        .since(west))
                .as("begins anew")
                .contains(Sights.END);
    }
}
