package io.beringia.trust.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One log on disk: entries last in the write-ahead log first; tiles, the signed checkpoint and the served one follow,
 * step by step and in this order. Owned by the log's writer.
 *
 * <p>{@code signed} is what we ever signed last. It is on disk before anybody sees it, and no later tree is signed that
 * does not begin with its own; {@code log/} is what is served.
 */
final class TiledLog {
    private static final String SERVED = "log/";
    private static final String SIGNED = "signed";
    private static final String CHECKPOINT = SERVED + "checkpoint";

    /** 256 bundles of 50 KB: so much waits for a disk that takes the write-ahead log but no tiles. */
    private static final int UNWRITTEN_TILES_MAX = 512;

    private final LedgerDisk disk;
    private final NoteSigner signer;
    private final TileTree tree;
    private final WriteAheadLog wal;
    private final Deque<TileFile> full = new ArrayDeque<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private Optional<byte[]> last;
    private Optional<SignedNote> awaiting = Optional.empty();
    private long signedSize;
    private long publishedSize;

    private TiledLog(LedgerDisk disk, NoteSigner signer, TileTree tree, WriteAheadLog wal, Optional<byte[]> last) {
        this.disk = disk;
        this.signer = signer;
        this.tree = tree;
        this.wal = wal;
        this.last = last;
    }

    /** One thing to do on disk; done again from its beginning where it failed. */
    private interface Step {
        void run() throws IOException;
    }

    /** As the last writer left it, at whatever step it ended; throws where what we signed cannot be continued. */
    static TiledLog open(LedgerDisk disk, NoteSigner signer) throws IOException {
        Optional<Checkpoint> signed = signed(disk, signer.key());
        long size = signed.map(Checkpoint::size).orElse(0L);
        TileTree tree = tree(disk, size);
        if (signed.isPresent() && !tree.root().equals(signed.get().root())) {
            throw new IOException("ledger: tiles of " + size + " entries make root " + tree.root() + " (expected: "
                    + signed.get().root() + ", which we signed)");
        }
        WriteAheadLog.Recovered recovered = WriteAheadLog.recover(disk, size);
        TiledLog log = new TiledLog(disk, signer, tree, recovered.log(), last(disk, size));
        log.signedSize = size;
        log.publishedSize = Math.min(size, publishedSize(disk));
        recovered.entries().forEach(entry -> log.integrate(Leaf.of(entry)));
        return log;
    }

    private static TileTree tree(LedgerDisk disk, long size) throws IOException {
        try {
            return TileTree.load(path -> disk.read(SERVED + path), size);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IOException("ledger: " + e.getMessage(), e);
        }
    }

    private static Optional<byte[]> last(LedgerDisk disk, long size) throws IOException {
        try {
            return size == 0
                    ? Optional.empty()
                    : Optional.of(TileReader.entries(
                                    path -> disk.read(SERVED + path), Tile.holding(Tile.ENTRIES, size - 1, size))
                            .getLast());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IOException("ledger: " + e.getMessage(), e);
        }
    }

    /** What is served, which is never more than what we signed; whatever else lies there is replaced. */
    private static long publishedSize(LedgerDisk disk) throws IOException {
        try {
            return disk.read(CHECKPOINT)
                    .map(octets ->
                            Checkpoint.parse(SignedNote.parse(octets).text()).size())
                    .orElse(0L);
        } catch (IllegalArgumentException spoilt) {
            return 0;
        }
    }

