package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import java.util.ArrayList;
import java.util.HashMap;
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
    private int slices;

    private record Held(long hash, PeerResource value) {}

    void put(long hash, PeerResource value) {
        Held before = resources.put(value.name(), new Held(hash, value));
        if (before == null) {
            count(value, 1);
        }
    }

    /** All of a part that was kept, hashed as its owner would. */
    void restore(ClusterExports part) {
        PeerResource.of(part).forEach(value -> put(PeerCodec.encode(value).getHash(), value));
    }

    void remove(String name) {
        Held before = resources.remove(name);
        if (before != null) {
            count(before.value(), -1);
        }
    }

    void clear() {
        resources.clear();
        services = 0;
        slices = 0;
    }

    private void count(PeerResource value, int change) {
        switch (value) {
            case PeerResource.OfService it -> services += change;
            case PeerResource.OfEndpoints it -> slices += change;
            case PeerResource.OfGateway it -> {}
            case PeerResource.OfCluster it -> {}
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
                .filter(value -> serviceOf(value)
                        .filter(service -> !namespaces.contains(service.namespace()) && !probe.is(service))
                        .isPresent())
                .map(PeerResource::name)
                .toList();
    }

    private static Optional<ServiceName> serviceOf(PeerResource value) {
        return switch (value) {
            case PeerResource.OfService it -> Optional.of(it.export().service());
            case PeerResource.OfEndpoints it -> Optional.of(it.service());
            case PeerResource.OfGateway it -> Optional.empty();
            case PeerResource.OfCluster it -> Optional.empty();
        };
    }

    int size() {
        return resources.size();
    }

    int services() {
        return services;
    }

    /** Of endpoints. */
    int slices() {
        return slices;
    }

    /** All of it; empty until the peer has said where it is, without which nothing of it can be reached. */
    Optional<ClusterExports> part(Freshness freshness) {
        Map<ServiceName, List<ExportedSlice>> endpoints = new HashMap<>();
        List<Export> exports = new ArrayList<>();
        List<GatewayAddress> gateways = new ArrayList<>();
        Optional<PeerResource.OfCluster> cluster = Optional.empty();
        for (Held held : resources.values()) {
            switch (held.value()) {
                case PeerResource.OfService it -> exports.add(it.export());
                case PeerResource.OfEndpoints it ->
                    endpoints
                            .computeIfAbsent(it.service(), one -> new ArrayList<>())
                            .add(it.slice());
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
                exports.stream()
                        .map(export -> export.mcs().isPresent()
                                ? export.with(endpoints.getOrDefault(export.service(), List.of()))
                                : export)
                        .toList()));
    }
}
