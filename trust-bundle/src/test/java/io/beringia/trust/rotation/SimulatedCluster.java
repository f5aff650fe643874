package io.beringia.trust.rotation;

/** What stands in a cluster: its CA as it was last written, and what its namespaces hold. */
final class SimulatedCluster {
    int roots = Roots.OLD;
    long generation;
    long servingGeneration;
    int signer = Roots.OLD;
    int mounted = Roots.OLD;
    int mountedAt;
    int refusesUntil;
    int darkUntil;
}
