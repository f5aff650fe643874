package io.beringia.discovery.lab;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the store as the directory says. Its thread {@code lab/manifests} owns what was read before; a file is applied
 * when its text changes, so what clients wrote in between stays until then. A file in which something is broken takes
 * nothing away: what it said when it was whole is still served.
 */
final class ManifestDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestDirectory.class);

    /** A lab has some dozens of files; more is a wrong directory. */
    private static final int FILES_MAX = 1_000;

    /** A thousand pods fit; more is no manifest. */
    private static final long FILE_BYTES_MAX = 4L << 20;

    private final Path directory;
    private final LabStore store;
    private final Duration period;
    private final CountDownLatch stop = new CountDownLatch(1);
    private SortedMap<String, Known> known = new TreeMap<>();
    private volatile List<ManifestProblem> problems = List.of();

    /** What a file said when it was last read. */
    private record Known(String text, Manifest.Reading reading) {}

    ManifestDirectory(Path directory, LabStore store, Duration period) {
        this.directory = directory;
        this.store = store;
        this.period = period;
    }

    /** Reads once, then goes on in its own thread. */
    void start() throws IOException, InterruptedException {
        read();
        Thread.ofVirtual().name("lab/manifests").start(this::run);
    }

    /** Any thread. What is broken at the moment. */
    List<ManifestProblem> problems() {
        return problems;
    }

    private void run() {
        try {
            while (!stop.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
                readAgain();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAgain() throws InterruptedException {
        try {
            read();
        } catch (IOException unreadable) {
            LOG.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("why", unreadable.toString())
                    .log("manifests could not be read, the last ones are served");
        }
    }

    private void read() throws IOException, InterruptedException {
        SortedMap<String, Known> now = readFiles();
        if (now.equals(known)) {
            return;
        }
        store.write(difference(objects(known), objects(now)));
        known = now;
        publish(now.values().stream()
                .flatMap(file -> file.reading().problems().stream())
                .toList());
    }

    private static LabWrite.Manifests difference(Map<ObjectKey, ObjectNode> before, Map<ObjectKey, ObjectNode> now) {
        Map<ObjectKey, ObjectNode> said = new HashMap<>(now);
        said.entrySet().removeIf(one -> one.getValue().equals(before.get(one.getKey())));
        List<ObjectKey> gone = before.keySet().stream()
                .filter(Predicate.not(now::containsKey))
                .sorted()
                .toList();
        return new LabWrite.Manifests(said, gone);
    }

    private static Map<ObjectKey, ObjectNode> objects(SortedMap<String, Known> files) {
        Map<ObjectKey, ObjectNode> objects = new HashMap<>();
        files.values().forEach(file -> file.reading().manifests().forEach(one -> objects.put(one.key(), one.json())));
        return objects;
    }

    private void publish(List<ManifestProblem> now) {
        now.stream()
                .filter(Predicate.not(problems::contains))
                .forEach(problem -> LOG.atWarn()
                        .addKeyValue("where", problem.file() + ":" + problem.line())
                        .addKeyValue("what", problem.what())
                        .log("manifest is broken, the rest is served"));
        problems = now;
    }

    private SortedMap<String, Known> readFiles() throws IOException {
        SortedMap<String, Known> files = new TreeMap<>();
        for (Path file : manifestFiles()) {
            String name = directory.relativize(file).toString();
            Optional<Known> before = Optional.ofNullable(known.get(name));
            files.put(name, readFile(file, name, before));
        }
        return files;
    }

    private List<Path> manifestFiles() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(ManifestDirectory::isManifest)
                    .sorted()
                    .limit(FILES_MAX)
                    .toList();
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !name.startsWith(".")
                && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    private static Known readFile(Path file, String name, Optional<Known> before) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            return broken(name, Files.size(file) + " bytes (expected: at most " + FILE_BYTES_MAX + ")", before);
        }
        try {
            String text = Files.readString(file);
            return before.filter(known -> known.text().equals(text))
                    .orElseGet(() -> new Known(text, keepingWhatBroke(Manifest.read(name, text), before)));
        } catch (CharacterCodingException binary) {
            return broken(name, "not UTF-8 (expected: text)", before);
        }
    }

    private static Known broken(String name, String why, Optional<Known> before) {
        Manifest.Reading nothing = new Manifest.Reading(List.of(), List.of(new ManifestProblem(name, 1, why)));
        return new Known("", keepingWhatBroke(nothing, before));
    }

    private static Manifest.Reading keepingWhatBroke(Manifest.Reading now, Optional<Known> before) {
        if (now.problems().isEmpty() || before.isEmpty()) {
            return now;
        }
        List<Manifest> kept = new ArrayList<>(before.get().reading().manifests());
        kept.removeIf(old -> now.manifests().stream().anyMatch(one -> one.key().equals(old.key())));
        kept.addAll(now.manifests());
        return new Manifest.Reading(kept, now.problems());
    }

    /** Any thread. */
    @Override
    public void close() {
        stop.countDown();
    }
}
