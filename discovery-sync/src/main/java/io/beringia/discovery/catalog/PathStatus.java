package io.beringia.discovery.catalog;

/** How an observer sees the way to a region: the state of the best gateway there. */
public enum PathStatus {
    UP,
    /** Silent for longer than the link explains; being asked again at once. */
    SUSPECT,
    DOWN,
    /** Answers again, not yet for long enough. */
    PROBATION
}
