package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SystemdNotifyTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void without_a_socket_nothing_is_told() {
        assertThat(SystemdNotify.of(Map.of()).socket()).isEmpty();
        assertThat(SystemdNotify.of(Map.of("NOTIFY_SOCKET", "")).socket()).isEmpty();
        SystemdNotify.of(Map.of()).ready();
    }

    @Test
    void a_socket_that_is_gone_or_cannot_be_is_no_failure() {
        new SystemdNotify(Optional.of(directory.resolve("nobody").toString())).ready();
        new SystemdNotify(Optional.of("/" + "x".repeat(200))).ready();
    }

    /** Java has no such datagrams of its own, so another program hears them. */
    @Test
    void systemd_hears_what_is_awaited_then_that_we_are_ready_then_that_we_end() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        Assumptions.assumeTrue(Files.isExecutable(python), "python3 is not there");
        for (String name : List.of(
                directory.resolve("notify").toString(),
                "@beringia-" + ProcessHandle.current().pid())) {
            Process listener = new ProcessBuilder(python.toString(), "-u", "-c", """
                            import socket, sys
                            name = sys.argv[1]
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                            s.bind('\\0' + name[1:] if name[0] == '@' else name)
                            print('bound')
                            for _ in range(3): print(repr(s.recv(4096).decode()))
                            """, name)
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader heard =
                    new BufferedReader(new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(heard.readLine()).isEqualTo("bound");
                SystemdNotify systemd = SystemdNotify.of(Map.of("NOTIFY_SOCKET", name));
                systemd.status("waiting for first catalog\nREADY=1");
                systemd.ready();
                systemd.stopping(Duration.ofSeconds(2));
                assertThat(heard.readLine()).as("one line only").isEqualTo("'STATUS=waiting for first catalog'");
                assertThat(heard.readLine()).isEqualTo("'READY=1\\nSTATUS=ready'");
                assertThat(heard.readLine()).isEqualTo("'STOPPING=1\\nSTATUS=draining\\nEXTEND_TIMEOUT_USEC=2000000'");
            } finally {
                listener.destroyForcibly();
            }
        }
    }

    @Test
    void the_unit_is_one_that_systemd_takes() throws Exception {
        Path analyze = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.isExecutable(analyze), "systemd-analyze is not there");
        String unit = Files.readString(Path.of("src/main/dist/share/beringia-host.service"));
        Path file = directory.resolve("beringia-host.service");
        Files.writeString(file, unit.replace("/opt/beringia/bin/beringia", "/bin/true"));
        assertThat(output(analyze.toString(), "verify", file.toString())).isEmpty();
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
