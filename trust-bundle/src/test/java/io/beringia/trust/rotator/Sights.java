package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import io.beringia.trust.rotation.Since;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What trust roles see, with all that there can be in it. */
final class Sights {
    static final RootId OLD = new RootId("a".repeat(64));
    static final RootId NEW = new RootId("b".repeat(64));
    static final Instant AT = Instant.parse("2026-11-30T12:00:00Z");
    static final Instant END = AT.plus(Duration.ofDays(3650));
    private static final Set<RootId> BOTH = Set.of(OLD, NEW);

    private Sights() {}

    /** A ztunnel's identity with a leaf of its own, which it showed a minute ago, and a process of ours. */
    static Sight of(String cluster) {
        Instant seen = AT.minusSeconds(60);
        return new Sight(
                Optional.of(candidate(NEW)),
                new Cluster(cluster, BOTH, List.of("a fault"), new Since<>(BOTH, AT.minusSeconds(90)), seen, AT),
                new Issuer(
                        "ca/" + cluster,
                        cluster,
                        7,
                        BOTH,
                        OLD,
                        AT.minusSeconds(80),
                        OLD,
                        7,
                        Duration.ofHours(24),
                        Optional.of(Map.of(OLD, AT.plusSeconds(9), NEW, END)),
                        seen),
                List.of(
                        new Sight.Listed(
                                new Plane(
                                        "spiffe://corp.example/ns/shop/sa/cart@1",
                                        "pod/1",
                                        RootsFrom.LEAF,
                                        Optional.of(new Adoption(BOTH, OLD, AT.plusSeconds(5), seen)),
                                        List.of(new Probe(cluster, OLD, true, seen))),
                                "leaf-of-" + cluster),
                        new Sight.Listed(
                                new Plane(
                                        "spiffe://corp.example/ns/shop/sa/web#2",
                                        AdoptionBoard.OURS,
                                        RootsFrom.STREAM,
                                        Optional.empty(),
                                        List.of()),
                                "another")),
                List.of(new AdoptionBoard.Shown("leaf-of-west", OLD, END, Map.of(OLD, true, NEW, false), seen)),
                List.of(new Partner("whoever", Duration.ofMinutes(5), Optional.of(BOTH))),
                new Since<>(BOTH, AT.minusSeconds(70)));
    }

    static Candidate candidate(RootId root, String... faults) {
        return new Candidate(root, END, Duration.ofDays(90), List.of(faults));
    }
}
