package io.beringia.trust.ledger;

import java.util.Optional;

/** What a witness answers to a checkpoint: C2SP tlog-witness. Pure. */
final class WitnessRules {
    private WitnessRules() {}

    sealed interface Answer {}

    /** It continues what the witness saw. */
    record Cosign(Checkpoint checkpoint) implements Answer {}

    /** The log thinks that the witness saw another tree last; this is its size. */
    record Conflict(long size) implements Answer {}

    record Refuse(int status, String why) implements Answer {}

    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int UNPROCESSABLE = 422;

    /** {@code key} is the one known for the checkpoint's origin, {@code latest} what was cosigned for it last. */
    static Answer judge(AddCheckpoint request, Optional<NoteKey> key, Optional<Checkpoint> latest) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(request.note().text());
        } catch (IllegalArgumentException bad) {
            return new Refuse(BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
        if (key.isEmpty()) {
            return new Refuse(NOT_FOUND, "unknown origin");
        }
        if (!isSigned(request.note(), key.get())) {
            return new Refuse(FORBIDDEN, "not signed by the key of its origin");
        }
        return request.old() > checkpoint.size()
                ? new Refuse(BAD_REQUEST, "old size above the checkpoint's")
                : compare(request, checkpoint, latest);
    }

    private static boolean isSigned(SignedNote note, NoteKey key) {
        try {
            return note.isSignedBy(key);
        } catch (IllegalArgumentException spoilt) {
            return false;
        }
    }

    private static Answer compare(AddCheckpoint request, Checkpoint checkpoint, Optional<Checkpoint> latest) {
        long size = latest.map(Checkpoint::size).orElse(0L);
        if (request.old() != size) {
            return new Conflict(size);
        }
        Hash root = latest.map(Checkpoint::root).orElse(MerkleTree.EMPTY);
        return new ConsistencyProof(size, checkpoint.size(), request.proof()).holds(root, checkpoint.root())
                ? new Cosign(checkpoint)
                : new Refuse(UNPROCESSABLE, "does not continue the tree that was seen");
    }
}
