package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A log whose process ends, or whose disk fails, at every step. */
final class LedgerCrashTest {
    private static final SecureRandom SECURE = new SecureRandom();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private static final NoteSigner SIGNER =
            NoteSigner.generate("corp.example/beringia/east-1/issuance/w1", NoteKey.Type.NOTE, SECURE);

    private final AtomicLong now = new AtomicLong();
    private final Map<Long, Hash> acknowledged = new TreeMap<>();
    private int sent;

    @Test
    void no_acknowledged_entry_is_lost_and_no_tree_is_signed_that_another_contradicts() throws IOException {
        for (int seed = 0; seed < 400; seed++) {
            acknowledged.clear();
            Random random = new Random(seed);
            FakeDisk disk = new FakeDisk();
            for (int process = 0; process < 4; process++) {
                disk.crashAfter(random.nextInt(1, 90));
                writeUntilCrash(disk, random);
                disk = disk.afterCrash(random);
            }
            LedgerWriter last = boot(disk, LedgerMode.STRICT);
            last.close();
            check(disk, "seed " + seed);
        }
    }

    private void writeUntilCrash(FakeDisk disk, Random random) throws IOException {
        try {
            LedgerWriter writer = boot(disk, LedgerMode.STRICT);
            while (true) {
                writer.write(batch(random.nextInt(1, random.nextInt(10) == 0 ? 300 : 6)));
                now.addAndGet(random.nextLong(400_000_000));
                for (int turns = random.nextInt(20); turns > 0; turns--) {
                    writer.turn();
                }
            }
        } catch (FakeDisk.Crash meant) {
            // the next process finds what there is
        }
    }

    private LedgerWriter boot(FakeDisk disk, LedgerMode mode) throws IOException {
        return LedgerWriter.boot(
                disk,
                SIGNER,
                SECURE,
                new LedgerWriter.Setting(
                        mode,
                        LedgerEvents.NONE,
                        CLOCK,
                        now::get,
                        () -> Traffic.NONE,
                        Cosigners.NONE,
                        new AtomicLong()));
    }

