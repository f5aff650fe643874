package io.beringia.trust.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log asks of a witness: C2SP tlog-witness, "add-checkpoint".
 *
 * @param old the size of the tree that the witness saw last
 * @param proof that the checkpoint's tree begins with that one
 */
record AddCheckpoint(long old, List<Hash> proof, SignedNote note) {
    private static final String OLD = "old ";
    private static final int PROOF_MAX = 63;

    AddCheckpoint {
        proof = List.copyOf(proof);
    }

    /** The inverse of {@link #bytes()}; throws {@link IllegalArgumentException} on everything else. */
    static AddCheckpoint parse(byte[] body) {
        String text = Utf8Text.parse("request", body);
        int end = text.indexOf("\n\n");
        String[] lines = text.substring(0, Math.max(0, end)).split("\n", -1);
        if (end < 0 || !lines[0].startsWith(OLD) || lines.length > PROOF_MAX + 1) {
            throw new IllegalArgumentException("request: " + Quoted.of(lines[0]) + ", " + (lines.length - 1)
                    + " hashes (expected: old <size>, at most " + PROOF_MAX + " hashes, an empty line, a checkpoint)");
        }
        List<Hash> proof = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            proof.add(Hash.parse(lines[i]));
        }
        byte[] rest = text.substring(end + 2).getBytes(StandardCharsets.UTF_8);
        return new AddCheckpoint(
                Checkpoint.decimal("old size", lines[0].substring(OLD.length())), proof, SignedNote.parse(rest));
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(OLD).append(old).append('\n');
        proof.forEach(hash -> text.append(hash).append('\n'));
        return text.append('\n').append(note).toString().getBytes(StandardCharsets.UTF_8);
    }
}
