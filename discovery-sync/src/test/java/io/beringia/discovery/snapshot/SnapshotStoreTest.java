package io.beringia.discovery.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.TestMesh;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.snapshot.SnapshotVerdict.Accepted;
import io.beringia.discovery.snapshot.SnapshotVerdict.Reason;
import io.beringia.discovery.snapshot.SnapshotVerdict.Refused;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kept snapshots are believed, over everything that may have happened to them. */
final class SnapshotStoreTest {
    private static final ClusterId EAST = new ClusterId("east");
    private static final Duration MAX_AGE = Duration.ofHours(24);

    @TempDir
    private static Path ca;

    private static TestMesh mesh;
    private static Credentials discovery;

    /** Certificates are valid then. */
    private static Instant now;

    @TempDir
    private Path directory;

    @BeforeAll
    static void certificates() {
        now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        mesh = new TestMesh(ca, "east", "west");
        discovery = mesh.credentials("east", "beringia-system", "discovery");
    }

    @Test
    void what_was_written_is_read_again() throws IOException {
        save("first");
        save("second");

        SnapshotStore.Loaded loaded = load(now.plusSeconds(60));

        assertThat(loaded.refused()).isEmpty();
        assertThat(loaded.accepted()).hasValueSatisfying(it -> {
            assertThat(text(it)).isEqualTo("second");
            assertThat(it.number()).isEqualTo(2);
            assertThat(it.signer()).isEqualTo(discovery.svid().id());
        });
    }

    @Test
    void three_are_kept() throws IOException {
        SnapshotStore store = SnapshotStore.open(directory);
        for (int i = 1; i <= 5; i++) {
            store.save(EAST, bytes("number " + i), discovery.svid(), now);
        }

        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("snapshot-000000000003", "snapshot-000000000004", "snapshot-000000000005");
    }

    @Test
    void every_flipped_bit_is_seen() throws IOException {
        save("some payload that is long enough to be compressed");
        byte[] file = Files.readAllBytes(files().getFirst());

        for (int i = 0; i < file.length; i++) {
            byte[] flipped = file.clone();
            flipped[i] ^= (byte) (1 << (i % 8));

            assertThat(SnapshotFile.open(
                            flipped, trust(Optional.of(discovery.svid().id())), now))
                    .as("byte " + i)
                    .isInstanceOf(Refused.class);
        }
    }

    @Test
    void bits_behind_the_last_byte_of_a_line_are_seen() {
        String[] lines = Stream.generate(() -> lines(sealed(EAST, discovery)))
                .limit(100)
                .filter(it -> it[2].endsWith("="))
                .findFirst()
                .orElseThrow();
        int last = lines[2].indexOf('=') - 1;
        String signature =
                lines[2].substring(0, last) + (char) (lines[2].charAt(last) + 1) + lines[2].substring(last + 1);

        assertThat(Base64.getDecoder().decode(signature))
                .isEqualTo(Base64.getDecoder().decode(lines[2]));
        assertRefused(file(lines[0], lines[1], signature, lines[3]), Reason.DAMAGED);
    }

