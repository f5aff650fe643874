package io.beringia.trust.rotator;

import io.beringia.trust.authority.CaFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a look found out at some cost, as long as what it depends on is the same. Owned by the loop, which looks every
 * second.
 */
final class Remembered<T> {
    /** Certificates begin and end whether their files change or not; as long as evidence counts. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Optional<Found<T>> last = Optional.empty();

    private record Found<T>(List<Object> from, Instant until, T what) {}

    /** A file as it was. */
    private record Mark(Path file, FileTime changed, long bytes, Optional<Object> key) {
        static Optional<Mark> of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(
                        new Mark(file, now.lastModifiedTime(), now.size(), Optional.ofNullable(now.fileKey())));
            } catch (NoSuchFileException none) {
                return Optional.empty();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /** {@code beside} is all that counts except the files. */
    T of(CaFiles files, List<Object> beside, Instant now, Supplier<T> found) {
        List<Object> from = new ArrayList<>(beside);
        for (Path file : List.of(files.key(), files.certificate(), files.roots())) {
            from.add(Mark.of(file));
        }
        Found<T> newest = last.filter(it -> it.from().equals(from) && now.isBefore(it.until()))
                .orElseGet(() -> new Found<>(from, now.plus(LONGEST), found.get()));
        last = Optional.of(newest);
        return newest.what();
    }
}
