package io.beringia.trust.rotator;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.rotation.RotationTiming;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the root of a trust domain is replaced.
 *
 * @param store private folder of what must survive a restart, and of the intermediates while they change
 * @param next where the next intermediate is laid, under the same root or the next one, as {@code beringia ca intermediate}
 *     writes it
 * @param clusters all of the trust domain, in the order in which they change; empty is ours alone
 * @param probes data planes that a handshake reaches
 * @param api where operators and peers are heard; empty hears nobody, so that no rotation begins
 * @param peers the trust roles of the other clusters
 */
public record RotationConfig(
        Path store,
        Path next,
        List<String> clusters,
        RotationTiming timing,
        List<ProbeTarget> probes,
        Optional<Operators> api,
        List<Peer> peers) {
    public RotationConfig {
        peers = List.copyOf(peers);
        clusters = List.copyOf(clusters);
        probes = List.copyOf(probes);
        if (new HashSet<>(clusters).size() < clusters.size()) {
            throw new IllegalArgumentException("rotation.clusters: " + clusters + " (expected: each once)");
        }
        List<String> known = peers.stream().map(Peer::cluster).toList();
        if (new HashSet<>(known).size() < known.size() || !clusters.containsAll(known)) {
            throw new IllegalArgumentException(
                    "rotation.peers: " + known + " (expected: each once, and of rotation.clusters, " + clusters + ")");
        }
        if (!peers.isEmpty() && api.isEmpty()) {
            throw new IllegalArgumentException(
                    "rotation.peers: without rotation.operator-api (expected: both, for they call us there)");
        }
    }

    /** Of a cluster that talks with no other. */
    public RotationConfig(
            Path store,
            Path next,
            List<String> clusters,
            RotationTiming timing,
            List<ProbeTarget> probes,
            Optional<Operators> api) {
        this(store, next, clusters, timing, probes, api, List.of());
    }

    /** The same, with other clusters. */
    public RotationConfig with(List<Peer> others) {
        return new RotationConfig(store, next, clusters, timing, probes, api, others);
    }

    /** Where it is kept if the configuration does not say: beside the CA. */
    public static Path defaultStore(CaFiles ca) {
        return ca.roots().resolveSibling("rotation");
    }

    /** Where the next intermediate is laid if the configuration does not say. */
    public static Path defaultNext(CaFiles ca) {
        return ca.roots().resolveSibling("next");
    }

    /**
     * A data plane that accepts connections of its mesh.
     *
     * @param id who answers there
     * @param address of its HBONE port
     */
    public record ProbeTarget(SpiffeId id, InetSocketAddress address) {
        public ProbeTarget {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("rotation.probes: " + address + " (expected: a known address)");
            }
        }
    }

    /**
     * The trust role of another cluster.
     *
     * @param cluster that its certificate must be of
     * @param id that it must prove
     * @param address of its {@code operator-api}
     */
    public record Peer(String cluster, SpiffeId id, InetSocketAddress address) {
        public Peer {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("rotation.peers: " + address + " (expected: a known address)");
            }
        }
    }

    /**
     * Who may start, advance and roll back.
     *
     * @param listen port 0 takes a free one
     */
    public record Operators(InetSocketAddress listen, Set<SpiffeId> ids) {
        public Operators {
            ids = Set.copyOf(ids);
            if (ids.isEmpty()) {
                throw new IllegalArgumentException("rotation.operators: none (expected: SPIFFE IDs of operators)");
            }
        }
    }
}
