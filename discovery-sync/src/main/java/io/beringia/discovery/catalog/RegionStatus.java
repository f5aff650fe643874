package io.beringia.discovery.catalog;

/** Where a region stands in the plan, as far as a data plane must know. */
public enum RegionStatus {
    /** May be given traffic, by its share. */
    ACTIVE,
    /** Suspected, not judged; traffic goes on. */
    SUSPECT,
    /** Coming back, a step at a time; its share says how far. */
    RAMPING,
    /** Gets nothing new, and no lower reflex may raise it. */
    OUT;

    /** Whether a dial may go there at all. */
    public boolean isAllowed() {
        return this != OUT;
    }
}
