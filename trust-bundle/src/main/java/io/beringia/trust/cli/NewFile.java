package io.beringia.trust.cli;

import io.beringia.trust.client.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that appears whole or not at all, with its mode from the first octet on, and never in place of another. A
 * crash leaves at most a file named {@code .new-*}, as private as the one it was to be.
 */
record NewFile(Path path, String mode) {
    private static final String FOLDER_MODE = "rwx------";

    static NewFile secret(Path path) {
        return new NewFile(path, "rw-------");
    }

    static NewFile open(Path path) {
        return new NewFile(path, "rw-r--r--");
    }

    /** Throws {@link IllegalArgumentException} where the file exists, {@link UncheckedIOException} on a failing disk. */
    void write(String text) {
        try {
            Path folder = Files.createDirectories(path.toAbsolutePath().getParent(), permissions(FOLDER_MODE));
            Path draft = Files.createTempFile(folder, ".new-", ".pem", permissions("rw-------"));
            try {
                fill(draft, text);
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(mode));
                Files.createLink(path, draft); // unlike a rename, refuses to replace
            } finally {
                Files.delete(draft);
            }
            DurableFile.sync(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("file: " + path + " exists (expected: none, nothing is overwritten)", e);
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + path + " (expected: a folder we may write to)", e);
        }
    }

    private static void fill(Path draft, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer octets = StandardCharsets.US_ASCII.encode(text);
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
