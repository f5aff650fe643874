package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is held of one peer: the last good of each resource, whatever becomes of the links to it. Only the peer's own words
 * take something away again. Owned by the peer's thread.
 */
final class HeldPart {
    private final Map<String, Held> resources = new TreeMap<>();
    private int services;

    private record Held(long hash, PeerResource value) {}

    void put(long hash, PeerResource value) {
        Held before = resources.put(value.name(), new Held(hash, value));
        if (before == null && value instanceof PeerResource.OfService) {
            services++;
        }
    }

    void remove(String name) {
        Held before = resources.remove(name);
        if (before != null && before.value() instanceof PeerResource.OfService) {
            services--;
        }
    }

    boolean has(String name, long hash) {
        Held held = resources.get(name);
        return held != null && held.hash() == hash;
    }

    boolean has(String name) {
        return resources.containsKey(name);
    }

    Set<String> names() {
        return Set.copyOf(resources.keySet());
    }

    /** Services of namespaces that do not exist here any more, but for the probe. */
    List<String> outside(Set<String> namespaces, ProbeName probe) {
        return resources.values().stream()
                .map(Held::value)
                .filter(value -> value instanceof PeerResource.OfService(var cluster, var export, var networks)
                        && !namespaces.contains(export.service().namespace())
                        && !probe.is(export.service()))
                .map(PeerResource::name)
                .toList();
    }

    int size() {
        return resources.size();
    }

    int services() {
        return services;
    }

    /** All of it; empty until the peer has said where it is, without which nothing of it can be reached. */
    Optional<ClusterExports> part(Freshness freshness) {
        List<Export> exports = new ArrayList<>();
        List<GatewayAddress> gateways = new ArrayList<>();
        Optional<PeerResource.OfCluster> cluster = Optional.empty();
        for (Held held : resources.values()) {
            switch (held.value()) {
                case PeerResource.OfService it -> exports.add(it.export());
                case PeerResource.OfGateway it -> gateways.add(it.gateway());
                case PeerResource.OfCluster it -> cluster = Optional.of(it);
            }
        }
        return cluster.map(it -> ClusterExports.of(
                new ClusterState(
                        it.cluster(),
                        it.region(),
                        it.network(),
                        it.trustDomains(),
                        gateways,
                        RegionStatus.ACTIVE,
                        freshness),
                exports));
    }
}
