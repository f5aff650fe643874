package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * {@link Credentials} from PEM files: laptops, tests, files that others write. Any thread.
 *
 * <p>What was read is one immutable moment. A reload that fails in any part keeps the whole last good one, so a
 * chain that is replaced before its key does no harm.
 */
public final class FileCredentials implements Credentials {
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);

    private final CredentialFiles files;
    private final AtomicReference<Moment> moment;
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();

    private FileCredentials(CredentialFiles files, Moment first) {
        this.files = files;
        this.moment = new AtomicReference<>(first);
    }

    private record Moment(X509Svid svid, TrustBundles bundles) {}

    /** What became of a {@link #reload}. */
    public sealed interface Reload {
        record Unchanged() implements Reload {}

        record Changed() implements Reload {}

        /** The files cannot be used; the last good ones stay. {@code why} holds no key material. */
        record Kept(String why) implements Reload {}
    }

    /** Any thread. Roots alone, for whoever only verifies. Throws with the name of a file that holds none. */
    public static TrustBundles roots(Map<TrustDomain, Path> bundles) {
        return new TrustBundles(1, CredentialReader.roots(bundles));
    }

    /**
     * Reads the files now. Throws {@link IllegalArgumentException} where one is not what it should be, a key that
     * others may read among them, and {@link UncheckedIOException} where one cannot be read.
     */
    public static FileCredentials load(CredentialFiles files) {
        return new FileCredentials(
                files,
                new Moment(CredentialReader.svid(files), new TrustBundles(1, CredentialReader.roots(files.bundles()))));
    }

    @Override
    public X509Svid svid() {
        return latest().svid();
    }

    @Override
    public TrustBundles bundles() {
        return latest().bundles();
    }

    /** Calls back on the thread that reloads. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    /** Any thread. Reads the files again and tells the subscribers if anything is new. */
    public Reload reload() {
        try {
            return publish(CredentialReader.svid(files), CredentialReader.roots(files.bundles()));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return new Reload.Kept(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reloads every {@code interval} (100 ms or more) on a virtual thread of its own, and reports each outcome there.
     * Close the watch to stop.
     */
    public Subscription watch(Duration interval, Consumer<Reload> onReload) {
        if (interval.compareTo(INTERVAL_MIN) < 0) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: >= " + INTERVAL_MIN + ")");
        }
        Thread watch = Thread.ofVirtual().name("credentials").start(() -> repeat(interval, onReload));
        return watch::interrupt;
    }

    private void repeat(Duration interval, Consumer<Reload> onReload) {
        try {
            while (true) {
                Thread.sleep(interval);
                onReload.accept(reload());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private Reload publish(X509Svid svid, Map<TrustDomain, List<X509Certificate>> roots) {
        Moment before = latest();
        boolean sameRoots = before.bundles().roots().equals(roots);
        if (sameRoots && before.svid().equals(svid)) {
            return new Reload.Unchanged();
        }
        TrustBundles bundles =
                sameRoots ? before.bundles() : new TrustBundles(before.bundles().generation() + 1, roots);
        if (!moment.compareAndSet(before, new Moment(svid, bundles))) {
            return reload(); // somebody else did meanwhile, perhaps with newer files
        }
        subscribers.forEach(Runnable::run);
        return new Reload.Changed();
    }

    private Moment latest() {
        return Objects.requireNonNull(moment.get());
    }
}
