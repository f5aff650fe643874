package io.beringia.trust.ledger;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Makes proofs of what stands in a log. One thread. */
public final class LedgerProver {
    /** More entries than one connection, certificate or decision ever has. */
    private static final int PROOFS_MAX = 100;

    private static final long NANOS = 1_000_000_000;

    private final LogSource source;
    private final SignedNote note;
    private final Checkpoint checkpoint;

    private LedgerProver(LogSource source, SignedNote note) {
        this.source = source;
        this.note = note;
        this.checkpoint = Checkpoint.parse(note.text());
    }

    /** Of what the log's checkpoint holds now; throws {@link IllegalArgumentException} where that is none. */
    public static LedgerProver of(LogSource source) throws IOException {
        return new LedgerProver(
                source,
                SignedNote.parse(source.read("checkpoint")
                        .orElseThrow(() -> new IllegalArgumentException("log: no checkpoint (expected: one)"))));
    }

    /** Of each entry that fits, oldest first, at most 100; the entry itself is the proof's extra data. */
    public List<LedgerProof> prove(Predicate<LedgerEntry> wanted) {
        return prove(wanted, PROOFS_MAX);
    }

    /** The same, at most {@code most}. */
    public List<LedgerProof> prove(Predicate<LedgerEntry> wanted, int most) {
        TileReader tree = new TileReader(source, checkpoint.size());
        List<LedgerProof> proofs = new ArrayList<>();
        for (long first = 0; first < checkpoint.size(); first += Tile.WIDTH_MAX) {
            List<byte[]> entries = TileReader.entries(source, Tile.holding(Tile.ENTRIES, first, checkpoint.size()));
            for (int i = 0; i < entries.size() && proofs.size() < most; i++) {
                if (fits(entries.get(i), wanted)) {
                    proofs.add(proof(first + i, entries.get(i), tree));
                }
            }
        }
        return proofs;
    }

    /** Every entry that the checkpoint holds, oldest first. Proves nothing: who doubts the log verifies it before. */
    public List<LedgerEntry> entries(Predicate<LedgerEntry> wanted) {
        List<LedgerEntry> found = new ArrayList<>();
        for (long first = 0; first < checkpoint.size(); first += Tile.WIDTH_MAX) {
            TileReader.entries(source, Tile.holding(Tile.ENTRIES, first, checkpoint.size())).stream()
                    .filter(entry -> fits(entry, wanted))
                    .map(LedgerEntry::parse)
                    .forEach(found::add);
        }
        return found;
    }

    /** How many entries the checkpoint holds. */
    public long size() {
        return checkpoint.size();
    }

    /**
     * Those that fit and were written at {@code since} or later, newest 256 first. Reads from the end and stops where all
     * are older, for clocks go on from entry to entry. Proves nothing.
     */
    public void newest(Instant since, Predicate<LedgerEntry> wanted, Consumer<LedgerEntry> taker) {
        long nanos = since.getEpochSecond() * NANOS + since.getNano();
        boolean isLate = true;
        for (long tile = Math.floorDiv(checkpoint.size() - 1, (long) Tile.WIDTH_MAX); tile >= 0 && isLate; tile--) {
            isLate = false;
            for (byte[] octets :
                    TileReader.entries(source, Tile.holding(Tile.ENTRIES, tile * Tile.WIDTH_MAX, checkpoint.size()))) {
                LedgerEntry entry = LedgerEntry.parse(octets);
                isLate |= entry.timeNanos() >= nanos;
                if (entry.timeNanos() >= nanos && wanted.test(entry)) {
                    taker.accept(entry);
                }
            }
        }
    }

    private static boolean fits(byte[] entry, Predicate<LedgerEntry> wanted) {
        try {
            return wanted.test(LedgerEntry.parse(entry));
        } catch (IllegalArgumentException noEntry) {
            return false;
        }
    }

    private LedgerProof proof(long index, byte[] entry, TileReader tree) {
        InclusionProof inclusion = MerkleTree.inclusion(index, checkpoint.size(), tree);
        if (!inclusion.holds(MerkleTree.leaf(entry), checkpoint.root())) {
            throw new IllegalArgumentException("entry " + index
                    + ": its tiles do not lead to the root of the checkpoint" + " (expected: a log that verifies)");
        }
        return new LedgerProof(Optional.of(entry), index, inclusion.path(), note);
    }
}
