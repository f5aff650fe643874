package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.IpAddress;
import java.util.List;

/**
 * Some endpoints of an exported service, as one EndpointSlice of its cluster has them; told only to clusters that reach
 * these addresses.
 *
 * @param name of the slice there
 * @param ports where the endpoints listen
 */
public record ExportedSlice(
        String name, McsExport.IpFamily family, List<McsExport.Port> ports, List<Endpoint> endpoints) {
    public ExportedSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * @param hostname empty if it has none
     * @param zone empty if unknown
     * @param isServing it answers, be it ready or terminating
     */
    public record Endpoint(
            List<IpAddress> addresses,
            String hostname,
            String zone,
            boolean isReady,
            boolean isServing,
            boolean isTerminating) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }
}
