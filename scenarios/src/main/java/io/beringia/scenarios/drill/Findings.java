package io.beringia.scenarios.drill;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a drill saw of the mesh itself, beside its load.
 *
 * @param hedged second attempts that gateways began before their own answer
 * @param innerFailed attempts of hosts that failed behind a gateway's 200, where no relay can hide them
 * @param wrongRegion tunnels that a gateway took although they were meant for another region
 * @param falsePositives evacuations of a region that nobody had touched
 * @param staleWritesRejected plans offered under an older epoch and refused
 * @param configDigest SHA-256, in hex, over every configuration file of the run
 * @param versions of what took part, by name
 * @param ledgerEntries how many entries each log has, by its name
 */
public record Findings(
        Times times,
        InFlight inFlight,
        Failback failback,
        long hedged,
        long innerFailed,
        long wrongRegion,
        long falsePositives,
        long staleWritesRejected,
        String configDigest,
        Map<String, String> versions,
        Map<String, Long> ledgerEntries) {
    /** Of a drill that saw nothing. */
    static final Findings NOTHING = new Findings(
            new Times(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    List.of()),
            new InFlight(0, 0, 0, List.of()),
            new Failback(0, 0, 0),
            0,
            0,
            0,
            0,
            0,
            "",
            Map.of(),
            Map.of());

    public Findings {
        versions = Map.copyOf(versions);
        ledgerEntries = Map.copyOf(ledgerEntries);
    }

    /**
     * When what happened, in milliseconds since the start of the load; empty for what did not.
     *
     * @param suspect the first observer doubts the path to what is lost
     * @param down the first observer takes it for lost
     * @param committed the leader's evacuation stands in ZooKeeper
     * @param lastError the last new connection that failed after the fault
     * @param pushed for each site that is left, from the commit until its clients had acknowledged it
     */
    public record Times(
            OptionalLong fault,
            OptionalLong suspect,
            OptionalLong down,
            OptionalLong committed,
            OptionalLong lastError,
            List<Long> pushed) {
        public Times {
            pushed = List.copyOf(pushed);
        }

        /** From the fault to the first DOWN. */
        public OptionalLong detection() {
            return between(fault, down);
        }

        /** From the first DOWN to the commit. */
        public OptionalLong decision() {
            return between(down, committed);
        }

        /** From the fault to the last failure; nothing at all where nothing failed. */
        public long shift() {
            return between(fault, lastError).orElse(0);
        }

        private static OptionalLong between(OptionalLong from, OptionalLong to) {
            return from.isPresent() && to.isPresent()
                    ? OptionalLong.of(to.getAsLong() - from.getAsLong())
                    : OptionalLong.empty();
        }
    }

    /**
     * Streams that were open to what is lost when it was lost.
     *
     * @param hung neither reset nor answered within 5 s of the fault
     * @param resetMillis from the fault to each reset
     */
    public record InFlight(long open, long completed, long hung, List<Long> resetMillis) {
        public InFlight {
            resetMillis = List.copyOf(resetMillis);
        }
    }

    /**
     * How the region came back.
     *
     * @param steps of its ramp
     * @param aborts times it fell again on the way
     * @param errors new connections that failed meanwhile
     */
    public record Failback(long steps, long aborts, long errors) {}
}
