package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.snapshot.SnapshotVerdict.Accepted;
import io.beringia.discovery.snapshot.SnapshotVerdict.Reason;
import io.beringia.discovery.snapshot.SnapshotVerdict.Refused;
import io.beringia.discovery.wire.DurableFile;
import io.beringia.trust.identity.X509Svid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last few snapshots in a directory, each written whole or not at all, so that one that turns out damaged leaves an
 * older good one. Owned by one thread at a time.
 */
public final class SnapshotStore {
    /** One that is good, one that was being written, and one for people. */
    private static final int KEPT = 3;

    private static final Pattern NAME = Pattern.compile("snapshot-([0-9]{1,18})");

    private final Path directory;
    private long lastNumber;

    private SnapshotStore(Path directory, long lastNumber) {
        this.directory = directory;
        this.lastNumber = lastNumber;
    }

    /** Throws {@link IOException} where the directory cannot be made or read. */
    public static SnapshotStore open(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new SnapshotStore(
                directory,
                newestFirst(directory).stream().findFirst().map(Found::number).orElse(0L));
    }

    /**
     * What an earlier life left.
     *
     * @param accepted the newest that may be used
     * @param refused newer ones that may not
     */
    public record Loaded(Optional<Accepted> accepted, List<RefusedFile> refused) {
        public Loaded {
            refused = List.copyOf(refused);
        }
    }

    public record RefusedFile(Path file, Refused why) {}

    private record Found(Path file, long number) {}

    public Loaded load(SnapshotTrust trust, Instant now) throws IOException {
        List<RefusedFile> refused = new ArrayList<>();
        for (Found found : newestFirst(directory)) {
            switch (open(found, trust, now)) {
                case Accepted accepted -> {
                    return new Loaded(Optional.of(accepted), refused);
                }
                case Refused why -> refused.add(new RefusedFile(found.file(), why));
            }
        }
        return new Loaded(Optional.empty(), refused);
    }

    /** An old one under a newer name is no newer. */
    private static SnapshotVerdict open(Found found, SnapshotTrust trust, Instant now) {
        try {
            SnapshotVerdict verdict = SnapshotFile.open(Files.readAllBytes(found.file()), trust, now);
            return verdict instanceof Accepted accepted && accepted.number() != found.number()
                    ? new Refused(
                            Reason.FOREIGN, "number: " + accepted.number() + " (expected: " + found.number() + ")")
                    : verdict;
        } catch (IOException unreadable) {
            return new Refused(Reason.DAMAGED, String.valueOf(unreadable));
        }
    }

    /** Returns once it is on the disk. A failure leaves what was there. */
    public void save(ClusterId cluster, byte[] payload, X509Svid signer, Instant now) throws IOException {
        long number = lastNumber + 1;
        DurableFile.replace(
                directory.resolve("snapshot-%012d".formatted(number)),
                SnapshotFile.seal(cluster, number, now, payload, signer));
        lastNumber = number;
        for (Found old : newestFirst(directory).stream().skip(KEPT).toList()) {
            Files.deleteIfExists(old.file());
        }
    }

    private static List<Found> newestFirst(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.flatMap(SnapshotStore::found)
                    .sorted(Comparator.comparingLong(Found::number).reversed())
                    .toList();
        }
    }

    private static Stream<Found> found(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Stream.of(new Found(file, Long.parseLong(name.group(1)))) : Stream.empty();
    }
}
