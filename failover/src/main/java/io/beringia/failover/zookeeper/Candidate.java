package io.beringia.failover.zookeeper;

/**
 * Who stands for election. A witness should lead: a leader is then never inside of a region that it evacuates.
 *
 * @param name of the process, for people
 * @param isWitness it stands outside of all traffic
 */
public record Candidate(String name, boolean isWitness) {
    private static final String WITNESS = "witness/";
    private static final String OTHER = "region/";

    /** As others read it in the latch. */
    String id() {
        return (isWitness ? WITNESS : OTHER) + name;
    }

    static boolean isWitness(String id) {
        return id.startsWith(WITNESS);
    }

    @Override
    public String toString() {
        return name;
    }
}
