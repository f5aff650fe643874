package io.beringia.trust.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One question after the other, against a real folder. */
final class BundleWatchTest {
    private static final TrustDomain PARTNER = TrustDomain.parse("partner.example");

    private final X509Certificate root = Authority.root(PARTNER).root();
    private final X509Certificate next = Authority.root(PARTNER).root();
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final List<BundleDocument> published = new ArrayList<>();

    @TempDir
    private Path dir = Path.of("");

    @Test
    void what_is_taken_is_on_disk_before_it_is_believed() throws Exception {
        assertThat(asked(document(3, root)).outcome()).as("first").isEqualTo(Fetch.Outcome.TAKEN);

        assertThat(published).as("published").singleElement().isEqualTo(document(3, root));
        assertThat(lastGood().read(PARTNER)).as("on disk").contains(document(3, root));
        assertThat(mode(folder())).as("folder").isEqualTo("rwx------");
        assertThat(mode(file())).as("file").isEqualTo("rw-------");
        assertThat(asked(document(3, root)).outcome()).as("again").isEqualTo(Fetch.Outcome.SAME);
        assertThat(asked(document(4, root, next)).outcome()).as("newer").isEqualTo(Fetch.Outcome.TAKEN);
        try (var files = Files.list(folder())) {
            assertThat(files).as("no draft is left").containsExactly(file());
        }
    }

    @Test
    void the_last_good_one_stays_whatever_else_comes() throws Exception {
        asked(document(3, root));

        refused(document(2, next).json(), "spiffe_sequence: 2");
        refused(document(3, next).json(), "others by the same spiffe_sequence");
        refused("{\"keys\":[],\"keys\":[]}".getBytes(StandardCharsets.UTF_8), "no name twice");
        refused(
                BundleDocument.of(
                                TrustDomain.parse("other.example"),
                                9,
                                Duration.ofMinutes(5),
                                List.of(Authority.root(TrustDomain.parse("other.example"))
                                        .root()))
                        .json(),
                "a root of other.example");
        assertThat(watch().poll())
                .as("nobody answers")
                .isEqualTo(new Fetch(PARTNER, Fetch.Outcome.FAILED, "nobody", Optional.empty()));
        assertThat(published).as("published").containsExactly(document(3, root));
        assertThat(lastGood().read(PARTNER)).as("on disk").contains(document(3, root));
    }

    @Test
    void withdrawn_roots_are_gone_even_where_the_disk_fails() throws Exception {
        Path draft = folder().resolve(".new-" + file().getFileName());
        Files.createDirectories(draft); // where the next file is to be written

        assertThat(asked(document(3, root)).outcome()).as("roots").isEqualTo(Fetch.Outcome.FAILED);
        assertThat(published).as("what cannot be kept is not believed").isEmpty();
        assertThat(asked(document(4)).outcome()).as("no roots").isEqualTo(Fetch.Outcome.FAILED);
        assertThat(published).as("none from now on").containsExactly(document(4));
        Files.delete(draft);
        assertThat(asked(document(4)).outcome()).as("with a disk").isEqualTo(Fetch.Outcome.WITHDRAWN);
    }

    @Test
    void who_deletes_the_file_has_its_sequence_forgotten() throws Exception {
        asked(document(9, root));
        assertThat(lastGood().forget(PARTNER)).as("was there").isTrue();

        assertThat(asked(document(1, next)).outcome()).as("an older one").isEqualTo(Fetch.Outcome.TAKEN);
    }

    @Test
    void a_file_that_somebody_changed_holds_everything_up_until_it_is_deleted() throws Exception {
        asked(document(9, root));
        Files.writeString(file(), "{}");

        refused(document(10, root).json(), file() + ": bundle: keys: missing");
        assertThat(Federation.open(config()).latest().roots())
                .as("after a restart")
                .isEmpty();
        lastGood().forget(PARTNER);
        assertThat(asked(document(10, root)).outcome()).as("deleted").isEqualTo(Fetch.Outcome.TAKEN);
    }

    @Test
    void the_next_question_waits_as_long_as_the_last_good_document_hints() throws Exception {
        BundleWatch watch = watch();
        assertThat(watch.pause()).as("before any").isEqualTo(Duration.ofMinutes(1));
        answers.add(document(3, root).json());
        watch.poll();
        assertThat(watch.pause()).as("hint").isEqualTo(Duration.ofMinutes(5));
        watch.poll();
        assertThat(watch.pause()).as("after a failure").isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void the_last_good_bundles_survive_a_restart_and_those_of_nobody_do_not() throws Exception {
        asked(document(3, root));
        Files.writeString(folder().resolve("notes.json"), "ours");
        Instant before = lastGood().changed();

        Foreign restored = Federation.open(config()).latest();
        assertThat(restored).as("restored").isEqualTo(new Foreign(Map.of(PARTNER, List.of(root)), before));
        assertThat(Federation.open(FederationConfig.none(folder())).latest().roots())
                .as("not named any more")
                .isEmpty();
        assertThat(lastGood().changed())
                .as("a change, so that others hear of it")
                .isAfter(before);
        try (var files = Files.list(folder())) {
            assertThat(files).as("other files").containsExactly(folder().resolve("notes.json"));
        }
    }

    private FederationConfig config() {
        return new FederationConfig(
                folder(),
                List.of(new ForeignDomain(
                        PARTNER,
                        URI.create("https://none.invalid/"),
                        new ForeignDomain.Profile.Web(Optional.empty()))));
    }

    private void refused(byte[] answer, String why) throws InterruptedException {
        answers.add(answer);
        Fetch fetch = watch().poll();
        assertThat(fetch.outcome()).as(why).isEqualTo(Fetch.Outcome.REFUSED);
        assertThat(fetch.detail()).as("why").contains(why);
    }

    private Fetch asked(BundleDocument answer) throws InterruptedException {
        answers.add(answer.json());
        return watch().poll();
    }

    private BundleWatch watch() {
        BundleSource source =
                believed -> Optional.ofNullable(answers.poll()).orElseThrow(() -> new IOException("nobody"));
        return new BundleWatch(PARTNER, lastGood(), source, () -> TrustBundles.EMPTY, published::add, fetch -> {});
    }

    private LastGoodBundles lastGood() {
        return new LastGoodBundles(folder());
    }

    private Path folder() {
        return dir.resolve("federation");
    }

    private Path file() {
        return folder().resolve("partner.example.last-good.json");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static BundleDocument document(long sequence, X509Certificate... roots) {
        return BundleDocument.of(PARTNER, sequence, Duration.ofMinutes(5), List.of(roots));
    }
}
