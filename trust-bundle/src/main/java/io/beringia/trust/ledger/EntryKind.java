package io.beringia.trust.ledger;

import java.util.Arrays;
import java.util.Optional;

/** What an entry records. Numbers are for ever: kinds are added, never changed. */
public enum EntryKind {
    /** A connection was let in, turned away or ended. */
    CONNECTION(1),
    /** What was counted since the last one. */
    HEARTBEAT(2),
    /** A writer begins, and says where the one before it ended. */
    BOOT(3),
    /** A writer ends and means to. */
    SHUTDOWN(4),
    SVID_ISSUED(16),
    ISSUANCE_REFUSED(17),
    BUNDLE_PUBLISHED(18),
    ROTATION_TRANSITION(19),
    FEDERATION_FETCH(20),
    OVERRIDE(21),
    CA_SIGNATURE(22),
    /** Somebody wanted of a rotation what was not done. */
    ROTATION_REFUSED(23),
    /** Whom the writer trusts no more from here on: its revocation lists, policy and denylist. */
    REVOCATIONS(24),
    /** Another intermediate signs from here on, under the same root. */
    INTERMEDIATE(25),
    FAILOVER_DECISION(32),
    FAILOVER_OVERRIDE(33);

    private final int number;

    EntryKind(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Empty for a kind that a later version writes. */
    static Optional<EntryKind> of(long number) {
        return Arrays.stream(values()).filter(kind -> kind.number == number).findFirst();
    }
}
