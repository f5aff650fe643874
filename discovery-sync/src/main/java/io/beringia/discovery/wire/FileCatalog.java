package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A catalog kept in a YAML file: for laptops, static fleets and tests. Read again whenever its bytes change; a file
 * that cannot be read or is refused changes nothing, the last good catalog stays.
 *
 * <p>The thread {@code catalog} owns what was last read; {@link #latest()} and {@link #subscribe} are its doors.
 */
public final class FileCatalog implements CatalogSource, AutoCloseable {
    /** Looking costs one read of a small file; an operator who saved it waits no longer than this. */
    public static final Duration INTERVAL = Duration.ofMillis(500);

    /** Some 100,000 workloads; a larger mesh has a discovery server. */
    private static final long FILE_BYTES_MAX = 64L << 20;

    private final Path file;
    private final Duration interval;
    private final Listener listener;
    private final Subscribers subscribers = new Subscribers();
    private final Thread thread;
    private volatile Catalog latest;
    private byte[] lastBytes;
    private String lastFailure = "";

    private FileCatalog(Path file, Duration interval, Listener listener, byte[] bytes) {
        this.file = file;
        this.interval = interval;
        this.listener = listener;
        this.lastBytes = bytes;
        this.latest = parse(bytes, 1);
        this.thread = Thread.ofVirtual().name("catalog").unstarted(this::follow);
    }

    /** Reads the file and follows it. Refuses to start with a bad one. */
    public static FileCatalog open(Path file, Listener listener) throws IOException {
        return open(file, INTERVAL, listener);
    }

    /**
     * The same with another pace.
     *
     * @throws IOException if the file cannot be read
     * @throws YamlRefused if it is no catalog
     */
    public static FileCatalog open(Path file, Duration interval, Listener listener) throws IOException {
        FileCatalog catalog = new FileCatalog(file, interval, listener, bytes(file));
        catalog.thread.start();
        return catalog;
    }

    /** Any thread. The catalog of a text in the format of the file, at revision 1. */
    public static Catalog parse(String yaml) {
        return CatalogYaml.read(yaml, 1);
    }

    /** Any thread. The inverse of {@link #parse}: sorted, so that equal catalogs are equal texts. */
    public static String print(Catalog catalog) {
        return CatalogYamlWriter.write(catalog);
    }

    /** Any thread. */
    @Override
    public Catalog latest() {
        return latest;
    }

    /** Any thread. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        return subscribers.add(onChange);
    }

    /** Any thread. Stops following; the last catalog stays readable. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void follow() {
        try {
            while (true) {
                Thread.sleep(interval);
                look();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            byte[] now = bytes(file);
            lastFailure = "";
            if (!Arrays.equals(now, lastBytes)) {
                lastBytes = now;
                latest = parse(now, latest.revision() + 1);
                subscribers.changed();
            }
        } catch (YamlRefused refused) {
            listener.onRefused(file, refused.problems());
        } catch (IOException unreadable) {
            onUnreadable(unreadable.toString());
        }
    }

    /** A missing file is told once, not at every look. */
    private void onUnreadable(String failure) {
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            listener.onRefused(file, List.of(failure));
        }
    }

    private static Catalog parse(byte[] bytes, long revision) {
        return CatalogYaml.read(new String(bytes, StandardCharsets.UTF_8), revision);
    }

    private static byte[] bytes(Path file) throws IOException {
        long size = Files.size(file);
        if (size > FILE_BYTES_MAX) {
            throw new IOException(file + ": " + size + " bytes (expected: at most " + FILE_BYTES_MAX + ")");
        }
        return Files.readAllBytes(file);
    }

    /** Hears what is wrong with a changed file, on the thread {@code catalog}. */
    public interface Listener {
        void onRefused(Path file, List<String> problems);
    }
}
