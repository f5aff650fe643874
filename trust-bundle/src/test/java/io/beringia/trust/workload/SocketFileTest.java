package io.beringia.trust.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketFileTest {
    @TempDir
    private Path dir = Path.of("");

    @Test
    void takes_the_place_of_a_process_that_ended() throws IOException {
        Path path = dir.resolve("api.sock");
        served(path).close();
        assertThat(path).as("left behind").exists();

        new SocketFile(path).prepare();

        assertThat(path).as("removed").doesNotExist();
    }

    @Test
    void leaves_a_process_alone_that_serves() throws IOException {
        Path path = dir.resolve("api.sock");
        try (ServerSocketChannel other = served(path)) {
            assertThat(other.isOpen()).as("serves").isTrue();
            assertThatThrownBy(() -> new SocketFile(path).prepare())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is served by another process (expected: by us alone)");
        }
        assertThat(path).as("its socket").exists();
    }

    @Test
    void leaves_a_file_alone_that_is_no_socket() throws IOException {
        Path path = Files.writeString(dir.resolve("api.sock"), "somebody's");

        assertThatThrownBy(() -> new SocketFile(path).prepare())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no socket (expected: nothing there)");
        assertThat(path).as("the file").hasContent("somebody's");
    }

    @Test
    void wants_a_folder_in_which_nobody_else_puts_a_socket() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("run"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> new SocketFile(folder.resolve("api.sock")).prepare())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has mode rwxrwxrwx (expected: writable by its owner only");
    }

    private static ServerSocketChannel served(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }
}
