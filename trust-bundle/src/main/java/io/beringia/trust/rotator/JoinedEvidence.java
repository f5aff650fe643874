package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.Since;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was seen of all clusters, from what was seen of each. A cluster that nobody hears stands there as one of which
 * nothing is known, which opens no gate. Pure.
 *
 * @param clusters all of the trust domain, in the order in which they change
 * @param sights what is known, by cluster, all by one clock
 */
record JoinedEvidence(List<String> clusters, Map<String, Sight> sights) {
    /** All processes of ours verify by one class, wherever they are. */
    private static final String OURS = AdoptionBoard.OURS;

    RotationEvidence of(String own, RotationState state, Instant now) {
        return new RotationEvidence(
                candidate(own),
                clusters.stream()
                        .map(name -> sight(name).map(Sight::cluster).orElseGet(() -> outOfReach(name)))
                        .toList(),
                seen().map(Sight::issuer).toList(),
                clusters.stream().flatMap(this::planes).toList(),
                seen().map(Sight::partners).flatMap(List::stream).toList(),
                endpoint(),
                state.destroyed(),
                state.waivedAt(now));
    }

    /** Whose a name is that a gate waits for; empty for one that is nobody's alone. */
    static Optional<String> clusterOf(String who, Collection<String> clusters) {
        return clusters.stream()
                .filter(name -> who.equals(name) || who.equals(OwnCluster.issuerOf(name)) || who.startsWith(name + "/"))
                .findFirst();
    }

    private Optional<Sight> sight(String cluster) {
        return Optional.ofNullable(sights.get(cluster));
    }

    private Stream<Sight> seen() {
        return clusters.stream().map(this::sight).flatMap(Optional::stream);
    }

    /** Ours, and whatever speaks against that of another cluster: all have to be under one root. */
    private Optional<Candidate> candidate(String own) {
        return sight(own).flatMap(Sight::candidate).map(ours -> {
            List<String> faults = new ArrayList<>(ours.faults());
            Instant end = ours.notAfter();
            Duration life = ours.intermediateLife();
            for (String name : clusters) {
                Optional<Sight> sight = sight(name).filter(_ -> !name.equals(own));
                Optional<Candidate> theirs = sight.flatMap(Sight::candidate);
                if (sight.isPresent()) {
                    faults(name, ours.root(), theirs).forEach(faults::add);
                }
                if (theirs.isPresent() && theirs.get().notAfter().isBefore(end)) {
                    end = theirs.get().notAfter();
                }
                if (theirs.isPresent() && theirs.get().intermediateLife().compareTo(life) > 0) {
                    life = theirs.get().intermediateLife();
                }
            }
            return new Candidate(ours.root(), end, life, faults);
        });
    }

    private static Stream<String> faults(String cluster, RootId root, Optional<Candidate> theirs) {
        if (theirs.isEmpty()) {
            return Stream.of(cluster + ": no next intermediate is laid out");
        }
        return theirs.get().root().equals(root)
                ? theirs.get().faults().stream().map(fault -> cluster + ": " + fault)
                : Stream.of(cluster + ": the next intermediate is under "
                        + theirs.get().root());
    }

    /** Nobody looks there: it holds a rotation up until somebody does. */
    private static Cluster outOfReach(String name) {
        return new Cluster(
                name, Set.of(), List.of(), new Since<>(Set.of(), Instant.EPOCH), Instant.EPOCH, Instant.EPOCH);
    }

    /** Named after their clusters where there are several, for one identity may run in each. */
    private Stream<Plane> planes(String cluster) {
        return sight(cluster).map(Sight::planes).stream().flatMap(List::stream).map(one -> {
            Plane plane = one.plane();
            boolean isOnlyOne = clusters.size() == 1;
            return new Plane(
                    isOnlyOne ? plane.name() : cluster + "/" + plane.name(),
                    isOnlyOne || plane.proxy().equals(OURS) ? plane.proxy() : cluster + "/" + plane.proxy(),
                    plane.rootsFrom(),
                    plane.last(),
                    Stream.concat(plane.probes().stream(), fromElsewhere(one, cluster))
                            .toList());
        });
    }

    private Stream<Probe> fromElsewhere(Sight.Listed one, String cluster) {
        return clusters.stream()
                .filter(name -> !name.equals(cluster))
                .flatMap(name -> sight(name).stream()
                        .flatMap(sight -> sight.met().stream())
                        .filter(met -> met.leaf().equals(one.leaf()))
                        .flatMap(met -> probes(name, met)));
    }

    /** As the cluster found it whose intermediate made the probe's leaves. */
    static Stream<Probe> probes(String cluster, AdoptionBoard.Shown met) {
        return met.accepted().entrySet().stream()
                .map(one -> new Probe(cluster, one.getKey(), Objects.requireNonNull(one.getValue()), met.at()));
    }

    /** One for all: where they differ nothing is served that counts. */
    private Since<Set<RootId>> endpoint() {
        List<Since<Set<RootId>>> all = seen().filter(sight -> !sight.partners().isEmpty())
                .map(Sight::endpoint)
                .toList();
        boolean isOne = all.stream().map(Since::value).distinct().count() == 1;
        Instant newest = all.stream().map(Since::since).max(Instant::compareTo).orElse(Instant.EPOCH);
        return new Since<>(isOne ? all.getFirst().value() : Set.of(), newest);
    }
}
