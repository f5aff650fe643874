package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.Since;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a trust role sees of its own cluster, at one moment.
 *
 * @param candidate what is to sign there next
 * @param planes whoever has a live leaf of its own
 * @param met whoever answered its probes, of whichever cluster
 * @param endpoint the roots that its bundle endpoint serves
 */
record Sight(
        Optional<Candidate> candidate,
        Cluster cluster,
        Issuer issuer,
        List<Listed> planes,
        List<AdoptionBoard.Shown> met,
        List<Partner> partners,
        Since<Set<RootId>> endpoint) {
    Sight {
        planes = List.copyOf(planes);
        met = List.copyOf(met);
        partners = List.copyOf(partners);
    }

    /**
     * A data plane.
     *
     * @param leaf its newest, the first half of its digest: by which probes know it
     */
    record Listed(Plane plane, String leaf) {}

    /**
     * The same by another clock: what was seen at a moment {@code early} later than written, what lasts since one
     * {@code late} later, so that nothing is taken to be newer, or to have lasted longer, than it is. Certificates end when
     * they say.
     */
    Sight moved(Duration early, Duration late) {
        return new Sight(
                candidate,
                new Cluster(
                        cluster.name(),
                        cluster.roots(),
                        cluster.faults(),
                        moved(cluster.mounted(), late),
                        cluster.inventoryAt().plus(early),
                        cluster.seenAt().plus(early)),
                new Issuer(
                        issuer.name(),
                        issuer.cluster(),
                        issuer.generation(),
                        issuer.handsOut(),
                        issuer.signs(),
                        issuer.since().plus(late),
                        issuer.serves(),
                        issuer.servesGeneration(),
                        issuer.leafLifeMax(),
                        issuer.leafEnds(),
                        issuer.seenAt().plus(early)),
                planes.stream().map(one -> moved(one, early)).toList(),
                met.stream()
                        .map(one -> new AdoptionBoard.Shown(
                                one.leaf(),
                                one.issuer(),
                                one.notAfter(),
                                one.accepted(),
                                one.at().plus(early)))
                        .toList(),
                partners,
                moved(endpoint, late));
    }

    private static <T> Since<T> moved(Since<T> one, Duration late) {
        return new Since<>(one.value(), one.since().plus(late));
    }

    private static Listed moved(Listed one, Duration early) {
        Plane plane = one.plane();
        return new Listed(
                new Plane(
                        plane.name(),
                        plane.proxy(),
                        plane.rootsFrom(),
                        plane.last()
                                .map(last -> new Adoption(
                                        last.roots(),
                                        last.issuer(),
                                        last.leafNotAfter(),
                                        last.seenAt().plus(early))),
                        plane.probes().stream()
                                .map(probe -> new Probe(
                                        probe.cluster(),
                                        probe.under(),
                                        probe.accepted(),
                                        probe.at().plus(early)))
                                .toList()),
                one.leaf());
    }
}
