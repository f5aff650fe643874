package io.beringia.trust.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk that keeps what was settled, and of the rest whatever a crash likes. {@link #failures} decides what becomes of
 * each operation that changes something.
 */
final class FakeDisk implements LedgerDisk {
    private final Map<String, byte[]> seen = new TreeMap<>();
    private final Map<String, byte[]> settled = new TreeMap<>();
    private final List<Change> unsettled = new ArrayList<>();
    private final Map<String, Growing> growing = new HashMap<>();

    /** Everything that was ever written under a path. */
    final Map<String, List<byte[]>> history = new HashMap<>();

    Failures failures = what -> {};

    /** Throws to let an operation fail. */
    interface Failures {
        void before(String what) throws IOException;
    }

    /** The process ends within an operation. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private record Change(String path, Optional<byte[]> octets) {}

    private static final class Growing {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private int synced;
    }

    /** Crashes at the n-th operation from here on. */
    void crashAfter(int operations) {
        int[] left = {operations};
        failures = what -> {
            if (left[0]-- <= 0) {
                throw new Crash();
            }
        };
    }

    /** What another process finds: some of the unsettled names, and torn ends of files that were not synced. */
    FakeDisk afterCrash(Random random) {
        FakeDisk next = new FakeDisk();
        next.settled.putAll(settled);
        for (Change change : unsettled) {
            if (random.nextBoolean()) {
                change.octets()
                        .ifPresentOrElse(
                                octets -> next.settled.put(change.path(), octets),
                                () -> next.settled.remove(change.path()));
            }
        }
        growing.forEach((path, file) -> {
            if (next.settled.containsKey(path)) {
                next.settled.put(path, torn(file, random));
            }
        });
        next.seen.putAll(next.settled);
        next.history.putAll(history);
        return next;
    }

    private static byte[] torn(Growing file, Random random) {
        byte[] all = file.written.toByteArray();
        byte[] kept = Arrays.copyOf(all, file.synced + random.nextInt(all.length - file.synced + 1));
        if (kept.length > file.synced && random.nextBoolean()) {
            kept[random.nextInt(file.synced, kept.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return kept;
    }

    /** Changes what lies there, behind everybody's back. */
    void put(String path, byte[] octets) {
        seen.put(path, octets);
        settled.put(path, octets);
        growing.remove(path);
    }

    List<String> paths() {
        return List.copyOf(seen.keySet());
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(seen.get(path)).map(byte[]::clone);
    }

    @Override
    public boolean isPrivate(String path) {
        return true;
    }

    @Override
    public List<String> names(String folder) {
        return seen.keySet().stream()
                .filter(path -> path.startsWith(folder) && path.indexOf('/', folder.length()) < 0)
                .map(path -> path.substring(folder.length()))
                .toList();
    }

    @Override
    public void replace(String path, byte[] octets) throws IOException {
        failures.before("replace " + path);
        seen.put(path, octets.clone());
        unsettled.add(new Change(path, Optional.of(octets.clone())));
        history.computeIfAbsent(path, any -> new ArrayList<>()).add(octets.clone());
    }

    @Override
    public void settle() throws IOException {
        failures.before("settle");
        unsettled.forEach(change -> change.octets()
                .ifPresentOrElse(octets -> settled.put(change.path(), octets), () -> settled.remove(change.path())));
        unsettled.clear();
    }

    @Override
    public void delete(String path) throws IOException {
        failures.before("delete " + path);
        for (String file : List.copyOf(seen.keySet())) {
            if (file.equals(path) || file.startsWith(path + "/")) {
                seen.remove(file);
                growing.remove(file);
                unsettled.add(new Change(file, Optional.empty()));
            }
        }
    }

    @Override
    public Appender create(String path) throws IOException {
        failures.before("create " + path);
        Growing file = new Growing();
        growing.put(path, file);
        seen.put(path, new byte[0]);
        settled.put(path, new byte[0]);
        return new Appender() {
            @Override
            public void write(ByteBuffer octets) throws IOException {
                byte[] all = new byte[octets.remaining()];
                octets.get(all);
                file.written.write(all, 0, all.length / 2);
                failures.before("write " + path);
                file.written.write(all, all.length / 2, all.length - all.length / 2);
                seen.put(path, file.written.toByteArray());
            }

            @Override
            public void sync() throws IOException {
                failures.before("sync " + path);
                file.synced = file.written.size();
                settled.put(path, file.written.toByteArray());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
