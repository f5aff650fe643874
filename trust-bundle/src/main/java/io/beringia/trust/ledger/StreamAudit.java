package io.beringia.trust.ledger;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** C1, C2 and C3 of one log, entry by entry in the log's order. Owned by one verification. */
final class StreamAudit {
    /** Kept to tell a boot that is written twice: years of restarts. */
    private static final int BOOTS_MAX = 1_000_000;

    private static final int ALLOWED = 2;
    private static final int DENIED = 3;
    private static final int CLOSED = 4;
    private static final int COUNTERS = 6;

    private final String writer;
    private final Findings findings;
    private final Set<CborValue> boots = new HashSet<>();
    private final long[] decided = new long[Decision.COUNT];
    private Optional<LedgerEntry> last = Optional.empty();
    private Hash lastLeaf = Hash.NONE;
    private boolean readable = true;
    private long crashes;
    private long lost;

    StreamAudit(String writer, Findings findings) {
        this.writer = writer;
        this.findings = findings;
    }

    long crashes() {
        return crashes;
    }

    long lost() {
        return lost;
    }

    void next(long index, LedgerEntry entry, Hash leaf) {
        String where = "entry " + index;
        if (!entry.writer().equals(writer)) {
            findings.add(Claim.C1, where, "writer " + Quoted.of(entry.writer()) + " (expected: " + writer + ")");
        }
        if (is(entry, EntryKind.BOOT)) {
            boot(where, entry);
        } else {
            follow(where, entry);
        }
        count(where, entry);
        last = Optional.of(entry);
        lastLeaf = leaf;
        readable = true;
    }

    /** What stands there is no entry; the next one can still name it. */
    void unreadable(long index, Hash leaf, String why) {
        findings.add(Claim.C1, "entry " + index, why);
        lastLeaf = leaf;
        readable = false;
    }

    private void boot(String where, LedgerEntry entry) {
        if (entry.seq() != 0 || !entry.previous().equals(Hash.NONE)) {
            findings.add(Claim.C1, where, "a boot with number " + entry.seq() + " (expected: 0, and no entry before)");
        }
        if (boots.size() < BOOTS_MAX && !boots.add(entry.boot())) {
            findings.add(Claim.C3, where, "boot " + entry.boot() + " (expected: a new one)");
        }
        Arrays.fill(decided, 0);
        if (last.isPresent() && readable) {
            resume(where, entry, last.get());
        } else if (last.isEmpty()
                && readable
                && entry.number(Field.PREVIOUS_SEQ).isPresent()) {
            findings.add(Claim.C3, where, "names an entry before it (expected: none, it is the first)");
        }
    }

    private void resume(String where, LedgerEntry entry, LedgerEntry before) {
        crashes += is(before, EntryKind.SHUTDOWN) ? 0 : 1;
        boolean names = entry.octets(Field.PREVIOUS_BOOT)
                        .map(CborValue.Octets::new)
                        .filter(before.boot()::equals)
                        .isPresent()
                && entry.number(Field.PREVIOUS_SEQ).equals(Optional.of(before.seq()))
                && entry.octets(Field.PREVIOUS_LEAF)
                        .filter(leaf -> Arrays.equals(leaf, lastLeaf.shared()))
                        .isPresent();
        if (!names) {
            findings.add(
                    Claim.C3,
                    where,
                    "boot after number " + entry.number(Field.PREVIOUS_SEQ).orElse(-1L) + " (expected: after number "
                            + before.seq() + " of boot " + before.boot() + ", by its hash)");
        }
    }

    private void follow(String where, LedgerEntry entry) {
        if (last.isEmpty()) {
            findings.add(Claim.C3, where, entry.kind().map(EntryKind::name).orElse("an entry") + " (expected: a boot)");
            return;
        }
        LedgerEntry before = last.get();
        if (is(before, EntryKind.SHUTDOWN) && readable) {
            findings.add(Claim.C3, where, "follows a shutdown (expected: a boot)");
        }
        long expected = before.seq() + (readable ? 1 : 2);
        if (!entry.boot().equals(before.boot()) || entry.seq() != expected) {
            findings.add(
                    Claim.C1,
                    where,
                    "number " + entry.seq() + " of boot " + entry.boot() + " (expected: number " + expected
                            + " of boot " + before.boot() + ")");
        }
        if (!entry.previous().equals(lastLeaf)) {
            findings.add(Claim.C1, where, "after leaf " + entry.previous() + " (expected: " + lastLeaf + ")");
        }
    }

    private void count(String where, LedgerEntry entry) {
        if (is(entry, EntryKind.HEARTBEAT)) {
            lost += entry.number(Field.LOST).orElse(0L);
            compare(where, entry.numbers(Field.COUNTERS));
            Arrays.fill(decided, 0);
            return;
        }
        entry.number(Field.DECISION)
                .filter(decision -> decision < decided.length)
                .ifPresent(decision -> decided[(int) (long) decision]++);
    }

    private void compare(String where, List<Long> counters) {
        List<Long> counted = List.of(
                decided[Decision.ALLOW.number()], decided[Decision.DENY.number()], decided[Decision.CLOSE.number()]);
        List<Long> claimed = counters.size() < COUNTERS
                ? List.of()
                : List.of(counters.get(ALLOWED), counters.get(DENIED), counters.get(CLOSED));
        if (!claimed.equals(counted)) {
            findings.add(
                    Claim.C2,
                    where,
                    "counts " + claimed + " allowed, denied, closed (expected: " + counted
                            + ", as many as stand before it)");
        }
    }

    private static boolean is(LedgerEntry entry, EntryKind kind) {
        return entry.kind().filter(kind::equals).isPresent();
    }
}
