package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.outbound.Sockets;
import java.util.Optional;

/** What all event loops of one host proxy share: doors and values only. Any thread. */
record HostWorld(
        HostConfig config,
        CatalogSource source,
        HostIdentity contexts,
        Sockets sockets,
        HostTelemetry telemetry,
        OpenConnections open,
        HostPeers peers,
        HopNames names) {
    Catalog catalog() {
        return source.latest();
    }

    /** Our own workload, as this catalog has it. */
    Optional<Workload> self(Catalog catalog) {
        return Optional.ofNullable(catalog.workloads().get(config.workload()));
    }
}
