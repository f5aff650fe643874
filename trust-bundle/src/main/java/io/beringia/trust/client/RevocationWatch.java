package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials.Subscription;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.RevocationList;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.VirtualConstraints;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Whom this process trusts no more, read again and again from its files. Any thread reads {@link #latest}; the virtual thread
 * {@code revocations} owns the rest. What cannot be used is told once, and the last good stays.
 */
public final class RevocationWatch implements AutoCloseable {
    /** Who is taken back is to be gone everywhere within a second; reading a small file costs nothing. */
    static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Optional<CrlFile> crl;
    private final Optional<PolicyFile<Denylist>> denylist;
    private final Optional<PolicyFile<VirtualConstraints>> issuers;
    private final RevocationFiles files;
    private final InstantSource clock;
    private final Consumer<News> onNews;
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final Set<String> faults = new HashSet<>();
    private Set<String> told = Set.of();
    private List<RevocationList> overdue = List.of();
    private volatile Revocations latest;

    /** What happened, for whoever tells people. */
    public sealed interface News {
        /** These count from now on. */
        record InForce(Revocations revocations) implements News {}

        /** A file cannot be used; what was in force stays. Told once for as long as it lasts. */
        record Kept(String why) implements News {}

        /** These lists should have been followed by others; told whenever it is not the same ones. */
        record Overdue(List<RevocationList> lists) implements News {}
    }

    /** What waits between two looks, so that a test may be faster than the clock. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    RevocationWatch(RevocationFiles files, InstantSource clock, Consumer<News> onNews, Pause pause) {
        this.files = files;
        this.clock = clock;
        this.onNews = onNews;
        this.denylist =
                files.denylist().map(path -> new PolicyFile<>(path, Denylist::parse, Denylist::covers, faults::add));
        this.issuers = files.issuers()
                .map(path -> new PolicyFile<>(
                        path,
                        text -> VirtualConstraints.parse(files.constraints(), text),
                        (offered, held) -> false,
                        faults::add));
        this.crl = files.crl().map(path -> new CrlFile(path, files.lastGood(), faults::add));
        this.latest = revocations(0);
        this.thread = Thread.ofVirtual().name("revocations").unstarted(() -> repeat(pause));
        look();
    }

    /**
     * Reads the files now, and from now on four times a second. Throws {@link IllegalArgumentException} or
     * {@link UncheckedIOException} where denylist or issuers cannot be read; lists may come later. {@code onNews} hears at once
     * what is in force, and everything later on a thread of ours.
     */
    public static RevocationWatch open(RevocationFiles files, InstantSource clock, Consumer<News> onNews) {
        RevocationWatch watch = new RevocationWatch(files, clock, onNews, Thread::sleep);
        if (!files.equals(RevocationFiles.NONE)) {
            watch.thread.start();
        }
        return watch;
    }

    /** Any thread. Never blocks. */
    public Revocations latest() {
        return latest;
    }

    /** Any thread. Calls back on a thread of ours after every later change: it must only post to an owner of its own. */
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    void repeat(Pause pause) {
        try {
            while (true) {
                pause.of(LOOK_EVERY);
                lookAgain();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever goes wrong, here or with whoever hears of it: a watch that ended would trust everybody from then on. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException | StackOverflowError failed) {
            faults.add(failed.toString());
        }
    }

    private void look() {
        Instant now = clock.instant();
        crl.ifPresent(file -> guarded("the file of lists", () -> file.look(now)));
        denylist.ifPresent(file -> guarded("the file of the denylist", () -> file.look(now)));
        issuers.ifPresent(file -> guarded("the file of issuers", () -> file.look(now)));
        if (latest.generation() == 0 || !revocations(latest.generation()).equals(latest)) {
            latest = revocations(latest.generation() + 1);
            tell(new News.InForce(latest));
            subscribers.forEach(subscriber -> guarded("a subscriber of revocations", subscriber));
        }
        tellFaults();
        tellOverdue(now);
    }

    /** Whoever fails keeps nobody else from being looked at, or from hearing. */
    private void guarded(String who, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | StackOverflowError failed) {
            faults.add(who + " failed: " + failed);
        }
    }

    private void tell(News news) {
        guarded("whoever hears of revocations", () -> onNews.accept(news));
    }

    /** What fails when it hears of these is a fault of the next look. */
    private void tellFaults() {
        List<String> others =
                faults.stream().filter(fault -> !told.contains(fault)).toList();
        told = Set.copyOf(faults);
        faults.clear();
        others.forEach(fault -> tell(new News.Kept(fault)));
    }

    private void tellOverdue(Instant now) {
        List<RevocationList> late = latest.lists().stream()
                .filter(list -> now.isAfter(list.nextUpdate()))
                .toList();
        if (!late.equals(overdue)) {
            overdue = late;
            tell(new News.Overdue(late));
        }
    }

    private Revocations revocations(long generation) {
        return new Revocations(
                generation,
                crl.map(file -> List.<RevocationList>copyOf(file.held())).orElse(List.of()),
                files.policy(),
                denylist.map(PolicyFile::held).orElse(Denylist.EMPTY),
                issuers.map(PolicyFile::held)
                        .orElseGet(() -> new VirtualConstraints(files.constraints(), Map.of(), Map.of())));
    }
}
