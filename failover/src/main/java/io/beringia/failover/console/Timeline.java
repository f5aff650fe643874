package io.beringia.failover.console;

import io.beringia.failover.operator.LeaderView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one candidate saw being decided since it began, the newest first. Pure.
 *
 * @param last what it then saw; empty while it did not lead
 */
public record Timeline(List<Entry> entries, Optional<LeaderView> last) {
    /** A night of trouble; the ledger keeps everything. */
    static final int ENTRIES_MAX = 100;

    static final Timeline EMPTY = new Timeline(List.of(), Optional.empty());

    public Timeline {
        entries = List.copyOf(entries);
    }

    /** What an entry is about. */
    public enum Kind {
        /** A leader comes or goes. */
        TERM,
        /** A region makes a step. */
        REGION,
        /** A service makes a step in one region. */
        SERVICE,
        /** An operator's wish begins or ends. */
        OPERATOR,
        /** A rule holds something back. */
        HELD
    }

    /**
     * One thing that happened.
     *
     * @param plan under which it stands
     * @param subject whom it is about
     */
    public record Entry(Instant at, String plan, Kind kind, String subject, String what, String why) {}

    /** After one more look. */
    Timeline after(Optional<LeaderView> now, Instant at) {
        List<Entry> news =
                PlanNews.between(last, now, at).stream().filter(this::isNew).toList();
        if (news.isEmpty()) {
            return new Timeline(entries, now);
        }
        List<Entry> all = new ArrayList<>(news.reversed());
        all.addAll(entries);
        return new Timeline(all.subList(0, Math.min(all.size(), ENTRIES_MAX)), now);
    }

    /** What holds for the same reason as the newest that was held is said once. */
    private boolean isNew(Entry entry) {
        return entry.kind() != Kind.HELD
                || entries.stream()
                        .filter(older -> older.kind() == Kind.HELD)
                        .findFirst()
                        .filter(older -> older.what().equals(entry.what()))
                        .isEmpty();
    }
}