    private List<LedgerWriter.Pending> batch(int size) {
        List<LedgerWriter.Pending> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            LedgerEvent event =
                    LedgerEvent.of(EntryKind.SVID_ISSUED).with(Decision.ALLOW).with(Field.REASON, "event " + sent++);
            batch.add(LedgerWriter.Pending.of(event, CLOCK, result -> {
                if (result instanceof WriteResult.Written(String log, long index, Hash leaf)) {
                    acknowledged.put(index, leaf);
                }
            }));
        }
        return batch;
    }

    private void check(FakeDisk disk, String when) throws IOException {
        LogSource source = path -> disk.read("log/" + path);
        Checkpoint served = Checkpoint.parse(
                SignedNote.parse(source.read("checkpoint").orElseThrow()).text());
        List<Hash> leaves = leaves(source, served.size());

        assertThat(MerkleTree.root(leaves)).as("%s: root", when).isEqualTo(served.root());
        acknowledged.forEach((index, leaf) -> assertThat(leaves.get((int) (long) index))
                .as("%s: entry %d", when, index)
                .isEqualTo(leaf));
        for (byte[] note : disk.history.getOrDefault("signed", List.of())) {
            Checkpoint signed = Checkpoint.parse(SignedNote.parse(note).text());
            assertThat(MerkleTree.root(leaves.subList(0, (int) signed.size())))
                    .as("%s: what was signed of %d", when, signed.size())
                    .isEqualTo(signed.root());
        }
        for (Tile tile : Tile.hashesOf(served.size())) {
            assertThat(TileReader.tile(source, tile)).as("%s: %s", when, tile).hasSize(tile.width());
        }
    }

    private static List<Hash> leaves(LogSource source, long size) {
        List<Hash> leaves = new ArrayList<>();
        for (Tile tile : Tile.entriesOf(size)) {
            TileReader.entries(source, tile).forEach(entry -> leaves.add(MerkleTree.leaf(entry)));
        }
        return leaves;
    }

    @Test
    void a_write_ahead_log_cut_at_any_octet_gives_its_whole_records() throws IOException {
        FakeDisk disk = new FakeDisk();
        LedgerWriter writer = boot(disk, LedgerMode.STRICT);
        writer.write(batch(3));
        writer.write(batch(2));
        String file = "wal/" + "0".repeat(20);
        byte[] whole = disk.read(file).orElseThrow();
        int records = 0;
        for (int length = 0; length <= whole.length; length++) {
            FakeDisk cut = new FakeDisk();
            cut.put(file, Arrays.copyOf(whole, length));
            List<byte[]> entries = WriteAheadLog.recover(cut, 0).entries();
            assertThat(entries.size()).as("at %d", length).isBetween(records, records + 1);
            records = entries.size();
        }
        assertThat(records).as("all of them").isEqualTo(6);
    }

    /** Written by hand, CRC-32C and all: what a process before an upgrade left is found after it. */
    @Test
    void a_write_ahead_log_has_these_octets_for_ever() throws IOException {
        FakeDisk disk = new FakeDisk();
        byte[] file = HexFormat.of()
                .parseHex("00000003" + "56b3348d" + "0000000000000000" + "616263" + "00000001" + "c2f3424b"
                        + "0000000000000001" + "64");
        WriteAheadLog written = WriteAheadLog.recover(disk, 0).log();
        written.append(List.of(
                Leaf.of("abc".getBytes(StandardCharsets.US_ASCII)), Leaf.of("d".getBytes(StandardCharsets.US_ASCII))));

        assertThat(disk.read("wal/" + "0".repeat(20)))
                .hasValueSatisfying(octets -> assertThat(octets).isEqualTo(file));
    }

    @Test
    void a_changed_octet_in_the_write_ahead_log_ends_it_there() throws IOException {
        FakeDisk disk = new FakeDisk();
        boot(disk, LedgerMode.STRICT).write(batch(3));
        String file = "wal/" + "0".repeat(20);
        byte[] whole = disk.read(file).orElseThrow();
        List<byte[]> all = WriteAheadLog.recover(disk, 0).entries();
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            disk.put(file, changed);
            List<byte[]> entries = WriteAheadLog.recover(disk, 0).entries();
            assertThat(entries).as("octet %d", at).hasSizeLessThan(all.size());
            for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i)).as("octet %d, entry %d", at, i).isEqualTo(all.get(i));
            }
        }
    }

    @Test
    void a_disk_that_fails_once_at_any_operation_loses_nothing_in_default_mode() throws IOException {
        for (int at = 0; at < 60; at++) {
            acknowledged.clear();
            int before = sent;
            FakeDisk disk = new FakeDisk();
            LedgerWriter writer = boot(disk, LedgerMode.DEFAULT);
            int[] left = {at};
            disk.failures = what -> {
                if (left[0]-- == 0) {
                    throw new IOException("No space left on device");
                }
            };
            for (int i = 0; i < 12; i++) {
                writer.write(batch(writer.isHolding() ? 0 : 40));
                now.addAndGet(1_000_000_001L);
                for (int turn = 0; turn < 8; turn++) {
                    writer.turn();
                }
            }
            writer.close();
            assertThat(acknowledged).as("failed at %d", at).hasSize(sent - before);
            check(disk, "failed at " + at);
        }
    }

    @Test
    void a_full_disk_refuses_in_strict_mode_until_there_is_room() throws IOException {
        FakeDisk disk = new FakeDisk();
        LedgerWriter writer = boot(disk, LedgerMode.STRICT);
        List<WriteResult> results = new ArrayList<>();
        LedgerWriter.Pending one = new LedgerWriter.Pending(LedgerEvent.of(EntryKind.CA_SIGNATURE), 1, results::add);

        disk.failures = what -> {
            throw new IOException("No space left on device");
        };
        writer.write(List.of(one));
        assertThat(results)
                .hasSize(1)
                .first()
                .isInstanceOfSatisfying(
                        WriteResult.NotWritten.class,
                        refused -> assertThat(refused.why()).isEqualTo("write-ahead log: No space left on device"));
        assertThat(writer.isHolding()).as("kept").isFalse();

        disk.failures = what -> {};
        writer.write(List.of(one));
        assertThat(results).hasSize(2).last().isInstanceOf(WriteResult.Written.class);
    }

    @Test
    void tiles_keep_up_with_full_groups() throws IOException {
        FakeDisk disk = new FakeDisk();
        LedgerWriter writer = boot(disk, LedgerMode.STRICT);
        for (int group = 0; group < 600; group++) {
            writer.write(batch(512));
            now.addAndGet(20_000_000);
            writer.turn();
        }
        assertThat(acknowledged).as("none refused for tiles that wait").hasSize(600 * 512);
    }

    @Test
    void what_was_lost_stands_in_the_next_heartbeat() throws IOException {
        FakeDisk disk = new FakeDisk();
        LedgerWriter writer = boot(disk, LedgerMode.STRICT);
        disk.failures = what -> {
            throw new IOException("No space left on device");
        };
        writer.write(batch(3));
        now.addAndGet(1_000_000_000L);
        writer.turn();
        disk.failures = what -> {};
        writer.write(batch(2));
        now.addAndGet(1_000_000_000L);
        writer.turn();
        writer.close();

        LedgerEntry heartbeat = entries(disk).stream()
                .filter(entry -> entry.kind().equals(Optional.of(EntryKind.HEARTBEAT)))
                .findFirst()
                .orElseThrow();
        assertThat(heartbeat.number(Field.LOST)).contains(3L);
        assertThat(heartbeat.numbers(Field.COUNTERS)).containsExactly(0L, 0L, 2L, 0L, 0L, 0L);
    }

    private static List<LedgerEntry> entries(FakeDisk disk) throws IOException {
        LogSource source = path -> disk.read("log/" + path);
        Checkpoint served = Checkpoint.parse(
                SignedNote.parse(source.read("checkpoint").orElseThrow()).text());
        List<LedgerEntry> entries = new ArrayList<>();
        for (Tile tile : Tile.entriesOf(served.size())) {
            TileReader.entries(source, tile).forEach(entry -> entries.add(LedgerEntry.parse(entry)));
        }
        return entries;
    }

    @Test
    void a_restart_names_the_last_entry_before_it() throws IOException {
        FakeDisk disk = new FakeDisk();
        boot(disk, LedgerMode.STRICT).write(batch(300));
        LedgerWriter second = boot(disk, LedgerMode.STRICT);
        second.close();
        LedgerWriter third = boot(disk, LedgerMode.STRICT);
        third.close();

        List<LedgerEntry> entries = entries(disk);
        LedgerEntry crashed = entries.get(301);
        assertThat(crashed.kind()).contains(EntryKind.BOOT);
        assertThat(crashed.seq()).isZero();
        assertThat(crashed.number(Field.PREVIOUS_SEQ)).contains(300L);
        assertThat(crashed.octets(Field.PREVIOUS_LEAF).map(Hash::of))
                .contains(MerkleTree.leaf(entries.get(300).bytes()));
        assertThat(entries.get(303).kind()).as("an end that was meant").contains(EntryKind.SHUTDOWN);
        assertThat(entries).hasSize(307);
    }

    @Test
    void a_tree_that_is_not_the_one_we_signed_is_not_continued() throws IOException {
        FakeDisk disk = new FakeDisk();
        LedgerWriter writer = boot(disk, LedgerMode.STRICT);
        writer.write(batch(300));
        writer.close();
        for (String path : List.of("log/tile/0/001.p/47", "log/tile/1/000.p/1", "signed")) {
            byte[] good = disk.read(path).orElseThrow();
            byte[] changed = good.clone();
            changed[changed.length / 2] ^= 1;
            disk.put(path, changed);
            assertThatThrownBy(() -> boot(disk, LedgerMode.STRICT)).as(path).isInstanceOf(IOException.class);
            disk.put(path, good);
        }
        FakeDisk withoutLog = new FakeDisk();
        disk.paths().stream()
                .filter(path -> !path.startsWith("wal/"))
                .forEach(path -> withoutLog.put(path, disk.read(path).orElseThrow()));
        assertThatThrownBy(() -> boot(withoutLog, LedgerMode.STRICT)).hasMessageContaining("write-ahead log");
        assertThat(new String(disk.read("signed").orElseThrow(), StandardCharsets.UTF_8))
                .contains("\n303\n");
    }
}
