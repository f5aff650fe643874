package io.beringia.discovery.catalog;

/** How a workload or service names the gateway or waypoint before it (Istio {@code workload.proto}, GatewayAddress). */
public sealed interface GatewayRef {
    /** Port that the gateway's service maps to its HBONE listener. */
    int hbonePort();

    record ByHostname(ServiceName service, int hbonePort) implements GatewayRef {}

    record ByAddress(NetworkAddress address, int hbonePort) implements GatewayRef {}
}
