package io.beringia.trust.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where entries last before they are in the tree: files of records, each named by the index of its first one. A record
 * is its length, its CRC-32C and its index, then the entry. Owned by the log's writer.
 *
 * <p>After a failed write or sync nothing is appended to that file again, because nobody can say what of it lasts; the
 * next file begins where the last good record ended, and counts for whatever the two have in common.
 */
final class WriteAheadLog {
    private static final String FOLDER = "wal/";
    private static final int HEADER_BYTES = 16;

    /** Rotated past this: a restart reads at most what no checkpoint covers yet, and one file more. */
    private static final int FILE_BYTES_MAX = 4 << 20;

    private final LedgerDisk disk;
    private final List<Long> files;
    private LedgerDisk.@Nullable Appender current;
    private long written;
    private long next;

    private WriteAheadLog(LedgerDisk disk, List<Long> files, long next) {
        this.disk = disk;
        this.files = files;
        this.next = next;
    }

    /** What was found on disk, and the log that goes on behind it. */
    record Recovered(List<byte[]> entries, WriteAheadLog log) {}

    /** All entries from index {@code from} on; throws where one that must be there is not. */
    static Recovered recover(LedgerDisk disk, long from) throws IOException {
        List<Long> files = new ArrayList<>();
        for (String name : disk.names(FOLDER)) {
            files.add(Checkpoint.decimal("write-ahead log " + name, name.replaceFirst("^0{1,19}", "")));
        }
        if (from > 0 && files.isEmpty() || !files.isEmpty() && files.getFirst() > from) {
            throw new IOException("write-ahead log: begins at " + (files.isEmpty() ? "nothing" : files.getFirst())
                    + " (expected: at or before entry " + from + ", the first one in no signed tree)");
        }
        List<byte[]> entries = new ArrayList<>();
        long next = from;
        for (int i = 0; i < files.size(); i++) {
            long end = i + 1 < files.size() ? files.get(i + 1) : Long.MAX_VALUE;
            if (end <= from) {
                continue;
            }
            long reached = read(disk, files.get(i), from, end, entries);
            if (end != Long.MAX_VALUE && reached != end) {
                throw new IOException("write-ahead log: " + name(files.get(i)) + " ends before entry " + reached
                        + " (expected: up to " + end + ", where the next file begins)");
            }
            next = Math.max(next, reached);
        }
        return new Recovered(entries, new WriteAheadLog(disk, files, next));
    }

    private static String name(long first) {
        return FOLDER + String.format("%020d", first);
    }

    /** Adds the whole records from {@code from} on, below {@code end}; says where they ended. */
    private static long read(LedgerDisk disk, long first, long from, long end, List<byte[]> entries)
            throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(disk.read(name(first)).orElse(new byte[0]));
        long index = first;
        while (index < end) {
            byte[] entry = next(rest, index);
            if (entry == null) {
                return index;
            }
            if (index >= from) {
                entries.add(entry);
            }
            index++;
        }
        return index;
    }

    /** Null where no whole record of this index follows: a crash tore it, nobody was told that it lasts. */
    private static byte @Nullable [] next(ByteBuffer rest, long index) {
        if (rest.remaining() < HEADER_BYTES) {
            return null;
        }
        int length = rest.getInt();
        int checksum = rest.getInt();
        if (length < 0 || length > EntryBundle.ENTRY_BYTES_MAX || rest.remaining() < Long.BYTES + length) {
            return null;
        }
        int start = rest.position() - 2 * Integer.BYTES;
        if (checksum(rest, start, length) != checksum || rest.getLong() != index) {
            return null;
        }
        byte[] entry = new byte[length];
        rest.get(entry);
        return entry;
    }

    /** Of the record that begins at {@code start}: its length, its index and the {@code length} octets of its entry. */
    private static int checksum(ByteBuffer records, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(records.slice(start, Integer.BYTES));
        crc.update(records.slice(start + 2 * Integer.BYTES, Long.BYTES + length));
        return (int) crc.getValue();
    }

    /** All of them last when this returns, none is promised when it throws. */
    void append(List<Leaf> entries) throws IOException {
        ByteBuffer records = records(entries);
        int length = records.remaining();
        LedgerDisk.Appender file = current();
        try {
            file.write(records);
            file.sync();
        } catch (IOException | RuntimeException failed) {
            abandon(file);
            throw failed;
        }
        next += entries.size();
        written += length;
    }

    private ByteBuffer records(List<Leaf> entries) {
        int length = 0;
        for (Leaf leaf : entries) {
            length += HEADER_BYTES + leaf.entry().length;
        }
        ByteBuffer records = ByteBuffer.allocate(length);
        long index = next;
        for (Leaf leaf : entries) {
            byte[] entry = leaf.entry();
            int start = records.position();
            records.putInt(entry.length).putInt(0).putLong(index++).put(entry);
            records.putInt(start + Integer.BYTES, checksum(records, start, entry.length));
        }
        return records.flip();
    }

    private LedgerDisk.Appender current() throws IOException {
        LedgerDisk.Appender open = current;
        if (open != null && written < FILE_BYTES_MAX) {
            return open;
        }
        LedgerDisk.Appender file = disk.create(name(next));
        if (files.isEmpty() || files.getLast() != next) {
            files.add(next);
        }
        current = file;
        written = 0;
        if (open != null) {
            open.close();
        }
        return file;
    }

    private void abandon(LedgerDisk.Appender file) {
        current = null;
        try {
            file.close();
        } catch (IOException alsoFailed) {
            // what failed before is thrown
        }
    }

    /** Deletes what holds only entries below {@code size}; the file of the next entry always stays. */
    void forget(long size) throws IOException {
        while (files.size() > 1 && files.get(1) <= size) {
            disk.delete(name(files.getFirst()));
            files.removeFirst();
        }
    }

    void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }
}
