package io.beringia.discovery.catalog;

/**
 * What one gateway's clients met at one endpoint; probes are none. The counts only grow: whoever wants to know of a while
 * takes the difference, and where one is less than before, all began anew. An endpoint that nobody asked for in ten seconds
 * is not reported.
 *
 * @param service its host name
 * @param to the region of the endpoint
 * @param endpoint a gateway, as {@code cluster/name}, or the uid of a workload
 * @param clients identities that asked for it in the last ten seconds
 */
public record OutcomeReport(String service, RegionId to, String endpoint, int clients, OutcomeCounts counts) {
    public OutcomeReport {
        if (clients < 0) {
            throw new IllegalArgumentException("clients of " + service + ": " + clients + " (expected: at least 0)");
        }
    }
}
