package io.beringia.trust.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A log in a folder: the one that is served, or the ledger's own above it. Any thread. */
public record FolderSource(Path folder) implements LogSource {
    private static final String SERVED = "log";

    /** Throws {@link IllegalArgumentException} where there is no checkpoint. */
    public static FolderSource of(Path folder) {
        Path served = folder.resolve(SERVED);
        Path log = Files.exists(served.resolve("checkpoint")) ? served : folder;
        if (!Files.exists(log.resolve("checkpoint"))) {
            throw new IllegalArgumentException("log: " + folder + " (expected: a folder with a checkpoint)");
        }
        return new FolderSource(log);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(path)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
    }
}