    @Test
    void every_torn_file_is_damaged() throws IOException {
        save("some payload that is long enough to be compressed");
        byte[] file = Files.readAllBytes(files().getFirst());

        for (int length = 0; length < file.length; length++) {
            assertThat(SnapshotFile.open(Arrays.copyOf(file, length), trust(Optional.empty()), now))
                    .as("of " + length + " bytes")
                    .isInstanceOfSatisfying(
                            Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.DAMAGED));
        }
    }

    @Test
    void an_older_good_one_is_used_where_the_newest_is_torn() throws IOException {
        save("good");
        save("torn");
        Path newest = files().getLast();
        Files.write(newest, Arrays.copyOf(Files.readAllBytes(newest), 100));

        SnapshotStore.Loaded loaded = load(now);

        assertThat(loaded.accepted())
                .hasValueSatisfying(it -> assertThat(text(it)).isEqualTo("good"));
        assertThat(loaded.refused())
                .singleElement()
                .satisfies(it -> assertThat(it.file()).isEqualTo(newest));
    }

    @Test
    void an_old_one_under_a_newer_name_is_refused() throws IOException {
        save("old");
        save("new");
        Files.copy(files().getFirst(), directory.resolve("snapshot-000000000009"));

        SnapshotStore.Loaded loaded = load(now);

        assertThat(loaded.accepted())
                .hasValueSatisfying(it -> assertThat(text(it)).isEqualTo("new"));
        assertThat(loaded.refused())
                .singleElement()
                .satisfies(it -> assertThat(it.why().detail()).isEqualTo("number: 1 (expected: 9)"));
    }

    @Test
    void one_of_others_is_refused() throws IOException {
        TestMesh strangers = new TestMesh(directory.resolve("other-ca"), "east");

        assertRefused(sealed(EAST, strangers.credentials("east", "beringia-system", "discovery")), Reason.UNTRUSTED);
        assertRefused(sealed(EAST, mesh.credentials("east", "shop", "cart")), Reason.FOREIGN);
        assertRefused(sealed(EAST, mesh.credentials("west", "beringia-system", "discovery")), Reason.FOREIGN);
        assertRefused(sealed(new ClusterId("west"), discovery), Reason.FOREIGN);
    }

    @Test
    void a_line_that_somebody_else_signed_is_forged() {
        String[] ours = lines(sealed(EAST, discovery));
        String[] theirs = lines(sealed(EAST, mesh.credentials("east", "shop", "cart")));

        assertRefused(file(ours[0], ours[1], theirs[2], ours[3]), Reason.FORGED);
    }

    @Test
    void age_is_judged_by_our_clock() throws IOException {
        save("of now");

        assertThat(load(now.plus(MAX_AGE)).accepted()).isPresent();
        assertThat(reason(load(now.plus(MAX_AGE).plusSeconds(1)))).isEqualTo(Reason.TOO_OLD);
        assertThat(load(now.minus(Duration.ofMinutes(4))).accepted()).isPresent();
        assertThat(reason(load(now.minus(Duration.ofMinutes(6))))).isEqualTo(Reason.FROM_THE_FUTURE);
    }

    @Test
    void a_write_that_fails_leaves_what_was_there() throws IOException {
        save("good");
        Files.createDirectory(directory.resolve("snapshot-000000000002.next"));
        SnapshotStore store = SnapshotStore.open(directory);

        assertThatThrownBy(() -> store.save(EAST, bytes("lost"), discovery.svid(), now))
                .isInstanceOf(IOException.class);
        assertThat(load(now).accepted())
                .hasValueSatisfying(it -> assertThat(text(it)).isEqualTo("good"));

        Files.delete(directory.resolve("snapshot-000000000002.next"));
        store.save(EAST, bytes("again"), discovery.svid(), now);
        assertThat(load(now).accepted())
                .hasValueSatisfying(it -> assertThat(text(it)).isEqualTo("again"));
    }

    private void save(String payload) throws IOException {
        SnapshotStore.open(directory).save(EAST, bytes(payload), discovery.svid(), now);
    }

    private static byte[] sealed(ClusterId cluster, Credentials signer) {
        return SnapshotFile.seal(cluster, 1, now, bytes("payload"), signer.svid());
    }

    /** The three lines and the payload. */
    private static String[] lines(byte[] file) {
        return new String(file, StandardCharsets.ISO_8859_1).split("\n", 4);
    }

    private static byte[] file(String... parts) {
        return String.join("\n", parts).getBytes(StandardCharsets.ISO_8859_1);
    }

    private SnapshotStore.Loaded load(Instant now) throws IOException {
        return SnapshotStore.open(directory)
                .load(trust(Optional.of(discovery.svid().id())), now);
    }

    private static SnapshotTrust trust(Optional<SpiffeId> signer) {
        return new SnapshotTrust(new SpiffeVerifier(), discovery.bundles(), Optional.of(EAST), signer, MAX_AGE);
    }

    private static void assertRefused(byte[] file, Reason why) {
        assertThat(SnapshotFile.open(file, trust(Optional.of(discovery.svid().id())), now))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.reason()).isEqualTo(why));
    }

    private static Reason reason(SnapshotStore.Loaded loaded) {
        return loaded.refused().getFirst().why().reason();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith("snapshot-"))
                    .sorted()
                    .toList();
        }
    }

    private static String text(Accepted accepted) {
        return StandardCharsets.UTF_8.decode(accepted.payload()).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
