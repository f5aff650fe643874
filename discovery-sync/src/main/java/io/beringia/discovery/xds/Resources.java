package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A catalog as named bytes, made once per revision and shared by all clients of a view; of another revision only what differs
 * is encoded. What a ztunnel would refuse is left out and named; it never holds back the others. Immutable.
 */
public final class Resources {
    /** Nothing yet: no client is answered. */
    public static final Resources NONE = new Resources("", Catalog.EMPTY, Encodings.NONE, MissingClusters.NOBODY);

    private final String version;
    private final Catalog catalog;
    private final Encodings encodings;
    private final MissingClusters unheard;

    private Resources(String version, Catalog catalog, Encodings encodings, MissingClusters unheard) {
        this.version = version;
        this.catalog = catalog;
        this.encodings = encodings;
        this.unheard = unheard;
    }

    /** Any thread. What did not change keeps the bytes it has here. */
    public Resources next(Catalog now) {
        return next(now, MissingClusters.NOBODY);
    }

    /** The same, made while nothing was heard of these clusters. */
    Resources next(Catalog now, MissingClusters missing) {
        return new Resources(now.plan() + "." + now.revision(), now, encodings.next(catalog, now), missing);
    }

    /** Whether a client that has settled on the one has nothing to do about the other. */
    boolean isSame(Resources other) {
        return encodings.equals(other.encodings)
                && unheard.equals(other.unheard)
                && plan().equals(other.plan())
                && version.isEmpty() == other.version.isEmpty();
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
        return catalog.plan();
    }

    /** Resources that are not served, each with the reason; in order. */
    public List<String> withheld() {
        return encodings.withheld().entrySet().stream()
                .map(one -> one.getKey().name() + ": " + one.getValue())
                .sorted()
                .toList();
    }

    Optional<EncodedResource> find(ResourceType type, String name) {
        return Optional.ofNullable(named(type).get(name));
    }

    Stream<EncodedResource> all(ResourceType type) {
        return named(type).values().stream();
    }

    /** All by their names. */
    Map<String, EncodedResource> named(ResourceType type) {
        return encodings.named(type);
    }

    /** Of whom nothing was heard. */
    MissingClusters unheard() {
        return unheard;
    }
}
