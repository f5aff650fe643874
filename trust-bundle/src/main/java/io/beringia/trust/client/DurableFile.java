package io.beringia.trust.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** A file that changes whole or not at all. One thread per file. */
public final class DurableFile {
    private static final Set<OpenOption> WRITE_NEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    private static final String PRIVATE = "rw-------";

    private DurableFile() {}

    /** On disk when this returns, readable by its owner alone, in a folder that is private to him once it is made. */
    public static void write(Path file, byte[] octets) throws IOException {
        write(file, octets, PRIVATE);
    }

    /** The same for what everybody may read. */
    public static void writeOpen(Path file, byte[] octets) throws IOException {
        write(file, octets, "rw-r--r--");
    }

    private static void write(Path file, byte[] octets, String mode) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(folder, permissions("rwx------"));
        Path draft = folder.resolve(".new-" + file.getFileName());
        try (FileChannel channel = FileChannel.open(draft, WRITE_NEW, permissions(PRIVATE))) {
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(mode));
            ByteBuffer left = ByteBuffer.wrap(octets);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(folder);
    }

    /** What was made or deleted in a folder is on disk when this returns. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
