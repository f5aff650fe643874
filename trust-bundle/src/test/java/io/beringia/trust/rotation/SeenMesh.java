package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is seen of two clusters in which everybody has obeyed a phase for two days; a test spoils it. {@code us-west}
 * is signed for by an istiod, which records nothing.
 */
final class SeenMesh {
    static final RootId OLD = root('a');
    static final RootId NEW = root('b');
    static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    static final Instant BEFORE = NOW.minus(Duration.ofDays(2));
    static final Instant LATELY = NOW.minusSeconds(60);
    static final Duration LEAF_LIFE = Duration.ofHours(24);

    Optional<Candidate> candidate =
            Optional.of(new Candidate(NEW, NOW.plus(Duration.ofDays(3650)), Duration.ofDays(90), List.of()));
    final List<Cluster> clusters = new ArrayList<>();
    final List<Issuer> issuers = new ArrayList<>();
    final List<Plane> planes = new ArrayList<>();
    final List<Partner> partners = new ArrayList<>();
    Since<Set<RootId>> endpoint;
    Set<RootId> destroyed = Set.of(OLD);
    Set<String> waived = Set.of();

    SeenMesh(RotationPhase phase) {
        Set<RootId> roots = phase.published();
        endpoint = new Since<>(roots, BEFORE);
        for (String name : List.of("us-east", "us-west")) {
            clusters.add(new Cluster(name, roots, List.of(), new Since<>(roots, BEFORE), LATELY, LATELY));
            issuers.add(issuer("ca/" + name, name, phase));
        }
        planes.add(plane("ztunnel/cart", RootsFrom.LEAF, phase));
        planes.add(plane("gateway/east", RootsFrom.STREAM, phase));
        partners.add(new Partner("partner.example", Duration.ofMinutes(5), Optional.of(roots)));
        partners.add(new Partner("shy.example", Duration.ofMinutes(5), Optional.empty()));
    }

    RotationEvidence seen() {
        return new RotationEvidence(candidate, clusters, issuers, planes, partners, endpoint, destroyed, waived);
    }

    /** What the first data plane used when it was last seen. */
    void ztunnel(Adoption adoption) {
        planes.set(0, new Plane("ztunnel/cart", "ztunnel", RootsFrom.LEAF, Optional.of(adoption), List.of()));
    }

    void gateway(Adoption adoption) {
        planes.set(1, new Plane("gateway/east", "gateway", RootsFrom.STREAM, Optional.of(adoption), List.of()));
    }

    static RootId root(char digit) {
        return new RootId(String.valueOf(digit).repeat(64));
    }

    private static Issuer issuer(String name, String cluster, RotationPhase phase) {
        return new Issuer(
                name,
                cluster,
                phase.generation(),
                phase.published(),
                phase.signer(cluster),
                BEFORE,
                phase.signer(cluster),
                phase.generation(),
                LEAF_LIFE,
                cluster.equals("us-east") ? Optional.of(Map.of()) : Optional.empty(),
                LATELY);
    }

    private static Plane plane(String name, RootsFrom from, RotationPhase phase) {
        RootId signer = phase.signer("us-east");
        RootId next = phase instanceof RotationPhase.Changing changing ? changing.staying() : signer;
        return new Plane(
                name,
                name.substring(0, name.indexOf('/')),
                from,
                Optional.of(new Adoption(phase.published(), signer, NOW.plus(Duration.ofHours(12)), LATELY)),
                List.of(new Probe("us-east", next, true, LATELY), new Probe("us-west", next, true, LATELY)));
    }
}
