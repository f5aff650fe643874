package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.RevocationWatch.News;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Enforcement;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.VirtualConstraints;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CrlDraft;
import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.RevocationReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevocationWatchTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration LIFE = Duration.ofMinutes(1);

    private final Authority root = Authority.root(DOMAIN);
    private final CaSigner.InMemory east = root.newIntermediate("us-east", Duration.ofDays(1));
    private final List<News> news = new ArrayList<>();
    private Instant now = START;

    @TempDir
    private Path directory = Path.of("");

    /** Whoever publishes at whatever moment: a second later at the latest every subscriber was called. Virtual time. */
    @Test
    void whom_a_new_list_takes_back_is_told_within_a_second() throws IOException {
        Random random = new Random(20261130);
        write(list(0));
        RevocationWatch watch = watch(files());
        List<Instant> heard = new ArrayList<>();
        watch.subscribe(() -> heard.add(now));
        List<Instant> published = new ArrayList<>();

        for (int i = 1; i <= 50; i++) {
            Duration until = Duration.ofMillis(random.nextInt(3_000));
            pass(watch, until);
            write(list(i));
            published.add(now);
            pass(watch, Duration.ofSeconds(1));
        }

        assertThat(heard).as("seed 20261130, one call for each list").hasSize(published.size());
        for (int i = 0; i < heard.size(); i++) {
            assertThat(Duration.between(published.get(i), heard.get(i)))
                    .as("list %d", i)
                    .isBetween(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Test
    void a_torn_file_keeps_what_was_in_force_and_is_told_once() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files());
        Revocations before = watch.latest();
        String whole = list(2);
        news.clear();

        write(whole.substring(0, whole.length() / 2));
        pass(watch, Duration.ofSeconds(10));
        assertThat(watch.latest()).as("half a block").isSameAs(before);
        assertThat(news).singleElement().asString().contains("broken block", "ca-crl.pem");

        write("");
        pass(watch, Duration.ofSeconds(1));
        assertThat(watch.latest()).as("cut to nothing just now").isSameAs(before);

        write(whole);
        pass(watch, Duration.ofSeconds(1));
        assertThat(watch.latest().lists())
                .as("written to its end")
                .singleElement()
                .satisfies(list -> assertThat(list.takesBack(BigInteger.TWO)).isTrue());
    }

    @Test
    void a_file_that_stays_empty_takes_nobody_back() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files());

        write("");
        pass(watch, Duration.ofSeconds(3));

        assertThat(watch.latest().lists()).isEmpty();
    }

    @Test
    void the_last_good_lists_survive_a_restart_without_their_file() throws IOException {
        write(list(7));
        watch(files());
        Files.delete(crl());

        RevocationWatch again = watch(files());

        assertThat(again.latest().lists())
                .singleElement()
                .satisfies(list ->
                        assertThat(list.takesBack(BigInteger.valueOf(7))).isTrue());
        assertThat(news).last().asString().as("and somebody is told").contains("Kept", "ca-crl.pem");
    }

    @Test
    void a_restart_is_no_way_back_to_older_lists() throws IOException {
        write(list(7));
        watch(files());
        write(list(6));

        RevocationWatch again = watch(files());

        assertThat(again.latest().lists())
                .singleElement()
                .satisfies(list -> assertThat(list.name()).endsWith("number 7"));
        assertThat(news).last().asString().contains("number 6", "expected: none before number 7");
    }

    @Test
    void a_file_that_comes_later_counts_then() throws IOException {
        RevocationWatch watch = watch(files());
        assertThat(news).last().asString().as("as ztunnel warns").contains("ca-crl.pem");

        write(list(1));
        pass(watch, RevocationWatch.LOOK_EVERY);

        assertThat(watch.latest().lists()).hasSize(1);
    }

    @Test
    void a_list_that_is_not_followed_in_time_is_an_alarm_until_it_is() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files());
        news.clear();

        pass(watch, LIFE.plusSeconds(1));
        assertThat(news)
                .singleElement()
                .isInstanceOfSatisfying(
                        News.Overdue.class, late -> assertThat(late.lists()).hasSize(1));

        news.clear();
        write(list(2));
        pass(watch, Duration.ofSeconds(1));
        assertThat(news).last().isEqualTo(new News.Overdue(List.of()));
    }

    @Test
    void a_denylist_counts_at_once_and_one_that_denies_less_once_it_is_at_rest() throws IOException {
        Path denylist = directory.resolve("denylist.txt");
        write(denylist, "serial 1\n");
        RevocationWatch watch =
                watch(new RevocationFiles(Optional.empty(), Optional.empty(), CrlPolicy.OPEN, Optional.of(denylist)));

        write(denylist, "serial 1\nserial 2\n");
        pass(watch, RevocationWatch.LOOK_EVERY);
        assertThat(watch.latest().denylist().size()).as("more").isEqualTo(2);

        write(denylist, "serial 1\nser");
        pass(watch, Duration.ofSeconds(10));
        assertThat(watch.latest().denylist().size()).as("half written").isEqualTo(2);

        write(denylist, "");
        pass(watch, Duration.ofSeconds(1));
        assertThat(watch.latest().denylist().size()).as("less, just now").isEqualTo(2);
        pass(watch, Duration.ofSeconds(2));
        assertThat(watch.latest().denylist().isEmpty()).as("less, at rest").isTrue();
    }

    @Test
    void nobody_starts_without_the_denylist_that_was_asked_for() throws IOException {
        Path denylist = directory.resolve("denylist.txt");
        RevocationFiles files =
                new RevocationFiles(Optional.empty(), Optional.empty(), CrlPolicy.OPEN, Optional.of(denylist));
        assertThatThrownBy(() -> watch(files))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("denylist");

        write(denylist, "everybody");
        assertThatThrownBy(() -> watch(files))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("denylist.txt: denylist: line 1: 1 words");
    }

    /** Half a line limits somebody else, or nobody: none counts while it is written. */
    @Test
    void issuers_count_once_their_file_is_at_rest_and_everybody_is_judged_again() throws IOException {
        Path issuers = directory.resolve("issuers.txt");
        write(issuers, "domain corp.example cluster=east\n");
        RevocationWatch watch = watch(RevocationFiles.NONE.with(Enforcement.ENFORCE, Optional.of(issuers)));
        List<VirtualConstraints> heard = new ArrayList<>();
        watch.subscribe(() -> heard.add(watch.latest().constraints()));
        VirtualConstraints before = watch.latest().constraints();
        assertThat(before).isEqualTo(constraints("domain corp.example cluster=east"));

        write(issuers, "domain corp.example cluster=east name");
        pass(watch, Duration.ofSeconds(10));
        assertThat(watch.latest().constraints()).as("half a word").isEqualTo(before);
        assertThat(news).last().asString().contains("Kept", "issuers.txt: issuers: line 1: \"name\"");

        write(issuers, "domain corp.example cluster=east namespace=shop");
        pass(watch, Duration.ofSeconds(1));
        assertThat(watch.latest().constraints()).as("just now").isEqualTo(before);
        pass(watch, Duration.ofSeconds(2));

        assertThat(heard)
                .as("at rest, and told once")
                .containsExactly(constraints("domain corp.example cluster=east namespace=shop"));
    }

    @Test
    void limits_are_enforced_without_a_file_and_nobody_starts_without_the_one_that_was_asked_for() throws IOException {
        assertThat(watch(RevocationFiles.NONE.with(Enforcement.ENFORCE, Optional.empty()))
                        .latest()
                        .constraints())
                .isEqualTo(constraints(""));

        Path issuers = directory.resolve("issuers.txt");
        RevocationFiles files = RevocationFiles.NONE.with(Enforcement.OBSERVE, Optional.of(issuers));
        assertThatThrownBy(() -> watch(files))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("issuers.txt");
        write(issuers, "everybody");
        assertThatThrownBy(() -> watch(files))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("issuers.txt: issuers: line 1: 1 words");
    }

    private static VirtualConstraints constraints(String issuers) {
        return VirtualConstraints.parse(Enforcement.ENFORCE, issuers);
    }

    @Test
    void files_that_cannot_be_meant_are_refused() {
        Optional<Path> some = Optional.of(crl());
        assertThatThrownBy(() ->
                        new RevocationFiles(Optional.empty(), Optional.empty(), CrlPolicy.STRICT, Optional.empty()))
                .hasMessage("crl-policy: strict without crl (expected: a file of lists)");
        assertThatThrownBy(() -> new RevocationFiles(Optional.empty(), some, CrlPolicy.OPEN, Optional.empty()))
                .hasMessage("crl-last-good: without crl (expected: a file of lists)");
        assertThatThrownBy(() -> new RevocationFiles(some, some, CrlPolicy.OPEN, Optional.empty()))
                .hasMessage("crl-last-good: the file of crl itself (expected: another)");
    }

    @Test
    void credentials_carry_what_is_in_force_and_tell_of_changes() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files());
        FixedCredentials inner = new FixedCredentials(root.bundles());
        RevokingCredentials credentials = new RevokingCredentials(inner, watch);
        List<Revocations> heard = new ArrayList<>();
        Credentials.Subscription subscription =
                credentials.subscribe(() -> heard.add(credentials.bundles().revocations()));

        assertThat(credentials.bundles())
                .as("verdicts are remembered by this very value")
                .isSameAs(credentials.bundles())
                .isEqualTo(root.bundles().with(watch.latest()));

        write(list(2));
        pass(watch, RevocationWatch.LOOK_EVERY);
        assertThat(heard).containsExactly(watch.latest());

        inner.bundles = new TrustBundles(99, root.bundles().roots());
        assertThat(credentials.bundles().generation()).as("other roots").isEqualTo(99);
        assertThat(credentials.bundles().revocations()).isEqualTo(watch.latest());

        subscription.close();
        write(list(3));
        pass(watch, RevocationWatch.LOOK_EVERY);
        assertThat(heard).as("after the end").hasSize(1);
    }

    @Test
    void who_fails_when_it_is_told_keeps_nobody_from_hearing_and_ends_no_watch() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files());
        List<Revocations> heard = new ArrayList<>();
        watch.subscribe(() -> {
            throw new IllegalStateException("its owner is gone");
        });
        watch.subscribe(() -> heard.add(watch.latest()));

        write(list(2));
        pass(watch, RevocationWatch.LOOK_EVERY);
        assertThat(news).last().asString().contains("Kept", "its owner is gone");
        write(list(3));
        pass(watch, RevocationWatch.LOOK_EVERY);

        assertThat(heard).hasSize(2).last().isEqualTo(watch.latest());
    }

    @Test
    void who_fails_when_it_tells_people_keeps_nobody_from_hearing() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files(), what -> {
            news.add(what);
            throw new IllegalStateException("its disk is full");
        });
        List<Revocations> heard = new ArrayList<>();
        watch.subscribe(() -> heard.add(watch.latest()));

        write(list(2));
        pass(watch, RevocationWatch.LOOK_EVERY);

        assertThat(heard).containsExactly(watch.latest());
        assertThat(watch.latest().lists())
                .singleElement()
                .satisfies(list -> assertThat(list.takesBack(BigInteger.TWO)).isTrue());
        pass(watch, RevocationWatch.LOOK_EVERY);
        assertThat(news)
                .filteredOn(News.Kept.class::isInstance)
                .as("told once, and still so")
                .singleElement()
                .asString()
                .contains("its disk is full");
    }

    /** As a line of many names once did; the denylist beside it is read on. */
    @Test
    void a_file_that_is_too_deep_is_a_fault_like_any_other() throws IOException {
        Path file = directory.resolve("issuers.txt");
        write(file, "flat");
        List<String> faults = new ArrayList<>();
        PolicyFile<String> policy =
                new PolicyFile<>(file, RevocationWatchTest::deep, (one, other) -> true, faults::add);

        write(file, "deep");
        policy.look(now);

        assertThat(faults).singleElement().asString().contains("issuers.txt: too deep to be read");
        assertThat(policy.held()).isEqualTo("flat");
        assertThatThrownBy(() -> new PolicyFile<>(file, RevocationWatchTest::deep, (one, other) -> true, faults::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("issuers.txt: too deep");
    }

    private static String deep(String text) {
        if (text.equals("deep")) {
            throw new StackOverflowError();
        }
        return text;
    }

    @Test
    void a_stack_that_overflows_ends_no_watch() throws IOException {
        write(list(1));
        RevocationWatch watch = watch(files());
        List<Revocations> heard = new ArrayList<>();
        watch.subscribe(() -> {
            throw new StackOverflowError();
        });
        watch.subscribe(() -> heard.add(watch.latest()));

        write(list(2));
        pass(watch, RevocationWatch.LOOK_EVERY);

        assertThat(heard).hasSize(1);
        assertThat(news).last().asString().contains("Kept", "StackOverflowError");
    }

    private RevocationWatch watch(RevocationFiles files) {
        return watch(files, news::add);
    }

    private RevocationWatch watch(RevocationFiles files, Consumer<News> onNews) {
        return new RevocationWatch(files, () -> now, onNews, time -> {});
    }

    private RevocationFiles files() {
        return new RevocationFiles(
                Optional.of(crl()), Optional.of(directory.resolve("last-good.pem")), CrlPolicy.OPEN, Optional.empty());
    }

    /** So long the watch runs, on this thread and by our clock. */
    private void pass(RevocationWatch watch, Duration time) {
        Instant end = now.plus(time);
        watch.repeat(pause -> {
            if (now.plus(pause).isAfter(end)) {
                throw new InterruptedException("over");
            }
            now = now.plus(pause);
        });
        assertThat(Thread.interrupted()).as("the watch says so").isTrue();
        now = end;
    }

    private Path crl() {
        return directory.resolve("ca-crl.pem");
    }

    private void write(String text) throws IOException {
        write(crl(), text);
    }

    private void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(now));
    }

    private String list(int number) {
        SortedMap<BigInteger, RevocationReason> revoked = new TreeMap<>();
        revoked.put(BigInteger.valueOf(number), RevocationReason.KEY_COMPROMISE);
        return ParsedCrl.write(
                List.of(new CrlDraft(Optional.empty(), BigInteger.valueOf(number), now, now.plus(LIFE), revoked)
                        .signedBy(east)));
    }

    /** Whose roots the test changes. */
    private static final class FixedCredentials implements Credentials {
        private TrustBundles bundles;

        private FixedCredentials(TrustBundles bundles) {
            this.bundles = bundles;
        }

        @Override
        public X509Svid svid() {
            return Authority.root(DOMAIN).svid(SpiffeId.parse("spiffe://corp.example/ns/a/sa/b"), Duration.ofHours(1));
        }

        @Override
        public TrustBundles bundles() {
            return bundles;
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
