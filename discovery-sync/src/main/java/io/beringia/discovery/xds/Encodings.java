package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.MeshValue;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.WorkloadCodec;
import io.beringia.discovery.wire.ZtunnelRules;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A catalog's values as bytes, by type and name. Immutable.
 *
 * @param withheld why a ztunnel would refuse them
 */
record Encodings(
        Map<ResourceType, PersistentMap<String, EncodedResource>> byType, PersistentMap<Name, String> withheld) {
    static final Encodings NONE = new Encodings(Map.of(), PersistentMap.empty());

    /** A policy and a service may be called the same. */
    record Name(ResourceType type, String name) {
        static Name of(MeshValue value) {
            return new Name(value.type(), value.name());
        }
    }

    PersistentMap<String, EncodedResource> named(ResourceType type) {
        return byType.getOrDefault(type, PersistentMap.empty());
    }

    /** Those of another catalog than that of which these are. */
    Encodings next(Catalog before, Catalog now) {
        return differing(before.policies(), now.policies(), MeshValue.OfPolicy::new)
                .differing(before.services(), now.services(), MeshValue.OfService::new)
                .differing(before.workloads(), now.workloads(), MeshValue.OfWorkload::new)
                .differing(before.exported(), now.exported(), MeshValue.OfExported::new)
                .differing(before.relayTargets(), now.relayTargets(), MeshValue.OfRelayTarget::new)
                .differing(before.clusters(), now.clusters(), MeshValue.OfCluster::new);
    }

    private <K, V> Encodings differing(Map<K, V> before, Map<K, V> now, Function<V, MeshValue> as) {
        Encodings next = this;
        for (K key : PersistentMap.differences(before, now)) {
            V gone = before.get(key);
            V come = now.get(key);
            next = gone == null ? next : next.without(as.apply(gone));
            next = come == null ? next : next.with(as.apply(come));
        }
        return next;
    }

    private Encodings without(MeshValue value) {
        return replaced(value.type(), named(value.type()).without(value.name()), withheld.without(Name.of(value)));
    }

    private Encodings with(MeshValue value) {
        EncodedResource resource = WorkloadCodec.encode(value);
        ResourceType type = resource.type();
        Optional<String> refusal = ZtunnelRules.refusal(type, resource.bytes());
        return refusal.isPresent()
                ? replaced(type, named(type), withheld.with(Name.of(value), refusal.get()))
                : replaced(type, named(type).with(value.name(), resource), withheld);
    }

    private Encodings replaced(
            ResourceType type, PersistentMap<String, EncodedResource> resources, PersistentMap<Name, String> refused) {
        Map<ResourceType, PersistentMap<String, EncodedResource>> next = new EnumMap<>(ResourceType.class);
        next.putAll(byType);
        next.put(type, resources);
        return new Encodings(next, refused);
    }
}
