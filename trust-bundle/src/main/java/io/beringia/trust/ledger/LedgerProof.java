package io.beringia.trust.ledger;

import io.beringia.trust.identity.Base64Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That one entry stands in a log, for a reader who asks nobody: C2SP tlog-proof, the contents of a
 * {@code .tlog-proof} file.
 *
 * @param extra opaque octets that nothing proves; ours is the entry itself, which its hash does prove
 */
public record LedgerProof(Optional<byte[]> extra, long index, List<Hash> path, SignedNote checkpoint) {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";
    private static final int PATH_MAX = 63;

    public LedgerProof {
        path = List.copyOf(path);
    }

    /** The inverse of {@link #bytes()}; throws {@link IllegalArgumentException} on everything else. */
    public static LedgerProof parse(byte[] bytes) {
        String text = Utf8Text.parse("proof", bytes);
        int end = text.indexOf("\n\n");
        List<String> lines = List.of(text.substring(0, Math.max(0, end)).split("\n", -1));
        if (end < 0 || lines.size() < 2 || !lines.getFirst().equals(HEADER)) {
            throw new IllegalArgumentException("proof: " + Quoted.of(text) + " (expected: " + HEADER + ")");
        }
        boolean hasExtra = lines.get(1).startsWith(EXTRA);
        Optional<byte[]> extra =
                hasExtra ? Optional.of(Base64Text.parse(lines.get(1).substring(EXTRA.length()))) : Optional.empty();
        return proven(extra, lines.subList(hasExtra ? 2 : 1, lines.size()), text.substring(end + 2));
    }

    private static LedgerProof proven(Optional<byte[]> extra, List<String> lines, String checkpoint) {
        if (lines.isEmpty() || !lines.getFirst().startsWith(INDEX) || lines.size() > PATH_MAX + 1) {
            throw new IllegalArgumentException("proof: no index and path (expected: index, then up to 63 hashes)");
        }
        long index = Checkpoint.decimal("proof index", lines.getFirst().substring(INDEX.length()));
        List<Hash> path = new ArrayList<>();
        lines.subList(1, lines.size()).forEach(line -> path.add(Hash.parse(line)));
        return new LedgerProof(extra, index, path, SignedNote.parse(checkpoint.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether a log and witnesses that the policy accepts hold this entry at this index. */
    public PolicyVerdict verify(byte[] entry, Policy policy) {
        return switch (policy.judge(checkpoint)) {
            case PolicyVerdict.Accepted accepted ->
                new InclusionProof(index, accepted.checkpoint().size(), path)
                                .holds(
                                        MerkleTree.leaf(entry),
                                        accepted.checkpoint().root())
                        ? accepted
                        : new PolicyVerdict.Refused("inclusion: entry " + index + " (expected: a path to the root "
                                + accepted.checkpoint().root() + ")");
            case PolicyVerdict.Refused refused -> refused;
        };
    }

    public byte[] bytes() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        extra.ifPresent(
                octets -> text.append(EXTRA).append(Base64Text.of(octets)).append('\n'));
        text.append(INDEX).append(index).append('\n');
        path.forEach(hash -> text.append(hash).append('\n'));
        return text.append('\n').append(checkpoint).toString().getBytes(StandardCharsets.UTF_8);
    }
}
