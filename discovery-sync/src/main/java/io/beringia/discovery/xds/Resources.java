package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.MeshValue;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.WorkloadCodec;
import io.beringia.discovery.wire.ZtunnelRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A catalog as named bytes, made once per revision and shared by all clients of a view. What a ztunnel would refuse is
 * left out and named; it never holds back the others. Immutable.
 */
public final class Resources {
    /** Nothing yet: no client is answered. */
    public static final Resources NONE =
            new Resources("", PlanVersion.NONE, Map.of(), List.of(), MissingClusters.NOBODY);

    private final String version;
    private final PlanVersion plan;
    private final Map<ResourceType, Map<String, Encoded>> byType;
    private final List<String> withheld;
    private final MissingClusters unheard;

    private Resources(
            String version,
            PlanVersion plan,
            Map<ResourceType, Map<String, Encoded>> byType,
            List<String> withheld,
            MissingClusters unheard) {
        this.version = version;
        this.plan = plan;
        this.byType = byType;
        this.withheld = List.copyOf(withheld);
        this.unheard = unheard;
    }

    private record Encoded(MeshValue value, EncodedResource resource) {}

    /** Any thread. What did not change keeps the bytes it has here. */
    public Resources next(Catalog catalog) {
        return next(catalog, MissingClusters.NOBODY);
    }

    /** The same, made while nothing was heard of these clusters. */
    Resources next(Catalog catalog, MissingClusters missing) {
        Map<ResourceType, Map<String, Encoded>> next = new EnumMap<>(ResourceType.class);
        List<String> refused = new ArrayList<>();
        values(catalog).forEach(value -> {
            Encoded encoded = encoded(value);
            Optional<String> refusal = ZtunnelRules.refusal(encoded.resource.type(), encoded.resource.bytes());
            if (refusal.isPresent()) {
                refused.add(value.name() + ": " + refusal.get());
            } else {
                next.computeIfAbsent(encoded.resource.type(), type -> new HashMap<>())
                        .put(value.name(), encoded);
            }
        });
        return new Resources(catalog.plan() + "." + catalog.revision(), catalog.plan(), next, refused, missing);
    }

    /** {@code <epoch>.<seq>.<revision>}; empty while there is nothing. */
    public String version() {
        return version;
    }

    /** Whether a client that has it is to be told that it is gone. */
    boolean isGone(ResourceType type, String name) {
        return find(type, name).isEmpty() && !unheard.mayHave(type, name);
    }

    /** The plan that they rest on. */
    PlanVersion plan() {
        return plan;
    }

    /** Resources that are not served, each with the reason. */
    public List<String> withheld() {
        return withheld;
    }

    Optional<EncodedResource> find(ResourceType type, String name) {
        return Optional.ofNullable(named(type).get(name)).map(Encoded::resource);
    }

    Stream<EncodedResource> all(ResourceType type) {
        return named(type).values().stream().map(Encoded::resource);
    }

    private Map<String, Encoded> named(ResourceType type) {
        return byType.getOrDefault(type, Map.of());
    }

    private Encoded encoded(MeshValue value) {
        for (ResourceType type : ResourceType.values()) {
            Encoded known = named(type).get(value.name());
            if (known != null && known.value.equals(value)) {
                return known;
            }
        }
        return new Encoded(value, WorkloadCodec.encode(value));
    }

    private static Stream<MeshValue> values(Catalog catalog) {
        return Stream.of(
                        catalog.policies().values().stream().map(MeshValue.OfPolicy::new),
                        catalog.services().values().stream().map(MeshValue.OfService::new),
                        catalog.workloads().values().stream().map(MeshValue.OfWorkload::new),
                        catalog.exported().values().stream().map(MeshValue.OfExported::new),
                        catalog.relayTargets().values().stream().map(MeshValue.OfRelayTarget::new),
                        catalog.clusters().values().stream().map(MeshValue.OfCluster::new))
                .flatMap(stream -> stream);
    }
}
