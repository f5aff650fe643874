package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.peering.proto.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is held of one peer: the last good of each resource, whatever becomes of the links to it. Only the peer's own words
 * take something away again. Owned by the peer's thread.
 */
final class HeldPart {
    private final NavigableMap<String, Held> resources = new TreeMap<>();
    /** Services of which the export is another now than in {@link #exports}. */
    private final Set<ServiceName> dirty = new HashSet<>();

    private PersistentMap<ServiceName, Export> exports = PersistentMap.empty();
    private int services;
    private int slices;
    private int endpoints;
    private int gateways;
    private long bytes;

    /** @param bytes as it was sent */
    private record Held(long hash, PeerResource value, int bytes) {}

    void put(long hash, PeerResource value, int size) {
        Held now = new Held(hash, value, size);
        Held before = resources.put(value.name(), now);
        if (before != null) {
            count(before, -1);
        }
        count(now, 1);
    }

    /** Why there is no room for that one; empty if there is. What it replaces leaves its own. */
    Optional<PeerRefusal.OfResource> tooMuch(PeerResource value, int size, PeerLimits limits) {
        Held before = resources.get(value.name());
        if (bytes + size - (before == null ? 0 : before.bytes()) > limits.bytes()) {
            return tooMany("bytes", limits.bytes());
        }
        return switch (value) {
            case PeerResource.OfService _ ->
                before == null && services >= limits.services()
                        ? tooMany("services", limits.services())
                        : Optional.empty();
            case PeerResource.OfEndpoints it -> {
                int others = endpoints - (before == null ? 0 : endpointsOf(before.value()));
                if (before == null && slices >= limits.slices()) {
                    yield tooMany("slices", limits.slices());
                }
                yield others + endpointsOf(it) > limits.endpointsOfPeer()
                        ? tooMany("endpoints-of-peer", limits.endpointsOfPeer())
                        : Optional.empty();
            }
            case PeerResource.OfGateway _ ->
                before == null && gateways >= limits.gateways()
                        ? tooMany("gateways", limits.gateways())
                        : Optional.empty();
            case PeerResource.OfCluster _ -> Optional.empty();
        };
    }

    private static Optional<PeerRefusal.OfResource> tooMany(String what, long max) {
        return Optional.of(new PeerRefusal.TooMany(what, max));
    }

    private static int endpointsOf(PeerResource value) {
        return value instanceof PeerResource.OfEndpoints it
                ? it.slice().endpoints().size()
                : 0;
    }

    /** All of a part that was kept, hashed as its owner would. */
    void restore(ClusterExports part) {
        PeerResource.of(part).forEach(value -> {
            Resource encoded = PeerCodec.encode(value);
            put(encoded.getHash(), value, encoded.getSerializedSize());
        });
    }

    void remove(String name) {
        Held before = resources.remove(name);
        if (before != null) {
            count(before, -1);
        }
    }

    void clear() {
        List.copyOf(resources.keySet()).forEach(this::remove);
    }

    private void count(Held held, int change) {
        serviceOf(held.value()).ifPresent(dirty::add);
        bytes += (long) change * held.bytes();
        endpoints += change * endpointsOf(held.value());
        switch (held.value()) {
            case PeerResource.OfService _ -> services += change;
            case PeerResource.OfEndpoints _ -> slices += change;
            case PeerResource.OfGateway _ -> gateways += change;
            case PeerResource.OfCluster _ -> {}
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

    /** All of it; empty until the peer has said where it is, without which nothing of it can be reached. */
    Optional<ClusterExports> part(Freshness freshness) {
        exports = exports();
        dirty.clear();
        return Optional.ofNullable(resources.get(PeerResource.OfCluster.NAME))
                .map(Held::value)
                .filter(PeerResource.OfCluster.class::isInstance)
                .map(PeerResource.OfCluster.class::cast)
                .map(it -> new ClusterExports(
                        new ClusterState(
                                it.cluster(),
                                it.region(),
                                it.network(),
                                it.trustDomains(),
                                gateways(),
                                RegionStatus.ACTIVE,
                                freshness),
                        exports));
    }

    private PersistentMap<ServiceName, Export> exports() {
        PersistentMap<ServiceName, Export> next = exports;
        for (ServiceName service : dirty) {
            Held held = resources.get(PeerResource.OfService.nameOf(service));
            next = held != null && held.value() instanceof PeerResource.OfService it
                    ? next.with(service, whole(it.export()))
                    : next.without(service);
        }
        return next;
    }

    /** With its endpoints, if a ServiceExport tells them. */
    private Export whole(Export export) {
        if (export.mcs().isEmpty()) {
            return export;
        }
        List<ExportedSlice> endpoints = new ArrayList<>();
        for (PeerResource value : named(PeerResource.OfEndpoints.namesOf(export.service()))) {
            if (value instanceof PeerResource.OfEndpoints it) {
                endpoints.add(it.slice());
            }
        }
        return export.with(endpoints);
    }

    private List<GatewayAddress> gateways() {
        List<GatewayAddress> gateways = new ArrayList<>();
        for (PeerResource value : named(PeerResource.OfGateway.NAMES)) {
            if (value instanceof PeerResource.OfGateway it) {
                gateways.add(it.gateway());
            }
        }
        return gateways;
    }

    /** Those whose names begin so, in order. */
    private List<PeerResource> named(String prefix) {
        return resources.tailMap(prefix).entrySet().stream()
                .takeWhile(held -> held.getKey().startsWith(prefix))
                .map(held -> held.getValue().value())
                .toList();
    }
}
