package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * C4: the connections of one log that a gateway of another cluster must have seen too. Owned by one verification.
 */
final class LegAudit {
    /** So much younger than the other log's newest entry a connection must be to be looked for there. */
    private static final long SETTLED_NANOS = 10_000_000_000L;

    /** What a writer had not yet written when it was killed, and the clocks of both ends, end within so much. */
    private static final long CRASH_NANOS = 10_000_000_000L;

    private final Optional<String> cluster;
    private final List<Leg> legs = new ArrayList<>();
    private final Set<CborValue> seen = new HashSet<>();

    /** When the writer was last heard of before each start that followed no shutdown. */
    private final List<Long> crashes = new ArrayList<>();

    private long newest;
    private boolean ended = true;

    /** {@code origin} is the log's name, which names its cluster. */
    LegAudit(String origin) {
        cluster = clusterOf(origin);
    }

    private record Leg(long index, long time, CborValue connection, String peer) {
        /** The gateway is named as {@code cluster/name}, or by its cluster alone. */
        String cluster() {
            int slash = peer.indexOf('/');
            return slash < 0 ? peer : peer.substring(0, slash);
        }
    }

    /**
     * What became of the connections of one log.
     *
     * @param found or expected in another log, which was there
     * @param unseen because none of the logs is of the cluster at the other end
     */
    record Compared(long found, long unseen) {}

    private static Optional<String> clusterOf(String origin) {
        String[] parts = origin.split("/", -1);
        return parts.length >= 4 && parts[1].equals("beringia") && parts[3].equals("connections")
                ? Optional.of(parts[2])
                : Optional.empty();
    }

    void next(long index, LedgerEntry entry) {
        if (entry.kind().filter(EntryKind.BOOT::equals).isPresent() && !ended) {
            crashes.add(newest);
        }
        ended = entry.kind().filter(EntryKind.SHUTDOWN::equals).isPresent();
        newest = Math.max(newest, entry.timeNanos());
        if (entry.kind().filter(EntryKind.CONNECTION::equals).isEmpty()) {
            return;
        }
        entry.octets(Field.CONNECTION).map(CborValue.Octets::new).ifPresent(connection -> {
            seen.add(connection);
            entry.text(Field.PEER)
                    .filter(peer -> entry.number(Field.DECISION)
                            .filter(it -> it == Decision.ALLOW.number())
                            .isPresent())
                    .ifPresent(peer -> legs.add(new Leg(index, entry.timeNanos(), connection, peer)));
        });
    }

    /** Looks for each in the logs of the cluster at its other end. */
    Compared compare(List<LegAudit> others, Findings findings) {
        long compared = 0;
        long unseen = 0;
        for (Leg leg : legs) {
            List<LegAudit> there = others.stream()
                    .filter(other -> other.cluster.equals(Optional.of(leg.cluster())))
                    .toList();
            if (there.isEmpty()) {
                unseen++;
            } else if (there.stream().anyMatch(other -> other.seen.contains(leg.connection()))) {
                compared++;
            } else if (there.stream().anyMatch(other -> other.isSettledAt(leg.time()))
                    && there.stream().noneMatch(other -> other.mayHaveLost(leg.time()))) {
                compared++;
                findings.add(
                        Claim.C4,
                        "entry " + leg.index(),
                        "connection " + leg.connection() + " to " + Quoted.of(leg.peer())
                                + " (expected: in the log of that gateway, too)");
            }
        }
        return new Compared(compared, unseen);
    }

    private boolean isSettledAt(long time) {
        return time <= newest - SETTLED_NANOS;
    }

    /** A writer that was killed says in its next boot where it ended; what came after its last entry is in none. */
    private boolean mayHaveLost(long time) {
        return crashes.stream().anyMatch(crash -> isAround(crash, time)) || !ended && isAround(newest, time);
    }

    private static boolean isAround(long crash, long time) {
        return Math.abs(time - crash) <= CRASH_NANOS;
    }
}
