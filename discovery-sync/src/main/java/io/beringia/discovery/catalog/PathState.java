package io.beringia.discovery.catalog;

/** Where the way to a gateway stands, as one observer judges it; to a region, the way to the best gateway there. */
public enum PathState {
    /** Answers. Also what an unknown path is taken for: missing data never moves traffic. */
    UP,
    /** Silent for longer than usual, or reset once; being asked again at once. */
    SUSPECT,
    /** Silent for so long, or refused so often, that nothing new goes there while anything else is left. */
    DOWN,
    /** Answers again after it was DOWN, and must go on doing so. */
    PROBATION
}
