package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** C4: the connections of one log that another gateway of ours must have seen too. Owned by one verification. */
final class LegAudit {
    /** So much younger than the other log's newest entry a connection must be to be looked for there. */
    private static final long SETTLED_NANOS = 10_000_000_000L;

    private final List<Leg> legs = new ArrayList<>();
    private final Set<CborValue> seen = new HashSet<>();
    private long newest;

    private record Leg(long index, long time, CborValue connection, String peer) {}

    void next(long index, LedgerEntry entry) {
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

    /** How many were old enough to be looked for. */
    long compare(List<LegAudit> others, Findings findings) {
        if (others.isEmpty()) {
            return 0;
        }
        long settled = others.stream().mapToLong(other -> other.newest).min().orElse(0) - SETTLED_NANOS;
        List<Leg> due = legs.stream().filter(leg -> leg.time() <= settled).toList();
        due.stream()
                .filter(leg -> others.stream().noneMatch(other -> other.seen.contains(leg.connection())))
                .forEach(leg -> findings.add(
                        Claim.C4,
                        "entry " + leg.index(),
                        "connection " + leg.connection() + " to " + Quoted.of(leg.peer())
                                + " (expected: in the log of that gateway, too)"));
        return due.size();
    }
}