    private static Optional<Checkpoint> signed(LedgerDisk disk, NoteKey key) throws IOException {
        Optional<byte[]> octets = disk.read(SIGNED);
        if (octets.isEmpty()) {
            return Optional.empty();
        }
        try {
            SignedNote note = SignedNote.parse(octets.get());
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (!checkpoint.origin().equals(key.name()) || !note.isSignedBy(key)) {
                throw new IllegalArgumentException("of " + checkpoint.origin());
            }
            return Optional.of(checkpoint);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    SIGNED + ": " + e.getMessage() + " (expected: a checkpoint that " + key.name() + " signed)", e);
        }
    }

    long size() {
        return tree.size();
    }

    /** The newest entry; empty in an empty log. */
    Optional<byte[]> last() {
        return last;
    }

    /** All of them last when this returns; none is promised when it throws. */
    void append(List<Leaf> entries) throws IOException {
        if (full.size() > UNWRITTEN_TILES_MAX) {
            throw new IOException(
                    "ledger: " + full.size() + " tiles wait for the disk (expected: <= " + UNWRITTEN_TILES_MAX + ")");
        }
        wal.append(entries);
        entries.forEach(this::integrate);
    }

    private void integrate(Leaf leaf) {
        last = Optional.of(leaf.entry());
        tree.append(leaf, full::add);
    }

    /** Whether there is something that no checkpoint covers, and the last one is through. */
    boolean canSign() {
        return steps.isEmpty() && awaiting.isEmpty() && tree.size() > publishedSize;
    }

    /** Begins a checkpoint of what there is now; {@link #step} does the work. */
    void sign() {
        Checkpoint checkpoint = new Checkpoint(signer.key().name(), tree.size(), tree.root());
        List<TileFile> tiles = new ArrayList<>(full);
        tiles.addAll(tree.partials());
        tiles.forEach(file -> steps.add(() -> write(file)));
        steps.add(disk::settle);
        steps.add(() -> sign(checkpoint));
    }

    private void write(TileFile file) throws IOException {
        disk.replace(SERVED + file.tile().path(), file.octets());
        if (!file.tile().isPartial()) {
            full.remove();
        }
    }

    private void sign(Checkpoint checkpoint) throws IOException {
        if (checkpoint.size() < signedSize) {
            throw new IllegalStateException("checkpoint: of " + checkpoint.size() + " entries after " + signedSize);
        }
        SignedNote note = new SignedNote(checkpoint.text(), List.of(signer.sign(checkpoint.text())));
        disk.replace(SIGNED, note.bytes());
        disk.settle();
        signedSize = checkpoint.size();
        awaiting = Optional.of(note);
    }

    /** What is signed and not yet served: time to ask witnesses. */
    Optional<SignedNote> awaiting() {
        return awaiting;
    }

    /** Serves it, with what witnesses say. */
    void publish(List<SignedNote.Line> cosignatures) {
        SignedNote note = awaiting.orElseThrow().with(cosignatures);
        long size = signedSize;
        awaiting = Optional.empty();
        steps.add(() -> publish(note, size));
    }

    private void publish(SignedNote note, long size) throws IOException {
        disk.replace(CHECKPOINT, note.bytes());
        disk.settle();
        long before = publishedSize;
        publishedSize = size;
        steps.add(() -> tidy(before, size));
    }

    /** What full tiles have made superfluous, and what the tree holds. */
    private void tidy(long before, long size) throws IOException {
        for (int level = Tile.ENTRIES; level == Tile.ENTRIES || size >> (level * Tile.HEIGHT) > 0; level++) {
            int height = Math.max(0, level) * Tile.HEIGHT;
            for (long index = (before >> height) / Tile.WIDTH_MAX; index < (size >> height) / Tile.WIDTH_MAX; index++) {
                disk.delete(SERVED + new Tile(level, index, Tile.WIDTH_MAX).partials());
            }
        }
        wal.forget(size);
    }

    int unwrittenTiles() {
        return full.size();
    }

    boolean hasSteps() {
        return !steps.isEmpty();
    }

    /** One of them; where it throws, it is tried again next time. */
    void step() throws IOException {
        steps.getFirst().run();
        steps.removeFirst();
    }

    long publishedSize() {
        return publishedSize;
    }

    /** The files of the log in a ledger's folder, as anybody may read them. */
    static LogSource served(Path dir) {
        return new FolderSource(dir.resolve(SERVED));
    }

    void close() throws IOException {
        wal.close();
    }
}
