package io.beringia.trust.rotation;

import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import io.beringia.trust.rotation.RotationPhase.Activating;
import io.beringia.trust.rotation.RotationPhase.Canary;
import io.beringia.trust.rotation.Troubles.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a loop has seen of the mesh since it began: often old, often only a part. */
final class SimulatedBoard {
    private static final int EVIDENCE_AGE = 100;

    static final RotationTiming TIMING = new RotationTiming(
            Duration.ofSeconds(EVIDENCE_AGE),
            Duration.ofSeconds(SimulatedMesh.MOUNT_DELAY),
            Duration.ofSeconds(SimulatedMesh.ANSWER_DELAY),
            Duration.ofSeconds(SimulatedMesh.CLOCK_SKEW),
            5);

    private static final Instant BEGIN = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration INTERMEDIATE_LIFE = Duration.ofHours(24);
    private static final Duration LEAF_LIFE = Duration.ofSeconds(SimulatedMesh.LEAF_LIFE);
    private static final Duration REFRESH_HINT = Duration.ofSeconds(SimulatedMesh.REFRESH_HINT);
    private static final Instant NEVER = Instant.EPOCH;
    private static final Cluster UNSEEN =
            new Cluster("", Set.of(), List.of(), new Since<>(Set.of(), NEVER), NEVER, NEVER);

    private final SimulatedMesh mesh;
    private final Troubles troubles;
    private final int clock;
    private final Cluster[] clusters = new Cluster[SimulatedMesh.CLUSTERS.size()];
    private final List<Optional<Issuer>> issuers = new ArrayList<>();
    private final List<Optional<Plane>> planes = new ArrayList<>();
    private final int[] clusterHidden = new int[clusters.length];
    private final int[] inventoryHidden = new int[clusters.length];
    private final int[] issuerHidden;
    private final int[] planeHidden;

    SimulatedBoard(SimulatedMesh mesh, Troubles troubles) {
        this.mesh = mesh;
        this.troubles = troubles;
        clock = troubles.upTo(SimulatedMesh.CLOCK_SKEW) - SimulatedMesh.CLOCK_SKEW / 2;
        issuerHidden = new int[mesh.issuers.size()];
        planeHidden = new int[mesh.planes.length];
        forget();
    }

    /** On the clock of whoever looks. */
    Instant instant(int seconds) {
        return BEGIN.plusSeconds(seconds + clock);
    }

    void forget() {
        issuers.clear();
        planes.clear();
        for (int i = 0; i < clusters.length; i++) {
            clusters[i] =
                    new Cluster(SimulatedMesh.CLUSTERS.get(i), Set.of(), List.of(), UNSEEN.mounted(), NEVER, NEVER);
        }
        mesh.issuers.forEach(_ -> issuers.add(Optional.empty()));
        for (SimulatedPlane _ : mesh.planes) {
            planes.add(Optional.empty());
        }
    }

    boolean hasObeyed(int cluster, boolean isOfCa, long generation) {
        boolean hasObeyed = true;
        for (int i = 0; i < issuers.size(); i++) {
            if (mesh.issuers.get(i).cluster == cluster) {
                Optional<Issuer> one = issuers.get(i);
                hasObeyed &= one.isPresent()
                        && (isOfCa ? one.get().generation() : one.get().servesGeneration()) >= generation;
            }
        }
        return hasObeyed;
    }

    void look(RotationPhase phase) {
        Instant now = instant(mesh.now);
        for (int i = 0; i < clusters.length; i++) {
            if (isVisible(clusterHidden, i, Kind.CLUSTER_UNOBSERVED)) {
                look(i, mesh.clusters[i], now);
            }
            if (isVisible(inventoryHidden, i, Kind.INVENTORY_STALLS)) {
                list(i, now);
            }
        }
        for (int i = 0; i < issuers.size(); i++) {
            SimulatedIssuer issuer = mesh.issuers.get(i);
            if (isVisible(issuerHidden, i, Kind.ISSUER_UNOBSERVED)) {
                issuers.set(i, issuers.get(i).map(last -> look(last, issuer, now)));
            }
        }
        boolean isProbing = phase instanceof Canary || phase instanceof Activating;
        for (int i = 0; i < planes.size(); i++) {
            if (mesh.planes[i].roots != Roots.NONE) {
                look(i, isProbing, now);
            }
        }
    }

    private void look(int i, boolean isProbing, Instant now) {
        SimulatedPlane plane = mesh.planes[i];
        boolean isDark = mesh.clusters[plane.cluster].darkUntil > mesh.now;
        if (isVisible(planeHidden, i, Kind.DATA_PLANE_UNOBSERVED) && !isDark) {
            planes.set(i, planes.get(i).map(last -> look(last, plane, now)));
        }
        if (isProbing && isFirstOfProxy(i) && troubles.oneIn(2)) {
            planes.set(i, planes.get(i).map(last -> probe(last, plane, now)));
        }
    }

    /** One identity is enough to know what the proxy can. */
    private boolean isFirstOfProxy(int i) {
        return i == 0 || !mesh.planes[i].proxy.equals(mesh.planes[i - 1].proxy);
    }

