package io.beringia.trust.ledger;

import java.time.Duration;

/** What a ledger tells those who watch over it. Called on the ledger's threads; must not block. */
public interface LedgerEvents {
    /** So many entries last; the disk took so long for them. */
    default void written(int entries, Duration sync) {}

    /** A checkpoint of so many entries is served. */
    default void published(long size) {}

    /** An event found no room or no disk and stands in no entry; the next heartbeat counts it. */
    default void lost(EntryKind kind, String why) {}

    /** The disk failed; said at each attempt, one a second. */
    default void failing(String why) {}

    /** A witness cosigned a checkpoint, so long after it was asked. */
    default void witnessed(String witness, Duration lag) {}

    /** A witness did not, and why; the checkpoint is served without it. */
    default void witnessAway(String witness, String why) {}

    /** The disk works again. */
    default void recovered() {}

    /** Nobody watches. */
    LedgerEvents NONE = new LedgerEvents() {};
}
