package io.beringia.trust.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A real folder, which one process has for itself. Owned by the log's writer. */
final class FolderDisk implements LedgerDisk {
    private static final String LOCK = "lock";
    private static final Set<OpenOption> WRITE_NEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path root;
    private final FileChannel lock;
    private final Set<Path> touched = new LinkedHashSet<>();

    private FolderDisk(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Private to its owner; throws {@link IllegalArgumentException} where somebody else writes there. */
    static FolderDisk open(Path root) throws IOException {
        Files.createDirectories(
                root.toAbsolutePath(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        FileChannel channel = FileChannel.open(
                root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        if (!isOurs(channel)) {
            channel.close();
            throw new IllegalArgumentException("ledger.dir: " + root + " (expected: no other process writes there)");
        }
        return new FolderDisk(root, channel);
    }

    private static boolean isOurs(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(root.resolve(path)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    @Override
    public boolean isPrivate(String path) throws IOException {
        return OWNERS.containsAll(Files.getPosixFilePermissions(root.resolve(path)));
    }

    @Override
    public List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    @Override
    public void replace(String path, byte[] octets) throws IOException {
        Path file = folderOf(path);
        Path draft = file.resolveSibling(".new-" + file.getFileName());
        try (FileChannel channel = FileChannel.open(draft, WRITE_NEW, OWNER_ONLY)) {
            writeAll(channel, ByteBuffer.wrap(octets));
            channel.force(false);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        touched.add(parent(file));
    }

    /** The file, below folders that exist; those that are new are as little settled as it. */
    private Path folderOf(String path) throws IOException {
        Path file = root.resolve(path);
        if (!Files.isDirectory(parent(file))) {
            for (Path folder = parent(file); !Files.isDirectory(folder); folder = parent(folder)) {
                touched.add(folder);
                touched.add(parent(folder));
            }
            Files.createDirectories(parent(file)); // asked of one that is there it costs an exception
        }
        return file;
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    @Override
    public void settle() throws IOException {
        for (Path folder : touched) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        touched.clear();
    }

    @Override
    public void delete(String path) throws IOException {
        Path file = root.resolve(path);
        if (Files.isDirectory(file)) {
            for (String name : names(path)) {
                Files.deleteIfExists(file.resolve(name));
            }
        }
        Files.deleteIfExists(file);
    }

    @Override
    public Appender create(String path) throws IOException {
        FileChannel channel = FileChannel.open(folderOf(path), WRITE_NEW, OWNER_ONLY);
        touched.add(parent(root.resolve(path)));
        settle();
        return new Appender() {
            @Override
            public void write(ByteBuffer octets) throws IOException {
                writeAll(channel, octets);
            }

            @Override
            public void sync() throws IOException {
                channel.force(false);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private static void writeAll(FileChannel channel, ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