    RotationEvidence evidence() {
        List<Partner> partners = new ArrayList<>();
        for (SimulatedPartner partner : mesh.partners) {
            Optional<Set<RootId>> fetched =
                    partner.isVisible ? Optional.of(Roots.ids(partner.roots)) : Optional.empty();
            partners.add(new Partner(partner.isVisible ? "partner" : "shy", REFRESH_HINT, fetched));
        }
        Instant ends = mesh.newRootEnds == Integer.MAX_VALUE
                ? BEGIN.plus(INTERMEDIATE_LIFE.multipliedBy(30))
                : BEGIN.plusSeconds(mesh.newRootEnds);
        return new RotationEvidence(
                Optional.of(new Candidate(SeenMesh.NEW, ends, INTERMEDIATE_LIFE, List.of())),
                List.of(clusters),
                present(issuers),
                present(planes),
                partners,
                new Since<>(Roots.ids(mesh.endpoint), instant(mesh.endpointSince)),
                mesh.isOldKeyDestroyed ? Set.of(SeenMesh.OLD) : Set.of(),
                Set.of());
    }

    private static <T> List<T> present(List<Optional<T>> all) {
        List<T> present = new ArrayList<>(all.size());
        for (Optional<T> one : all) {
            one.ifPresent(present::add);
        }
        return present;
    }

    /** Mostly; then again not for long. */
    private boolean isVisible(int[] hiddenUntil, int i, Kind kind) {
        if (troubles.strikes(kind)) {
            hiddenUntil[i] = mesh.now + troubles.lasting();
        }
        return hiddenUntil[i] <= mesh.now && !troubles.oneIn(8);
    }

    private void look(int i, SimulatedCluster at, Instant now) {
        Set<RootId> mounted = Roots.ids(at.mounted);
        Cluster last = clusters[i];
        Since<Set<RootId>> since = last.mounted().value().equals(mounted) ? last.mounted() : new Since<>(mounted, now);
        clusters[i] = new Cluster(last.name(), Roots.ids(at.roots), List.of(), since, last.inventoryAt(), now);
    }

    private void list(int cluster, Instant now) {
        Cluster last = clusters[cluster];
        clusters[cluster] = new Cluster(last.name(), last.roots(), last.faults(), last.mounted(), now, last.seenAt());
        for (int i = 0; i < issuers.size(); i++) {
            if (mesh.issuers.get(i).cluster == cluster && issuers.get(i).isEmpty()) {
                issuers.set(i, Optional.of(unseen("issuer " + i, mesh.issuers.get(i))));
            }
        }
        for (int i = 0; i < planes.size(); i++) {
            SimulatedPlane plane = mesh.planes[i];
            if (plane.cluster == cluster
                    && plane.bornAt <= mesh.now
                    && planes.get(i).isEmpty()) {
                RootsFrom from = plane.streams ? RootsFrom.STREAM : RootsFrom.LEAF;
                planes.set(
                        i, Optional.of(new Plane("data plane " + i, plane.proxy, from, Optional.empty(), List.of())));
            }
        }
    }

    private static Issuer unseen(String name, SimulatedIssuer issuer) {
        String cluster = SimulatedMesh.CLUSTERS.get(issuer.cluster);
        return new Issuer(
                name, cluster, -1, Set.of(), SeenMesh.OLD, NEVER, SeenMesh.OLD, -1, LEAF_LIFE, Optional.empty(), NEVER);
    }

    private Issuer look(Issuer last, SimulatedIssuer at, Instant now) {
        Set<RootId> handsOut = Roots.ids(at.handsOut);
        RootId signs = Roots.id(at.signs);
        boolean isSame = last.generation() == at.generation
                && last.signs().equals(signs)
                && last.handsOut().equals(handsOut);
        return new Issuer(
                last.name(),
                last.cluster(),
                at.generation,
                handsOut,
                signs,
                isSame ? last.since() : now,
                Roots.id(at.serves),
                at.servesGeneration,
                LEAF_LIFE,
                at.records ? Optional.of(recorded(at)) : Optional.empty(),
                now);
    }

    private static Map<RootId, Instant> recorded(SimulatedIssuer at) {
        return Map.of(
                SeenMesh.OLD, BEGIN.plusSeconds(at.leafEnds[Roots.OLD]),
                SeenMesh.NEW, BEGIN.plusSeconds(at.leafEnds[Roots.NEW]));
    }

    private static Plane look(Plane last, SimulatedPlane at, Instant now) {
        Adoption adoption = new Adoption(Roots.ids(at.roots), Roots.id(at.issuer), BEGIN.plusSeconds(at.leafEnd), now);
        return new Plane(last.name(), last.proxy(), last.rootsFrom(), Optional.of(adoption), last.probes());
    }

    /** By a leaf under the new root of each cluster. Whoever may connect may probe. */
    private static Plane probe(Plane last, SimulatedPlane at, Instant now) {
        boolean accepts = (at.roots & Roots.NEW) != 0 && !at.cannotVerifyNew;
        List<Probe> probes = List.of(
                new Probe(SimulatedMesh.CLUSTERS.getFirst(), SeenMesh.NEW, accepts, now),
                new Probe(SimulatedMesh.CLUSTERS.getLast(), SeenMesh.NEW, accepts, now));
        return new Plane(last.name(), last.proxy(), last.rootsFrom(), last.last(), probes);
    }
}
