package io.beringia.gateway;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;

/**
 * Warns where discovery publishes another identity at our own address than the one that we prove: whoever dials us expects
 * exactly that, and no tunnel comes about. Owned by one event loop.
 */
final class PublishedIdentity {
    private final Self self;
    private final GatewayTelemetry telemetry;
    private Optional<SpiffeId> warnedOf = Optional.empty();

    PublishedIdentity(Self self, GatewayTelemetry telemetry) {
        this.self = self;
        this.telemetry = telemetry;
    }

    /** Says each fault once, until it is another. */
    void look(SpiffeId proved, Catalog catalog) {
        Optional<SpiffeId> published = otherThan(proved, self, catalog);
        if (!published.equals(warnedOf)) {
            warnedOf = published;
            published.ifPresent(other -> telemetry.identityMismatch(proved, other));
        }
    }

    /** Empty too while nothing is published at an address of ours. */
    static Optional<SpiffeId> otherThan(SpiffeId proved, Self self, Catalog catalog) {
        return Optional.ofNullable(catalog.clusters().get(self.cluster()))
                .map(ClusterState::gateways)
                .orElse(List.of())
                .stream()
                .filter(gateway -> self.ownListeners().contains(gateway.address()))
                .map(GatewayAddress::identity)
                .filter(published -> !published.equals(proved))
                .findFirst();
    }
}
