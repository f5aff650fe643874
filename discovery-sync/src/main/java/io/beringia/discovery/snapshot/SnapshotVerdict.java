package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.trust.identity.SpiffeId;
import java.nio.ByteBuffer;
import java.time.Instant;

/** What becomes of a kept snapshot. */
public sealed interface SnapshotVerdict {
    /**
     * It may be used.
     *
     * @param number grows with every snapshot of one directory
     * @param payload uncompressed
     */
    record Accepted(ClusterId cluster, long number, Instant writtenAt, SpiffeId signer, ByteBuffer payload)
            implements SnapshotVerdict {
        /** From its beginning, whoever read it before. */
        @Override
        public ByteBuffer payload() {
            return payload.asReadOnlyBuffer();
        }

        @Override
        public String toString() {
            return "snapshot " + number + " of " + cluster + ", " + writtenAt + ", by " + signer;
        }
    }

    /** It may not; {@code detail} is for people. */
    record Refused(Reason reason, String detail) implements SnapshotVerdict {}

    /** Why not. */
    enum Reason {
        /** Torn, or a bit of it is another than was written. */
        DAMAGED("damaged"),
        /** Its signer's chain proves nobody, as of the time of writing. */
        UNTRUSTED("untrusted"),
        /** Not signed by whoever it names. */
        FORGED("forged"),
        /** Of another cluster, or of somebody who may not write ours. */
        FOREIGN("foreign"),
        /** Older than is of use. */
        TOO_OLD("too-old"),
        /** Written later than now. */
        FROM_THE_FUTURE("from-the-future"),
        /** By a version that we do not understand. */
        UNREADABLE("unreadable");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** As it stands in logs and metric tags. */
        public String word() {
            return word;
        }
    }
}
