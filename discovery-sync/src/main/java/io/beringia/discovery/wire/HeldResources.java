package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.beringia.discovery.wire.xds.proto.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client of discovery holds, by type and name, with the versions it got. No I/O. Owned by the client's thread.
 *
 * <p>A response is applied as far as it is good.
 */
final class HeldResources {
    private final Map<ResourceType, Map<String, Held>> byType = new EnumMap<>(ResourceType.class);
    private final Set<ResourceType> answered = EnumSet.noneOf(ResourceType.class);
    private PlanVersion plan = PlanVersion.NONE;
    private HeldValues values = HeldValues.NONE;
    private Catalog last = Catalog.EMPTY;

    private record Held(String version, MeshValue value) {}

    /** From now on nothing below is taken. */
    void atLeast(PlanVersion floor) {
        plan = floor.compareTo(plan) > 0 ? floor : plan;
    }

    /** Takes over what was kept from an earlier life. */
    void load(Catalog catalog) {
        atLeast(catalog.plan());
        catalog.policies().values().forEach(it -> put(new MeshValue.OfPolicy(it)));
        catalog.services().values().forEach(it -> put(new MeshValue.OfService(it)));
        catalog.workloads().values().forEach(it -> put(new MeshValue.OfWorkload(it)));
        catalog.exported().values().forEach(it -> put(new MeshValue.OfExported(it)));
        catalog.relayTargets().values().forEach(it -> put(new MeshValue.OfRelayTarget(it)));
        catalog.clusters().values().forEach(it -> put(new MeshValue.OfCluster(it)));
    }

    /** Name to version, as a new stream begins with. */
    Map<String, String> versions(ResourceType type) {
        Map<String, String> versions = new LinkedHashMap<>();
        named(type).forEach((name, held) -> versions.put(name, held.version));
        return versions;
    }

    /** Whether every one of these types was answered at least once. */
    boolean hasAll(Set<ResourceType> types) {
        return answered.containsAll(types);
    }

    /** Whether the server is behind: it has not heard of the last plan yet, is from before a restore, or knows no plans. */
    boolean isOlder(DeltaDiscoveryResponse response) {
        return plan(response).compareTo(plan) < 0;
    }

    /** What of the response is refused, as {@code name: reason; ...}; empty if all of it was applied. */
    Optional<String> apply(ResourceType type, DeltaDiscoveryResponse response) {
        atLeast(plan(response));
        List<String> refused = new ArrayList<>();
        response.getResourcesList().forEach(resource -> upsert(type, resource).ifPresent(refused::add));
        response.getRemovedResourcesList().forEach(name -> remove(type, name));
        answered.add(type);
        return refused.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", refused));
    }

    /** All of it; what did not change since the last time is not looked at. */
    Catalog catalog(long revision) {
        last = last.next(
                revision,
                plan,
                values.workloads(),
                values.services(),
                values.policies(),
                values.exported(),
                values.relayTargets(),
                values.clusters());
        return last;
    }

    private Optional<String> upsert(ResourceType type, Resource resource) {
        try {
            MeshValue value = WorkloadCodec.decode(type, resource.getResource().getValue());
            if (!value.name().equals(resource.getName())) {
                return Optional.of(resource.getName() + ": named " + value.name() + " inside");
            }
            put(type, new Held(resource.getVersion(), value));
            return Optional.empty();
        } catch (IllegalArgumentException refused) {
            return Optional.of(resource.getName() + ": " + refused.getMessage());
        }
    }

    /** Versions are made of the bytes, so what was read from a file has the version it was sent with. */
    private void put(MeshValue value) {
        put(value.type(), new Held(WorkloadCodec.encode(value).version(), value));
    }

    private void put(ResourceType type, Held held) {
        remove(type, held.value.name());
        named(type).put(held.value.name(), held);
        values = values.with(held.value);
    }

    private void remove(ResourceType type, String name) {
        Held gone = named(type).remove(name);
        values = gone == null ? values : values.without(gone.value);
    }

    private Map<String, Held> named(ResourceType type) {
        return byType.computeIfAbsent(type, absent -> new LinkedHashMap<>());
    }

    /** Of {@code <epoch>.<seq>.<revision>}; other servers than ours put anything there, and know no plan. */
    static PlanVersion plan(DeltaDiscoveryResponse response) {
        String[] parts = response.getSystemVersionInfo().split("\\.", -1);
        try {
            return parts.length == 3
                    ? new PlanVersion(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]))
                    : PlanVersion.NONE;
        } catch (NumberFormatException foreign) {
            return PlanVersion.NONE;
        }
    }
}
