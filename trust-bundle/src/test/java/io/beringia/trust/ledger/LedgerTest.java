package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A ledger with its thread and a real folder. */
final class LedgerTest {
    private static final String NAME = "corp.example/beringia/east-1/issuance";
    private static final LedgerEvent EVENT =
            LedgerEvent.of(EntryKind.SVID_ISSUED).with(Decision.ALLOW).with(Field.REASON, "allowed");

    @TempDir
    private Path folder;

    private Ledger open(LedgerMode mode) {
        return Ledger.open(
                new LedgerConfig(folder.resolve("log"), NAME, mode),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
    }

    private static CompletableFuture<WriteResult> append(Ledger ledger, LedgerEvent event) {
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        ledger.append(event, result::complete);
        return result;
    }

    @ParameterizedTest
    @EnumSource(LedgerMode.class)
    void what_many_threads_append_lasts_in_one_order(LedgerMode mode) throws IOException {
        ConcurrentLinkedQueue<CompletableFuture<WriteResult>> results = new ConcurrentLinkedQueue<>();
        NoteKey key;
        try (Ledger ledger = open(mode);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            key = ledger.key();
            for (int thread = 0; thread < 8; thread++) {
                threads.execute(() -> {
                    for (int i = 0; i < 100; i++) {
                        results.add(append(ledger, EVENT));
                    }
                });
            }
        }
        Checkpoint served = served(key);
        assertThat(results).hasSize(800);
        assertThat(results.stream().map(CompletableFuture::join).map(result -> ((WriteResult.Written) result).index()))
                .as("indexes, each once")
                .doesNotHaveDuplicates()
                .allMatch(index -> index > 0 && index < served.size());
        LogSource source = path -> octets(folder.resolve("log/log").resolve(path));
        for (CompletableFuture<WriteResult> result : results) {
            WriteResult.Written written = (WriteResult.Written) result.join();
            assertThat(MerkleTree.inclusion(written.index(), served.size(), new TileReader(source, served.size()))
                            .holds(written.leaf(), served.root()))
                    .as("entry %d", written.index())
                    .isTrue();
        }
    }

    private static Optional<byte[]> octets(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    private Checkpoint served(NoteKey key) throws IOException {
        SignedNote note = SignedNote.parse(Files.readAllBytes(folder.resolve("log/log/checkpoint")));
        assertThat(note.isSignedBy(key)).as("signed").isTrue();
        return Checkpoint.parse(note.text());
    }

    @Test
    void a_restart_goes_on_with_the_same_log() throws IOException {
        NoteKey key;
        try (Ledger first = open(LedgerMode.STRICT)) {
            key = first.key();
            append(first, EVENT).join();
        }
        long before = served(key).size();
        try (Ledger second = open(LedgerMode.STRICT)) {
            assertThat(second.key()).isEqualTo(key);
            assertThat(append(second, EVENT).join()).isInstanceOfSatisfying(WriteResult.Written.class, written -> {
                assertThat(written.log()).isEqualTo(key.name()).startsWith(NAME + "/");
                assertThat(written.index()).as("after the second boot").isGreaterThan(before);
            });
        }
        assertThat(served(key).size()).isGreaterThanOrEqualTo(before + 3);
    }

    @Test
    void a_caller_that_fails_ends_no_ledger() {
        try (Ledger ledger = open(LedgerMode.STRICT)) {
            ledger.append(EVENT, result -> {
                throw new IllegalStateException("theirs");
            });
            assertThat(append(ledger, EVENT).join()).isInstanceOf(WriteResult.Written.class);
        }
    }

    @Test
    void one_folder_has_one_writer() {
        try (Ledger ledger = open(LedgerMode.STRICT)) {
            assertThatThrownBy(() -> open(LedgerMode.STRICT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: no other process writes there");
            assertThat(append(ledger, EVENT).join()).as("the first goes on").isInstanceOf(WriteResult.Written.class);
        }
        open(LedgerMode.STRICT).close();
    }

    @Test
    void a_folder_of_another_log_is_refused() {
        open(LedgerMode.STRICT).close();

        assertThatThrownBy(() -> Ledger.open(
                        new LedgerConfig(
                                folder.resolve("log"), "corp.example/beringia/west-1/issuance", LedgerMode.STRICT),
                        LedgerEvents.NONE,
                        () -> Traffic.NONE,
                        InstantSource.system()))
                .hasMessageContaining("expected: one of corp.example/beringia/west-1/issuance");
    }

    @Test
    void its_key_is_its_owners_alone() throws IOException {
        open(LedgerMode.STRICT).close();
        Path key = folder.resolve("log/log.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> open(LedgerMode.STRICT)).hasMessageContaining("expected: mode 0600");
    }

    @Test
    void a_second_brings_a_heartbeat_and_a_checkpoint() throws InterruptedException {
        BlockingQueue<Long> published = new LinkedBlockingQueue<>();
        LedgerEvents events = new LedgerEvents() {
            @Override
            public void published(long size) {
                published.add(size);
            }
        };
        try (Ledger ledger = Ledger.open(
                new LedgerConfig(folder.resolve("log"), NAME, LedgerMode.DEFAULT),
                events,
                () -> Traffic.NONE,
                InstantSource.system())) {
            assertThat(published.poll(20, TimeUnit.SECONDS)).as("of the boot").isEqualTo(1);
            assertThat(published.poll(20, TimeUnit.SECONDS))
                    .as("of a heartbeat")
                    .isEqualTo(2);
            assertThat(ledger.key()).isNotNull();
        }
    }

    @Test
    void an_ended_ledger_takes_nothing() throws IOException {
        Ledger ledger = open(LedgerMode.STRICT);
        ledger.close();

        assertThat(append(ledger, EVENT).join()).isEqualTo(new WriteResult.NotWritten("the ledger has ended"));
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith(".new-")))
                    .as("drafts")
                    .isEmpty();
        }
    }
}
