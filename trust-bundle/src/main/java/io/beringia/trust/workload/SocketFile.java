package io.beringia.trust.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * The file of a unix socket. Everybody may connect, since it is not the file that decides who gets what; but nobody else may
 * put another one in its place.
 */
record SocketFile(Path path) {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int STICKY = 01000;

    /** Makes the folder and removes the socket of a process that ended; throws where somebody else's thing is there. */
    void prepare() {
        Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            checkFolder(folder);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                checkAbandoned();
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("workload-api.socket: " + path + " (expected: a folder we may write to)", e);
        }
    }

    private static void checkFolder(Path folder) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
        boolean isOpen =
                mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE);
        if (isOpen && (mode(folder) & STICKY) == 0) {
            throw new IllegalArgumentException("workload-api.socket: " + folder + " has mode "
                    + PosixFilePermissions.toString(mode)
                    + " (expected: writable by its owner only, others could serve in its place)");
        }
    }

    private void checkAbandoned() throws IOException {
        if ((mode(path) & TYPE) != SOCKET) {
            throw new IllegalArgumentException(
                    "workload-api.socket: " + path + " is no socket (expected: nothing there)");
        }
        if (isServed()) {
            throw new IllegalArgumentException(
                    "workload-api.socket: " + path + " is served by another process (expected: by us alone)");
        }
    }

    private static int mode(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isServed() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false;
        }
    }

    /** Once it is bound. */
    void open() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException left) {
            throw new UncheckedIOException("workload-api.socket: " + path + " (expected: ours to remove)", left);
        }
    }
}
