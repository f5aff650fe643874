package io.beringia.trust.rotation;

/** One identity of one proxy, with its leaf, its roots and the answer that is on its way to it. */
final class SimulatedPlane {
    final int cluster;
    final String proxy;
    final boolean streams;
    final int clock;
    final boolean cannotVerifyNew;
    int bornAt;
    int roots = Roots.NONE;
    long generation;
    int issuer = Roots.OLD;
    int leafEnd;
    int renewAt;
    int mounted = Roots.OLD;
    int mounting;
    int mountAt = Integer.MAX_VALUE;
    int cutUntil;
    int stalledUntil;
    int answerAt = Integer.MAX_VALUE;
    int answerRoots;
    int answerIssuer;
    int answerEnd;
    long answerGeneration;

    SimulatedPlane(int cluster, String proxy, boolean streams, int clock, boolean cannotVerifyNew) {
        this.cluster = cluster;
        this.proxy = proxy;
        this.streams = streams;
        this.clock = clock;
        this.cannotVerifyNew = cannotVerifyNew;
    }

    boolean isLive(int now) {
        return roots != Roots.NONE && leafEnd >= now;
    }
}
