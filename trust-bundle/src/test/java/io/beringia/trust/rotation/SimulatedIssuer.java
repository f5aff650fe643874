package io.beringia.trust.rotation;

/** One process that signs. It follows its cluster in its own time. */
final class SimulatedIssuer {
    final int cluster;
    final boolean records;
    final int clock;
    long generation;
    int handsOut = Roots.OLD;
    int signs = Roots.OLD;
    int serves = Roots.OLD;
    int reloadAt = Integer.MAX_VALUE;
    int serving = Roots.OLD;
    long servingGeneration;
    long servesGeneration;
    int servesAt = Integer.MAX_VALUE;
    final int[] leafEnds = new int[5];

    SimulatedIssuer(int cluster, boolean records, int clock) {
        this.cluster = cluster;
        this.records = records;
        this.clock = clock;
    }
}
