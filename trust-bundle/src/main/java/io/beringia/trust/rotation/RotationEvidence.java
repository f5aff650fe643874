package io.beringia.trust.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that was observed of a trust domain, at one moment. What was asked for never counts, what was seen does.
 *
 * @param candidate the next root, where one is made
 * @param clusters all of the trust domain, in the order in which they change; one out of reach stands here too
 * @param planes every data plane that there is; one that was never seen stands here too
 * @param endpoint the roots that our own bundle endpoint serves to partners
 * @param destroyed roots whose keys are gone, and which everybody denies
 * @param waived data planes that an operator does not wait for, by name
 */
public record RotationEvidence(
        Optional<Candidate> candidate,
        List<Cluster> clusters,
        List<Issuer> issuers,
        List<Plane> planes,
        List<Partner> partners,
        Since<Set<RootId>> endpoint,
        Set<RootId> destroyed,
        Set<String> waived) {
    public RotationEvidence {
        if (clusters.isEmpty()) {
            throw new IllegalArgumentException("clusters: none (expected: all of the trust domain)");
        }
        clusters = List.copyOf(clusters);
        issuers = List.copyOf(issuers);
        planes = List.copyOf(planes);
        partners = List.copyOf(partners);
        destroyed = Set.copyOf(destroyed);
        waived = Set.copyOf(waived);
    }

    /**
     * The next root and the intermediates below it.
     *
     * @param intermediateLife of one; the root must outlive two in a row
     * @param faults what lint, verifiers and key checks say against it
     */
    public record Candidate(RootId root, Instant notAfter, Duration intermediateLife, List<String> faults) {
        public Candidate {
            faults = List.copyOf(faults);
        }
    }

    /**
     * A cluster as a whole.
     *
     * @param roots of the CA that it has now
     * @param faults what would make it drop an update, like an istiod without {@code ISTIO_MULTIROOT_MESH}
     * @param mounted the roots that every namespace's ConfigMap or ClusterTrustBundle holds
     * @param inventoryAt when the lists of its data planes and issuers were last known to be whole
     * @param seenAt when all else was
     */
    public record Cluster(
            String name,
            Set<RootId> roots,
            List<String> faults,
            Since<Set<RootId>> mounted,
            Instant inventoryAt,
            Instant seenAt) {
        public Cluster {
            faults = List.copyOf(faults);
        }
    }

    /**
     * One process that signs: a replica of istiod, or of our issuance server.
     *
     * @param generation the newest order that it obeyed
     * @param handsOut the roots in its answers
     * @param signs the root above the leaves that it makes
     * @param since when it was first seen with these three; never otherwise since
     * @param serves the root above its own serving certificates, webhooks included
     * @param servesGeneration the newest order by which they were made
     * @param leafLifeMax of a leaf that it makes
     * @param leafEnds when the last leaf of each root ends, where every leaf is recorded
     */
    public record Issuer(
            String name,
            String cluster,
            long generation,
            Set<RootId> handsOut,
            RootId signs,
            Instant since,
            RootId serves,
            long servesGeneration,
            Duration leafLifeMax,
            Optional<Map<RootId, Instant>> leafEnds,
            Instant seenAt) {}

    /** Whence a data plane has its roots. */
    public enum RootsFrom {
        /** From the answer that brought its leaf, as a ztunnel: a new leaf brings new roots. */
        LEAF,
        /** Over a stream of their own, as an Envoy or a process of ours: a new leaf says nothing about them. */
        STREAM
    }

    /**
     * One identity of one proxy or process.
     *
     * @param proxy by whose code it verifies; a ztunnel does for many
     * @param last empty where it was never seen
     * @param probes the newest of each cluster
     */
    public record Plane(String name, String proxy, RootsFrom rootsFrom, Optional<Adoption> last, List<Probe> probes) {
        public Plane {
            probes = List.copyOf(probes);
        }
    }

    /** What a data plane used when it was last seen. */
    public record Adoption(Set<RootId> roots, RootId issuer, Instant leafNotAfter, Instant seenAt) {}

    /**
     * A foreign trust domain that trusts ours.
     *
     * @param fetched the roots that it was last seen to take; empty where nobody can tell its requests from others
     */
    public record Partner(String name, Duration refreshHint, Optional<Set<RootId>> fetched) {}

    /**
     * A handshake with a data plane, by a leaf that only the probe has.
     *
     * @param cluster whose intermediate made the leaf
     * @param under the root above it
     * @param accepted whether it went through
     */
    public record Probe(String cluster, RootId under, boolean accepted, Instant at) {}
}
